import { parseStartedBy } from '../model/broker/node-task.ts';
import type { TaskSeen } from '../model/state.ts';
import type { Store } from '../ports/store.ts';
import type { TaskView } from '../ports/tasks.ts';

/**
 * Writes down what DescribeTasks shows of a task of ours, unless a newer version is stored, and answers what is stored
 * then. Undefined for a task that is not ours. The only writer of SEEN: events, steps and reconcile all look through here.
 */
export async function observeTask(ports: { readonly store: Store }, view: TaskView): Promise<TaskSeen | undefined> {
  const identity = view.startedBy === undefined ? undefined : parseStartedBy(view.startedBy);
  if (identity === undefined) return undefined;
  const seen: TaskSeen = {
    ...identity,
    taskArn: view.taskArn,
    version: view.version,
    lastStatus: view.lastStatus,
    desiredStatus: view.desiredStatus,
    ...(view.stopCode === undefined ? {} : { stopCode: view.stopCode }),
    ...(view.stoppedReason === undefined ? {} : { stoppedReason: view.stoppedReason }),
    ...(view.exitCode === undefined ? {} : { exitCode: view.exitCode }),
    ...(view.withoutContainer === undefined ? {} : { withoutContainer: view.withoutContainer }),
    ...(view.stoppedAt === undefined ? {} : { stoppedAt: view.stoppedAt }),
  };
  if (await ports.store.putSeen(seen)) return seen;
  return (await ports.store.readSeen(seen.service, seen.taskArn)) ?? seen;
}
