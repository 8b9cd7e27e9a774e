import type { NodeId } from '../node.ts';
import type { NodeGoal, ServiceState } from '../state.ts';
import { openReplacement } from './open-replacement.ts';

/** The nodes that are being replaced or moved, whoever asked for it. */
export function replacementsUnderWay(state: ServiceState): readonly NodeId[] {
  return state.goals
    .filter((goal) => isBeingReplaced(state, goal) || isBeingMoved(state, goal))
    .map(({ nodeId }) => nodeId);
}

/** Whether a replacement of the node was asked for, and it is not yet in sync with its new volume. */
export function isBeingReplaced(state: ServiceState, goal: NodeGoal): boolean {
  if (openReplacement(state, goal.nodeId) !== undefined) return true;
  const { replaced = 0, discarded = [], volume } = goal;
  return discarded.some(({ needless }) => needless !== true) || (replaced > 0 && volume?.kafkaFormatted === false);
}

function isBeingMoved({ leases }: ServiceState, goal: NodeGoal): boolean {
  return leases.some(({ nodeId, kind, released }) => nodeId === goal.nodeId && kind === 'replacement' && !released);
}

/** When Warden asked by itself for a node of the service last, in epoch milliseconds; undefined: never. */
export function lastOwnReplacement({ nodeWishes }: Pick<ServiceState, 'nodeWishes'>): number | undefined {
  const times = nodeWishes.flatMap(({ replace }) =>
    replace?.why === undefined || replace.cancelled === true ? [] : [replace.requestedAt],
  );
  return times.length === 0 ? undefined : Math.max(...times);
}
