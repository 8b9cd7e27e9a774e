import { familyOf } from '../../model/broker/node-task.ts';
import type { NodeGoal } from '../../model/state.ts';
import type { FoundTask } from '../../model/truth/found.ts';
import { taskIsALeftover } from '../../model/truth/rules/task-is-a-leftover.ts';
import type { Tasks } from '../../ports/tasks.ts';
import { readFoundTask } from '../read-found.ts';

/**
 * Stops what an earlier request of this node started after all: one that was refused once may have been sent again by an
 * invocation that was given up, and its task then takes the room of every later one. One that another service of the name
 * has started is none of ours to judge. Idempotent.
 */
export async function stopStrays(tasks: Tasks, goal: NodeGoal, clusterId: string): Promise<void> {
  const { service, nodeId, attempt } = goal;
  const listed = await tasks.listRunningOf(familyOf(service, nodeId, 'node'));
  if (listed.length === 0) return;
  const isStray = (task: FoundTask): boolean =>
    task.service === service && (task.clusterId ?? clusterId) === clusterId && taskIsALeftover(task, { goals: [goal] });
  const strays = (await tasks.describeMany(listed)).flatMap((view) => readFoundTask(view) ?? []).filter(isStray);
  for (const { taskArn } of strays) await tasks.stop(taskArn, `warden: try ${attempt} of the node is wanted`);
}
