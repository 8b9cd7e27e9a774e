import type { NodeId } from '../node.ts';

/**
 * The active controller stops last: a roll that begins with it makes each later stop a change of the leader again. It is
 * only known when its turn has come, so the steps of controllers must be able to begin in any order.
 * `openControllerIds`: the controllers that the plan still has to restart. Those that a decision point holds back must not
 * be among them: the operator's word for them waits for this one.
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
