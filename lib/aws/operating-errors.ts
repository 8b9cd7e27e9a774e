/** The base of what AWS services answer when they do not do as asked; the cause holds AWS's own error. */
class AwsCallError extends Error {
  readonly retriable: boolean;

  constructor(message: string, options: { readonly cause: unknown; readonly retriable: boolean }) {
    super(message, { cause: options.cause });
    this.retriable = options.retriable;
  }
}

/** The table did not answer, or not in time. */
export class StoreError extends AwsCallError {
  override readonly name = 'StoreError';
  readonly code = 'WARDEN_STORE';
}

/** Step Functions did not do as asked. */
export class PlanRunnerError extends AwsCallError {
  override readonly name = 'PlanRunnerError';
  readonly code = 'WARDEN_PLAN_RUNNER';
}

/** ECS did not do as asked. */
export class TasksError extends AwsCallError {
  override readonly name = 'TasksError';
  readonly code = 'WARDEN_TASKS';
}

/** ECS or EC2 did not tell about the hosts. */
export class HostsError extends AwsCallError {
  override readonly name = 'HostsError';
  readonly code = 'WARDEN_HOSTS';
}

/** EC2 did not do as asked with a volume. */
export class VolumesError extends AwsCallError {
  override readonly name = 'VolumesError';
  readonly code = 'WARDEN_VOLUMES';
}

/** SQS did not do as asked with the dead letters. */
export class DeadLettersError extends AwsCallError {
  override readonly name = 'DeadLettersError';
  readonly code = 'WARDEN_DEAD_LETTERS';
}

/** CloudFormation did not do as asked with our own stack. */
export class DeploymentError extends AwsCallError {
  override readonly name = 'DeploymentError';
  readonly code = 'WARDEN_DEPLOYMENT';
}

/** CloudWatch Logs did not tell what a task wrote. */
export class TaskLogsError extends AwsCallError {
  override readonly name = 'TaskLogsError';
  readonly code = 'WARDEN_TASK_LOGS';
}

/** Route 53 did not do as asked. */
export class NamesError extends AwsCallError {
  override readonly name = 'NamesError';
  readonly code = 'WARDEN_NAMES';
}

type AwsCallErrorClass = new (
  message: string,
  options: { readonly cause: unknown; readonly retriable: boolean },
) => AwsCallError;

/**
 * Runs one call and turns AWS's error into ours: what was asked, what AWS answered. Errors that a caller knows by name
 * are answered by `known` instead.
 */
export async function awsCall<Result>(
  call: () => Promise<Result>,
  failure: {
    readonly asked: string;
    readonly as: AwsCallErrorClass;
    readonly known?: Readonly<Record<string, (error: Error) => Result>>;
  },
): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const answer = failure.known?.[error.name];
    if (answer !== undefined) return answer(error);
    throw new failure.as(`${failure.asked}: ${error.name}: ${error.message}`, {
      cause: error,
      retriable: isPassing(error),
    });
  }
}

/** A transaction that met another one, or too many of them: DynamoDB answers so with status 400. */
const passingNames =
  /Throttl|TooManyRequests|LimitExceeded|RequestLimit|ThroughputExceeded|PriorRequestNotComplete|Transaction(Canceled|Conflict|InProgress)/;

/** Throttling, conflicts, server faults and broken connections pass; a refusal of the request itself does not. */
function isPassing(error: Error): boolean {
  const status = '$metadata' in error ? (error.$metadata as { httpStatusCode?: number }).httpStatusCode : undefined;
  return status === undefined || status >= 500 || passingNames.test(error.name);
}
