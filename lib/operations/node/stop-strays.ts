import { familyOf, parseStartedBy } from '../../model/broker/node-task.ts';
import type { NodeGoal } from '../../model/state.ts';
import type { Tasks, TaskView } from '../../ports/tasks.ts';

/**
 * Stops what an earlier request of this node started after all: one that was refused once may have been sent again by an
 * invocation that was given up, and its task then takes the room of every later one. Idempotent.
 */
export async function stopStrays(tasks: Tasks, { service, nodeId, attempt }: NodeGoal): Promise<void> {
  const listed = await tasks.listRunningOf(familyOf(service, nodeId, 'node'));
  if (listed.length === 0) return;
  const isEarlier = ({ startedBy }: TaskView): boolean => {
    const identity = startedBy === undefined ? undefined : parseStartedBy(startedBy);
    return identity?.service === service && identity.nodeId === nodeId && identity.attempt < attempt;
  };
  const strays = (await tasks.describeMany(listed)).filter(isEarlier);
  for (const { taskArn } of strays) await tasks.stop(taskArn, `warden: try ${attempt} of the node is wanted`);
}
