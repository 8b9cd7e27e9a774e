import type { NodeGoal, ServiceState } from '../state.ts';
import { isGone } from './gone-host.ts';
import { nodeRun } from './node-run.ts';
import { taskEnd } from './proven-stop.ts';

/**
 * Whether a node's volume may be taken from an instance: it is gone, or the node was moved away from there and the end of
 * its newest task is proven. From any other instance nobody takes it but whoever attached it there.
 */
export function mayBeDetached(state: ServiceState, goal: NodeGoal, instanceId: string): boolean {
  if (isGone(state, instanceId)) return true;
  if (goal.host?.instanceId === instanceId || goal.volume?.movedFrom?.includes(instanceId) !== true) return false;
  const run = nodeRun(state, goal);
  if (run.type !== 'seen') return run.type === 'never started';
  return run.seen !== undefined && taskEnd(run.seen, state).type === 'proven';
}
