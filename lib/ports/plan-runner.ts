export type Machine =
  | 'deploy'
  | 'update'
  | 'broker'
  | 'recover'
  | 'replace'
  | 'restart'
  | 'pause'
  | 'reconcile'
  | 'hibernate'
  | 'resume'
  | 'uninstall';

export type ExecutionStatus =
  | { readonly type: 'running' }
  | { readonly type: 'ended'; readonly succeeded: boolean; readonly endedAt: number }
  | { readonly type: 'unknown' };

/**
 * How a waiting step is answered. `look again` makes the state run anew with a fresh token; `failed` ends it with an error
 * that its machine names.
 */
export type TokenAnswer =
  | { readonly type: 'done'; readonly output: Readonly<Record<string, unknown>> }
  | { readonly type: 'look again'; readonly cause: string }
  | { readonly type: 'failed'; readonly error: string; readonly cause: string };

/** Step Functions. Throws PlanRunnerError (retriable) when it does not answer. */
export interface PlanRunner {
  /** Idempotent by name: an execution of that name that runs or has ended counts as started. Names: 80 characters, [A-Za-z0-9_-]. */
  start(machine: Machine, name: string, input: Readonly<Record<string, unknown>>): Promise<string>;
  /** ARN that an execution of that name has or would have. */
  arnOf(machine: Machine, name: string): string;
  status(executionArn: string): Promise<ExecutionStatus>;
  /** False when nobody waits with that token any more. */
  answer(token: string, answer: TokenAnswer): Promise<boolean>;
}
