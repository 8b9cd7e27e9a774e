import { namedService } from '../names/node-name.ts';
import type { NodeGoal, ServiceState } from '../state.ts';
import { nodeRun } from './node-run.ts';

/**
 * Whether a node is all that its record says, and nobody is at work on it or is about to be: it runs by its newest try,
 * was in sync since that began, and its host, its volume and its name are where they were decided to be.
 */
export function isAtRest(state: ServiceState, goal: NodeGoal): boolean {
  const { nodeId } = goal;
  const lease = state.leases.find((candidate) => candidate.nodeId === nodeId);
  const isFree = lease?.released === true && state.slot?.nodeId !== nodeId;
  // A pause whose deadline is past counts, too: its machine brings the node back.
  const isPaused = state.nodeWishes.some((wish) => wish.nodeId === nodeId && wish.pause !== undefined);
  return isFree && !isPaused && runsInSync(state, goal) && staysOnItsHost(state, goal) && isPublished(state, goal);
}

function runsInSync(state: ServiceState, goal: NodeGoal): boolean {
  const run = nodeRun(state, goal);
  if (run.type !== 'seen' || run.seen?.lastStatus !== 'RUNNING' || run.seen.desiredStatus !== 'RUNNING') return false;
  return goal.inSyncSince !== undefined && goal.failures.count === 0;
}

function staysOnItsHost(state: ServiceState, { host, volume }: NodeGoal): boolean {
  if (host === undefined || volume?.preparedOn !== host.instanceId || volume.movedFrom !== undefined) return false;
  const seen = state.hostsSeen.find(({ instanceId }) => instanceId === host.instanceId);
  const isWell = seen === undefined || (seen.status === 'ACTIVE' && seen.silentSince === undefined);
  return isWell && !state.fences.some(({ instanceId }) => instanceId === host.instanceId);
}

function isPublished({ target }: ServiceState, { host, published }: NodeGoal): boolean {
  const named = namedService(target);
  if (named === undefined) return true;
  return published?.zone === named.zone && published.address === host?.address && published.changeId === undefined;
}
