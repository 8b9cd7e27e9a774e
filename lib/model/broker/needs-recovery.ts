import { isLostWithHost } from '../hosts/lost-node.ts';
import type { NodeGoal, ServiceState } from '../state.ts';
import { hasLostControllers } from './has-lost-controllers.ts';
import { hasNoTask } from './node-run.ts';

/**
 * Whether a node that was to run is down, as far as the table tells: it has no task, is dead by Kafka's witness on a host that
 * is out of touch, or may be cut off from controllers that have moved. `now`: epoch milliseconds.
 */
export function needsRecovery(state: ServiceState, goal: NodeGoal, now: number): boolean {
  return hasNoTask(state, goal) || isLostWithHost(state, goal, now) || hasLostControllers(state, goal);
}
