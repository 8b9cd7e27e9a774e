import { AwsError } from '../core/aws-error.ts';
import type { Authorizer, CallContext, CallToAuthorize, Handler } from '../core/service.ts';
import { checkValue, type Problem } from './check.ts';
import { forwardOperation } from './forward-operation.ts';
import type { HostedService } from './hosted-service.ts';
import { findError, type Operation } from './operation.ts';

export interface Dispatch {
  readonly hosted: HostedService;
  readonly operation: Operation;
  readonly context: CallContext;
  readonly authorizer: Authorizer;
  /** Refuses calls that come too fast. */
  readonly throttle?: (call: CallToAuthorize) => void;
  readonly log: (line: string) => void;
}

/**
 * Runs one operation: checks the input, asks whether the caller may, calls the handler and checks what it answers.
 * Every call, over the wire or in process, comes through here.
 * @throws AwsError, never anything else
 */
export async function dispatch(call: Dispatch, input: unknown): Promise<unknown> {
  const { hosted, operation } = call;
  const problems = checkValue(operation.input, input);
  if (problems.length > 0) throw inputError(hosted, problems);
  if (typeof input !== 'object' || input === null) throw new AwsError('SerializationException', 'The input is missing');
  await authorizeCall(call, input);
  const handler = findHandler(call);
  const output = await guard(call, async () => handler(input, call.context));
  const faults = checkValue(operation.output, output ?? {});
  if (faults.length === 0) return output ?? {};
  return guard(call, () => {
    throw new Error(`bad answer: ${faults.map(({ message }) => message).join('; ')}`);
  });
}

/** The one place where a call is let through or refused. @throws AwsError */
export async function authorizeCall(call: Dispatch, input: object): Promise<void> {
  const { hosted, operation, context, authorizer, throttle } = call;
  const asked = { caller: context.caller, service: hosted.service.name, operation: operation.name, input };
  await guard(call, () => {
    throttle?.(asked);
    return authorizer.call(asked);
  });
}

/**
 * Turns an error that is no refusal, so a defect of the local cloud, into a logged InternalFailure;
 * an AwsError passes, with the status that its service models.
 */
export async function guard<Result>(call: Dispatch, act: () => Result | Promise<Result>): Promise<Result> {
  const { hosted, operation, log } = call;
  try {
    return await act();
  } catch (error) {
    if (error instanceof AwsError) throw withModeledStatus(hosted, error);
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log(`LOCAL CLOUD BUG in ${hosted.service.name} ${operation.name}: ${reason}`);
    const message = error instanceof Error ? error.message : String(error);
    throw new AwsError(
      'InternalFailure',
      `LOCAL CLOUD BUG in ${hosted.service.name} ${operation.name}: ${message}`,
      500,
    );
  }
}

function findHandler(call: Dispatch): Handler {
  const { service, module } = call.hosted;
  const handler = Object.hasOwn(service.handlers, call.operation.name)
    ? service.handlers[call.operation.name]
    : undefined;
  if (handler !== undefined) return handler;
  if (service.forward === undefined) throw notImplemented(call);
  const { forward } = service;
  return (input) => forwardOperation({ operation: call.operation, forward, module }, input);
}

/** The refusal of an operation that AWS has and the local cloud has not. */
function notImplemented({ hosted, operation }: Pick<Dispatch, 'hosted' | 'operation'>): AwsError {
  const { name } = hosted.service;
  return new AwsError(
    'NotImplemented',
    `${name} ${operation.name} is not in the local cloud; what is there: local/${name === 'sfn' ? 'stepfunctions' : name}/FEATURES.md`,
    501,
  );
}

function withModeledStatus(hosted: HostedService, error: AwsError): AwsError {
  const shape = findError(hosted.module, error.name);
  const modeled = shape?.traits.httpError ?? shape?.traits.awsQueryError?.[1];
  if (modeled === undefined || error.status !== 400 || modeled === 400) return error;
  return new AwsError(error.name, error.message, modeled, error.fields);
}

function inputError(hosted: HostedService, problems: readonly Problem[]): AwsError {
  const message = problems.map((problem) => problem.message).join('; ');
  const kind = problems[0]?.kind ?? 'type';
  return new AwsError(inputErrorCode(hosted, kind), message);
}

function inputErrorCode({ description }: HostedService, kind: Problem['kind']): string {
  const { protocol, invalidInputCode } = description;
  if (invalidInputCode !== undefined) return invalidInputCode;
  switch (protocol.type) {
    case 'json':
      return kind === 'type' ? 'SerializationException' : 'ValidationException';
    case 'query':
      return protocol.dialect === 'awsQuery' ? 'ValidationError' : EC2_CODES[kind];
    case 'rest-json':
      return 'ValidationException';
    case 'rest-xml':
      return 'InvalidArgument';
  }
}

const EC2_CODES: Readonly<Record<Problem['kind'], string>> = {
  missing: 'MissingParameter',
  type: 'InvalidParameterValue',
  unknown: 'UnknownParameter',
};
