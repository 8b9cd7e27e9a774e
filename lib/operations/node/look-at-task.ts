import type { TaskSeen } from '../../model/state.ts';
import type { WaitingReason } from '../../model/waiting-reason.ts';
import type { Pause } from '../../ports/clock.ts';
import type { Tasks } from '../../ports/tasks.ts';
import { observeTask } from '../observe-task.ts';
import { announceWait, explainWait, type NodeStepPorts, type NodeStepRequest } from './node-step.ts';

export type LookPorts = NodeStepPorts & { readonly tasks: Tasks; readonly pause: Pause };

export interface TaskWait {
  readonly taskArn: string;
  /** The statuses that end the wait: RUNNING or STOPPED. */
  readonly statuses: readonly ('RUNNING' | 'STOPPED')[];
  readonly reason: WaitingReason;
}

/** Shorter than the acting functions' timeout of 15 s; the event takes over afterwards. */
const lookForMs = 9_000;
const betweenLooksMs = 200;

/**
 * Looks at a task until it has one of these statuses, for nine seconds at most: the event of a change may come late,
 * and that delay would be on the critical path of a roll. Then announces the token and looks once more, so that no
 * event falls between. Answers the last thing seen, undefined if ECS knows no such task.
 */
export async function lookAtTask(
  ports: LookPorts,
  request: NodeStepRequest,
  { taskArn, statuses, reason }: TaskWait,
): Promise<TaskSeen | undefined> {
  await explainWait(ports, request, reason);
  const until = ports.clock() + lookForMs;
  const isOver = (seen: TaskSeen | undefined) => seen === undefined || statuses.some((is) => is === seen.lastStatus);
  while (ports.clock() < until) {
    const seen = await look(ports, taskArn);
    if (isOver(seen)) return seen;
    await ports.pause(betweenLooksMs);
  }
  const awaits = statuses.includes('RUNNING') ? 'task running' : 'task stopped';
  await announceWait(ports, request, { reason, awaits, taskArn });
  return look(ports, taskArn);
}

/** One look; undefined if ECS knows no such task. */
export async function look(ports: Pick<LookPorts, 'store' | 'tasks'>, taskArn: string): Promise<TaskSeen | undefined> {
  const view = await ports.tasks.describe(taskArn);
  return view === undefined ? undefined : observeTask(ports, view);
}
