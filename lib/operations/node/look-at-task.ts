import type { TaskSeen } from '../../model/state.ts';
import type { Pause } from '../../ports/clock.ts';
import type { Tasks } from '../../ports/tasks.ts';
import { observeTask } from '../observe-task.ts';
import type { NodeStepPorts } from './node-step.ts';

export type LookPorts = NodeStepPorts & { readonly tasks: Tasks; readonly pause: Pause };

/** Shorter than the acting functions' timeout of 15 s; the event takes over afterwards. */
const lookForMs = 9_000;
const betweenLooksMs = 200;

/**
 * Looks at a task until it has one of these statuses, for nine seconds at most: the event of a change may come late,
 * and that delay would be on the critical path of a roll. Answers the last thing seen, undefined if ECS knows no such task.
 */
export async function lookAtTask(
  ports: LookPorts,
  taskArn: string,
  statuses: readonly string[],
): Promise<TaskSeen | undefined> {
  const until = ports.clock() + lookForMs;
  for (;;) {
    const view = await ports.tasks.describe(taskArn);
    const seen = view === undefined ? undefined : await observeTask(ports, view);
    if (seen === undefined || statuses.includes(seen.lastStatus) || ports.clock() >= until) return seen;
    await ports.pause(betweenLooksMs);
  }
}
