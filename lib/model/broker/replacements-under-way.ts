import type { NodeId } from '../node.ts';
import type { NodeGoal, ServiceState } from '../state.ts';
import { hasNoTask } from './node-run.ts';
import { openReplacement } from './open-replacement.ts';

/** The nodes that are being replaced or moved, whoever asked for it, or are about to be. */
export function replacementsUnderWay(state: ServiceState): readonly NodeId[] {
  return state.goals.filter((goal) => isUnderWay(state, goal)).map(({ nodeId }) => nodeId);
}

/**
 * One that has given up a volume, until it is in sync with the next one. One that has given up nothing yet may wait for ever,
 * and holds nobody back: for a host; or, asked for by an operator while the node runs, for the very node that is lost.
 */
function isUnderWay(state: ServiceState, goal: NodeGoal): boolean {
  if (hasGivenUpItsVolume(goal)) return true;
  if (waitsForHost(state, goal)) return false;
  const open = openReplacement(state, goal.nodeId);
  const isAnswered = open !== undefined && (open.why !== undefined || hasNoTask(state, goal));
  return isAnswered || isBeingMoved(state, goal);
}

/** Whether a replacement of the node was asked for, and it is not yet in sync with its new volume. */
export function isBeingReplaced(state: ServiceState, goal: NodeGoal): boolean {
  return openReplacement(state, goal.nodeId) !== undefined || hasGivenUpItsVolume(goal);
}

function hasGivenUpItsVolume({ replaced = 0, discarded = [], volume }: NodeGoal): boolean {
  return discarded.some(({ needless }) => needless !== true) || (replaced > 0 && volume?.kafkaFormatted === false);
}

/** Host and volume are decided together: until there is a host, it keeps what it has. */
function waitsForHost({ waits, leases }: ServiceState, { nodeId }: NodeGoal): boolean {
  const holders = leases.filter((lease) => lease.nodeId === nodeId && !lease.released).map(({ holder }) => holder);
  return waits.some(
    (wait) => wait.nodeId === nodeId && wait.reason.type === 'capacity' && holders.includes(wait.holder),
  );
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
