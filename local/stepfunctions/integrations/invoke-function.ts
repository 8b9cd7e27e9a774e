import { StateFailure } from '../interpreter/failure.ts';
import { isJsonObject, type Json, parseJson } from '../interpreter/json.ts';
import { callService, type RoleCalls } from './call-service.ts';
import { type Integration, loadOperation } from './integration-table.ts';
import { toSdkValue } from './sdk-values.ts';

const lambdaInvoke: Integration = {
  service: 'lambda',
  operation: 'Invoke',
  errorPrefix: 'Lambda',
  unmodeledError: 'AWSLambdaException',
};

/** What `lambda:invoke` gives. */
interface InvokeResult {
  readonly ExecutedVersion: string;
  readonly Payload: Json;
  readonly StatusCode: number;
}

/**
 * Invokes a function with `lambda:invoke`'s parameters.
 * @throws StateFailure named after the function's error, or after Lambda's
 */
export async function invokeFunction(calls: RoleCalls, parameters: Json): Promise<Json> {
  const { ExecutedVersion, Payload, StatusCode } = await invoke(calls, parameters);
  return { ExecutedVersion, Payload, StatusCode };
}

/** Invokes the function that a Task names by its ARN: the parameters are the payload. @throws StateFailure */
export async function invokeFunctionByArn(calls: RoleCalls, functionArn: string, payload: Json): Promise<Json> {
  return (await invoke(calls, { FunctionName: functionArn, Payload: payload })).Payload;
}

async function invoke(calls: RoleCalls, parameters: Json): Promise<InvokeResult> {
  const { module, operation } = await loadOperation(lambdaInvoke);
  if (operation === undefined) throw new Error('The Lambda client has no operation Invoke.');
  const given = isJsonObject(parameters) ? parameters : {};
  const { Payload: payload = {}, ...others } = given;
  const members = toSdkValue(operation.input, others);
  const input = { ...Object(members), Payload: Buffer.from(JSON.stringify(payload)) };
  const output: unknown = await callService(calls, { integration: lambdaInvoke, module, input });
  return readInvocation({ ...Object(output) });
}

/** Members of Lambda's InvocationResponse. */
interface Invocation {
  readonly ExecutedVersion?: string;
  readonly FunctionError?: string;
  readonly Payload?: Uint8Array;
  readonly StatusCode?: number;
}

function readInvocation({ ExecutedVersion, FunctionError, Payload, StatusCode }: Invocation): InvokeResult {
  const text = Payload === undefined ? '' : Buffer.from(Payload).toString();
  if (FunctionError !== undefined) throw functionFailure(text);
  const payload = text === '' ? null : parseJson(text);
  return { ExecutedVersion: ExecutedVersion ?? '$LATEST', Payload: payload, StatusCode: StatusCode ?? 200 };
}

/** The error's name is the thrown error's; a runtime that died says nothing of it. */
function functionFailure(text: string): StateFailure {
  const body = text.startsWith('{') ? parseJson(text) : null;
  const errorType = isJsonObject(body) ? body['errorType'] : undefined;
  return new StateFailure(typeof errorType === 'string' && errorType !== '' ? errorType : 'Lambda.Unknown', text);
}
