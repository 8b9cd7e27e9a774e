import type { NodeId } from '../node.ts';

/**
 * The active controller stops last: a roll that begins with it makes each later stop a change of the leader again. It is
 * only known when its turn has come, so the steps of controllers must be able to begin in any order.
 * `openControllerIds`: what `controllersToRestart` says.
 */
export function mustWaitForOthers({
  leaderId,
  nodeId,
  openControllerIds,
}: {
  readonly leaderId: NodeId;
  readonly nodeId: NodeId;
  readonly openControllerIds: readonly NodeId[];
}): boolean {
  return nodeId === leaderId && openControllerIds.some((id) => id !== nodeId);
}
