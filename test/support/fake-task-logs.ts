import type { TaskLogs } from '../../lib/ports/task-logs.ts';

export interface FakeTaskLogs extends TaskLogs {
  /** From now on the log of a task ends so. */
  write(taskArn: string, ...lines: readonly string[]): void;
  /** Every look fails so until `answer`. */
  fail(error: Error): void;
  answer(): void;
}

/** The logs of tasks in memory. */
export function createFakeTaskLogs(): FakeTaskLogs {
  const logs = new Map<string, readonly string[]>();
  let failure: Error | undefined;
  return {
    async tail({ taskArn }) {
      if (failure !== undefined) throw failure;
      return logs.get(taskArn) ?? [];
    },
    write: (taskArn, ...lines) => {
      logs.set(taskArn, [...(logs.get(taskArn) ?? []), ...lines]);
    },
    fail: (error) => {
      failure = error;
    },
    answer: () => {
      failure = undefined;
    },
  };
}
