import { parseStartedBy } from '../model/broker/node-task.ts';
import type { ServiceState, TaskSeen } from '../model/state.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlanRunner } from '../ports/plan-runner.ts';
import type { Store } from '../ports/store.ts';
import type { TaskLogs } from '../ports/task-logs.ts';
import type { Tasks, TaskView } from '../ports/tasks.ts';
import { nodeNeedsRecovery } from './node-needs-recovery.ts';
import { noteLastWords } from './note-last-words.ts';
import { observeTask } from './observe-task.ts';
import { startRecovery } from './start-recovery.ts';
import { wakeWaiters } from './wake-waiters.ts';

export interface EventPorts {
  readonly store: Store;
  readonly planRunner: PlanRunner;
  readonly tasks: Tasks;
  readonly taskLogs: TaskLogs;
  readonly clock: Clock;
}

/** ECS answered with an older version than the event's: its list lags behind, and the event is delivered again. */
class TaskListLagsError extends Error {
  override readonly name = 'TaskListLags';
  readonly code = 'WARDEN_TASK_LIST_LAGS';
  readonly retriable = true;
}

/**
 * An event says that a task changed. The event is a hint: what is written is ECS's own answer, of at least the event's
 * version. Then waiting steps look again, and a node that stopped in nobody's hands is recovered. Idempotent.
 */
export async function onTaskChanged(
  ports: EventPorts,
  event: { readonly taskArn: string; readonly version: number },
): Promise<void> {
  const view = await ports.tasks.describe(event.taskArn);
  if (view === undefined) return;
  if (view.version < event.version) {
    throw new TaskListLagsError(
      `task ${event.taskArn}: the event has version ${event.version}, ECS answers ${view.version}`,
    );
  }
  const taken = await takeUp(ports, view);
  // Last: whoever brings the node back must not wait for a log.
  if (taken !== undefined) await noteLastWords(ports, taken.state, taken.seen);
}

/**
 * What follows from a task as ECS shows it now; also called by reconcile. Answers what was seen, and the service as it was
 * then; undefined when the task is none of a service that lives.
 */
export async function takeUp(
  ports: Omit<EventPorts, 'taskLogs'>,
  view: TaskView,
): Promise<{ readonly state: ServiceState; readonly seen: TaskSeen } | undefined> {
  const identity = view.startedBy === undefined ? undefined : parseStartedBy(view.startedBy);
  // Of a service that is gone nothing is written any more: the next one of its name would find it.
  if (identity === undefined || (await ports.store.readGoal(identity.service, identity.nodeId)) === undefined)
    return undefined;
  const seen = await observeTask(ports, view);
  const state = seen && (await ports.store.readService(seen.service));
  if (seen === undefined || state === undefined) return undefined;
  const cause = `task of node ${seen.nodeId} is ${seen.lastStatus}`;
  await wakeWaiters(ports, state, {
    cause,
    matches: (wait) => wait.awaits === 'turn' || (wait.nodeId === seen.nodeId && wakes(seen, wait)),
  });
  const goal = state.goals.find(({ nodeId, attempt }) => nodeId === seen.nodeId && attempt === seen.attempt);
  if (seen.purpose === 'node' && goal !== undefined && (await nodeNeedsRecovery(ports, state, goal))) {
    await startRecovery(ports, state, goal);
  }
  return { state, seen };
}

function wakes(seen: TaskSeen, wait: { readonly awaits?: string; readonly taskArn?: string }): boolean {
  if (wait.taskArn !== seen.taskArn) return false;
  if (seen.lastStatus === 'STOPPED') return true;
  return wait.awaits === 'task running' && seen.lastStatus === 'RUNNING';
}
