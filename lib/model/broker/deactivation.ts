import { isWantedDown } from '../is-wanted-down.ts';
import type { NodeGoal, ServiceState } from '../state.ts';
import type { WaitingReason } from '../waiting-reason.ts';
import { hasNoTask, nodeRun } from './node-run.ts';
import { taskEnd } from './proven-stop.ts';
import { standingFailures, triesAreUsedUp } from './standing-failures.ts';

/** Why a node stays down, and since when (epoch milliseconds). */
export interface Deactivation {
  readonly reason: Extract<WaitingReason, { type: 'deactivated' }>;
  readonly since: number;
}

/**
 * Why nobody starts the node again by itself; undefined: somebody does, or it runs. It is down, in nobody's hands, and
 * has failed more often than its config allows since it was in sync; an operator who reactivates it, or another config,
 * ends that. Nothing of it is stored. Source: mesos/kafka guide, failed broker recovery.
 */
export function deactivationOf(
  state: ServiceState,
  goal: NodeGoal,
  configId = goal.configId,
): Deactivation | undefined {
  const isHeld = state.leases.some(({ nodeId, released }) => nodeId === goal.nodeId && !released);
  if (isHeld || isWantedDown(state.wish) || !hasNoTask(state, goal)) return undefined;
  return triesAreUsedUp(state, goal, configId) ? deactivation(state, goal) : undefined;
}

/** In words and since when, of a node whose tries are used up. */
export function deactivation(state: ServiceState, goal: NodeGoal): Deactivation {
  const { nodeId, failures } = goal;
  const run = nodeRun(state, goal);
  const seen = run.type === 'seen' ? run.seen : undefined;
  const end = seen && taskEnd(seen, state);
  return {
    reason: {
      ...{ type: 'deactivated', nodeId, failures: standingFailures(state, goal, goal.configId) },
      ...{ tries: failures.tries ?? 0 },
      stoppedReason: end === undefined || end.type === 'lives' ? 'no reason given' : end.description,
    },
    since: seen?.stoppedAt ?? goal.launch?.requestedAt ?? 0,
  };
}
