import { controllerMajorityRuns } from '../broker/turn.ts';
import { isController } from '../node.ts';
import type { NodeGoal, ServiceState } from '../state.ts';

/**
 * Whether a controller that is down would be missed elsewhere: without names the quorum learns its new address only while
 * most controllers run without it. What has the newest log would ask for votes at addresses that are left, and nobody would
 * lead. Nobody votes beside a single controller.
 */
export function isFoundOnlyHere(state: ServiceState, { nodeId }: Pick<NodeGoal, 'nodeId'>): boolean {
  const { controllerIds, zone } = state.target;
  if (zone !== undefined || !isController(state.target, nodeId) || controllerIds.length === 1) return false;
  return !controllerMajorityRuns(state);
}
