import type { NodeId } from '../node.ts';
import type { NodePause } from '../node-wish.ts';
import type { NodeGoal, ServiceState } from '../state.ts';
import { hasNoTask, nodeRun } from './node-run.ts';

/** The pause of a node that lasts; undefined: none, or its deadline has passed. `now`: epoch milliseconds. */
export function pauseNow(
  { nodeWishes }: Pick<ServiceState, 'nodeWishes'>,
  nodeId: NodeId,
  now: number,
): NodePause | undefined {
  const pause = nodeWishes.find((wish) => wish.nodeId === nodeId)?.pause;
  return pause === undefined || (pause.until !== undefined && pause.until <= now) ? undefined : pause;
}

/**
 * Whether nobody may start the node now: it is paused and down. Where the last start may have had an effect that is not
 * known yet, it is brought up first, and stopped after that.
 */
export function mustStayDown(state: ServiceState, goal: NodeGoal, now: number): boolean {
  if (pauseNow(state, goal.nodeId, now) === undefined) return false;
  return hasNoTask(state, goal) && nodeRun(state, goal).type !== 'requested';
}
