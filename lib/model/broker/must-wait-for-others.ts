import type { NodeId } from '../node.ts';

/**
 * The active controller stops last: a roll that begins with it elects a leader for each of the nodes that it stops next.
 * Answers the controllers whose steps must be complete before `nodeId` may stop; none for any node but the leader. The
 * leader is only known when its turn has come, so the steps of controllers must be able to begin in any order.
 * `openControllerIds`: the controllers whose steps of the plan are not complete.
 */
export function mustWaitForOthers({
  leaderId,
  nodeId,
  openControllerIds,
}: {
  readonly leaderId: NodeId;
  readonly nodeId: NodeId;
  readonly openControllerIds: readonly NodeId[];
}): readonly NodeId[] {
  return nodeId === leaderId ? openControllerIds.filter((id) => id !== nodeId) : [];
}
