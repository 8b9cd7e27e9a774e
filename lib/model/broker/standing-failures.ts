import type { NodeGoal, ServiceState } from '../state.ts';

type Wishes = Pick<ServiceState, 'nodeWishes'>;

/**
 * The failures in a row that the next start of the node with this config has to reckon with: none with another config than
 * the one it has, and none that an operator has forgiven, who reactivated the node after its newest failure.
 */
export function standingFailures({ nodeWishes }: Wishes, goal: NodeGoal, configId: string): number {
  if (configId !== goal.configId) return 0;
  const { count, lastAttempt } = goal.failures;
  const reactivation = nodeWishes.find(({ nodeId }) => nodeId === goal.nodeId)?.reactivation;
  return reactivation !== undefined && reactivation.attempt >= lastAttempt ? 0 : count;
}

/** Whether no further try with this config follows: the node has failed more often than its config allows. */
export function triesAreUsedUp(state: Wishes, goal: NodeGoal, configId: string): boolean {
  return standingFailures(state, goal, configId) > (goal.failures.tries ?? Number.POSITIVE_INFINITY);
}
