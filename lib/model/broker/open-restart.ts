import { isWantedDown } from '../is-wanted-down.ts';
import type { NodeId } from '../node.ts';
import type { NodeRestart } from '../node-wish.ts';
import { planBringsUp } from '../plan/plan-brings-up.ts';
import type { NodeGoal, ServiceState } from '../state.ts';
import { hasNoTask } from './node-run.ts';

/**
 * The restart in place that operators have asked for since the node's newest start was asked for; undefined: that start
 * answers them all, whoever made it.
 */
export function openRestart(
  { nodeWishes, goals }: Pick<ServiceState, 'nodeWishes' | 'goals'>,
  nodeId: NodeId,
): NodeRestart | undefined {
  const restart = nodeWishes.find((wish) => wish.nodeId === nodeId)?.restart;
  const answered = goals.find((goal) => goal.nodeId === nodeId)?.launch?.restartsAnswered ?? 0;
  return restart === undefined || restart.times <= answered ? undefined : restart;
}

/** Whether an execution has to answer such a word: a node that never ran, or that a plan's next step starts, is answered by that. */
export function restartIsWanted(state: ServiceState, goal: NodeGoal): boolean {
  if (isWantedDown(state.wish) || goal.attempt === 0) return false;
  if (openRestart(state, goal.nodeId) === undefined) return false;
  return !hasNoTask(state, goal) || !planBringsUp(state, goal.nodeId);
}
