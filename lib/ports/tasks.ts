import type { RunTaskRequest } from '../model/broker/run-task-request.ts';
import type { TaskDefinitionSpec } from '../model/broker/task-definition.ts';

/** A task as DescribeTasks shows it, in our words. Times in epoch milliseconds. */
export interface TaskView {
  readonly taskArn: string;
  readonly version: number;
  readonly lastStatus: string;
  readonly desiredStatus: string;
  readonly group?: string;
  readonly startedBy?: string;
  readonly containerInstanceArn?: string;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly exitCode?: number;
  /** Set when the agent told of the task's end and had made no container for it. */
  readonly withoutContainer?: true;
  readonly stoppedAt?: number;
  readonly createdAt?: number;
  /** As they were given to RunTask. */
  readonly tags?: Readonly<Record<string, string>>;
}

export type RunTaskResult =
  | { readonly type: 'started'; readonly taskArn: string }
  | { readonly type: 'refused'; readonly reasons: readonly string[] };

export interface FoundTasks {
  readonly taskArns: readonly string[];
  /** Whether there are more. */
  readonly hasMore: boolean;
}

/** ECS tasks. Throws TasksError (retriable unless the request itself was refused). */
export interface Tasks {
  /** Answers the family's newest revision if it holds exactly this, else registers it. Idempotent. */
  ensureTaskDefinition(definition: TaskDefinitionSpec): Promise<string>;
  /** Deregisters all active revisions of a family. Idempotent. */
  deregisterFamily(family: string): Promise<void>;
  /** Idempotent by the request's client token for 24 h; a conflict adopts the task that the token stands for. */
  run(request: RunTaskRequest): Promise<RunTaskResult>;
  /** Idempotent. */
  stop(taskArn: string, reason: string): Promise<void>;
  /** Undefined once ECS has forgotten the task (an hour after its end). */
  describe(taskArn: string): Promise<TaskView | undefined>;
  describeMany(taskArns: readonly string[]): Promise<readonly TaskView[]>;
  /** ARNs of the tasks, running and stopped, with that startedBy. */
  listStartedBy(startedBy: string): Promise<readonly string[]>;
  /** ARNs of the tasks of a task definition family that are to run. */
  listRunningOf(family: string): Promise<readonly string[]>;
  /** ARNs of all tasks of the cluster that are to run, of whomever; not more than so many. */
  listRunning(most: number): Promise<FoundTasks>;
}
