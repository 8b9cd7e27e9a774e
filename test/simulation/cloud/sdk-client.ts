import { type ModelledService, ServiceError } from '../contract.ts';
import { jsonCopy } from '../kernel/json-copy.ts';
import type { CallErrors, ExternalCalls } from './external-calls.ts';
import type { Invocation } from './invocation.ts';
import type { TokenBuckets } from './token-buckets.ts';

export type SdkService = 'dynamodb' | 'ecs' | 'ec2' | 'sfn';

/** A command of the SDK: its class names the operation. */
interface Command {
  readonly input: object;
}

/** What the adapters of lib/aws ask of a client. */
export interface SdkClient {
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's send() has an overload per command; the models check the input
  send(command: Command): Promise<any>;
}

/** The code and status by which each service throttles. Source: the services' lists of common errors. */
const throttling: Readonly<Record<SdkService, readonly [string, number]>> = {
  dynamodb: ['ThrottlingException', 400],
  ecs: ['ThrottlingException', 400],
  ec2: ['RequestLimitExceeded', 503],
  sfn: ['ThrottlingException', 400],
};

/** A client of one service in one invocation, over the service's model. */
export function createSdkClient(
  service: SdkService,
  world: {
    readonly model: ModelledService;
    readonly calls: ExternalCalls;
    readonly buckets: TokenBuckets;
    readonly invocation: Invocation;
    readonly newId: () => string;
  },
): SdkClient {
  const errors = errorsOf(service);
  return {
    send(command) {
      const operation = command.constructor.name.replace(/Command$/, '');
      const input = withToken(operation, jsonCopy(command.input) as Readonly<Record<string, unknown>>, world.newId);
      return world.calls.make({
        invocation: world.invocation,
        service,
        operation,
        about: aboutInput(input),
        errors,
        attempts: 3,
        perform: () => {
          if (world.buckets.take(service, operation) !== undefined) throw errors.throttled();
          return world.model.call(operation, input);
        },
      });
    },
  };
}

function errorsOf(service: SdkService): CallErrors {
  const [throttled, httpStatusCode] = throttling[service];
  return {
    throttled: () => new ServiceError(throttled, 'Rate exceeded', { $metadata: { httpStatusCode } }),
    serverError: () =>
      new ServiceError('InternalServerError', 'An error occurred on the server side.', {
        $fault: 'server',
        $metadata: { httpStatusCode: 500 },
      }),
    lost: () => new ServiceError('TimeoutError', 'No answer came in time.', { $metadata: {} }),
    isPassing: (error) => {
      if (!(error instanceof ServiceError)) return false;
      const status = error.$metadata.httpStatusCode;
      return status === undefined || status >= 500 || error.name === throttled;
    },
  };
}

/** As the SDK does: one token for all tries of a transaction. */
function withToken(operation: string, input: Readonly<Record<string, unknown>>, newId: () => string): object {
  return operation === 'TransactWrite' ? { ClientRequestToken: newId(), ...input } : input;
}

/** The few fields by which a person recognizes a call. */
function aboutInput(input: object): string {
  const found: string[] = [];
  collect(input, found);
  return found.join(' ');
}

const telling: ReadonlySet<string> = new Set([
  ...['pk', 'sk', ':pk', 'startedBy', 'task', 'tasks', 'VolumeId', 'VolumeIds', 'InstanceId'],
  ...['name', 'executionArn', 'taskDefinition', 'family'],
]);

function isName(value: unknown): boolean {
  return typeof value === 'string' || (Array.isArray(value) && typeof value[0] === 'string');
}

function collect(value: unknown, found: string[]): void {
  if (typeof value !== 'object' || value === null || found.length > 12) return;
  for (const [name, member] of Object.entries(value)) {
    if (isName(member) && telling.has(name)) found.push(String(member));
    else if (typeof member === 'object' && name !== 'request' && name !== 'options' && name !== 'containerOverrides')
      collect(member, found);
  }
}
