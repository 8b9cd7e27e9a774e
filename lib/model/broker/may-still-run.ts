import type { NodeGoal, ServiceState } from '../state.ts';
import { nodeRun } from './node-run.ts';
import { taskEnd } from './proven-stop.ts';

/**
 * Whether something of the node's newest try may be at work: it was asked for, and its end is not proven. ECS says of a task
 * on a host that it was made to forget that it has stopped, which proves nothing.
 */
export function mayStillRun(state: ServiceState, goal: NodeGoal): boolean {
  const run = nodeRun(state, goal);
  if (run.type !== 'seen' || run.seen === undefined) return run.type !== 'never started';
  return taskEnd(run.seen, state).type !== 'proven';
}
