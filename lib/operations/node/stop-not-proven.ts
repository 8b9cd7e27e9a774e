import type { NodeGoal } from '../../model/state.ts';
import type { StepResult } from './node-step.ts';

/**
 * A task that ECS calls stopped and proves nothing of: the node waits until an operator names it, or its host ends. `why`:
 * what ECS says of the stop.
 */
export function stopNotProven(
  { nodeId, host }: Pick<NodeGoal, 'nodeId' | 'host'>,
  { taskArn, why }: { readonly taskArn: string; readonly why: string },
): StepResult {
  const where = host === undefined ? {} : { instanceId: host.instanceId };
  return { type: 'not ready', reason: { type: 'stop not proven', nodeId, taskArn, stoppedReason: why, ...where } };
}
