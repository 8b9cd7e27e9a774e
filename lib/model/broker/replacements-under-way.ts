import type { NodeId } from '../node.ts';
import type { NodeReplacement } from '../node-wish.ts';
import type { NodeGoal, ServiceState } from '../state.ts';

/** The replacement of a node that was asked for and that no host and volume were decided for yet. */
export function unansweredReplacement(
  { nodeWishes }: Pick<ServiceState, 'nodeWishes'>,
  { nodeId, replaced }: Pick<NodeGoal, 'nodeId' | 'replaced'>,
): NodeReplacement | undefined {
  const replacement = nodeWishes.find((wish) => wish.nodeId === nodeId)?.replace;
  return replacement !== undefined && replacement.times > (replaced ?? 0) ? replacement : undefined;
}

/** The nodes that are being replaced or moved, whoever asked for it. */
export function replacementsUnderWay(state: ServiceState): readonly NodeId[] {
  return state.goals
    .filter((goal) => unansweredReplacement(state, goal) !== undefined || isBeingMoved(state, goal))
    .map(({ nodeId }) => nodeId);
}

function isBeingMoved({ leases }: ServiceState, goal: NodeGoal): boolean {
  return leases.some(({ nodeId, kind, released }) => nodeId === goal.nodeId && kind === 'replacement' && !released);
}

/** When Warden asked by itself for a node of the service last, in epoch milliseconds; undefined: never. */
export function lastOwnReplacement({ nodeWishes }: Pick<ServiceState, 'nodeWishes'>): number | undefined {
  const times = nodeWishes.flatMap(({ replace }) => (replace?.why === undefined ? [] : [replace.requestedAt]));
  return times.length === 0 ? undefined : Math.max(...times);
}
