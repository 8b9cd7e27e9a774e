import type { NodeGoal, NodeLease, ServiceState } from '../state.ts';

/** A process that ended twice without being asked to, and never was in sync in between, does not run in its config. */
const hopelessFailures = 2;

/**
 * Whether plans begin no step while this lease is held: it is that of a recovery. But for one of a node that does not
 * run in the config that it has, while the target is another one: it may be the plan that it would hold up which brings
 * the config that the node can run with.
 */
export function recoveryHoldsPlans(state: Pick<ServiceState, 'goals' | 'target'>, lease: NodeLease): boolean {
  if (lease.kind !== 'recovery' || lease.released) return false;
  const goal = state.goals.find(({ nodeId }) => nodeId === lease.nodeId);
  return goal === undefined || !needsAnotherConfig(state, goal);
}

/** Whether a node has failed so often in a config that is not the target any more that only the target can bring it up. */
export function needsAnotherConfig(
  { target }: Pick<ServiceState, 'target'>,
  { configId, failures }: Pick<NodeGoal, 'configId' | 'failures'>,
): boolean {
  return configId !== target.configId && failures.count >= hopelessFailures;
}
