import type { NodeGoal, ServiceState } from '../state.ts';
import { goneHostOf } from './gone-host.ts';
import { mayLeaveHost } from './may-leave-host.ts';
import { hasNoTask, nodeRun } from './node-run.ts';
import { taskEnd } from './proven-stop.ts';

/** Since when a node is down, in epoch milliseconds; undefined: it runs, or nothing proves that it does not. */
export function downSince(state: ServiceState, goal: NodeGoal): number | undefined {
  const { launch } = goal;
  if (launch === undefined || !hasNoTask(state, goal) || !mayLeaveHost(state, goal)) return undefined;
  const run = nodeRun(state, goal);
  if (run.type === 'requested') return undefined;
  if (run.type === 'never started') return launch.requestedAt;
  if (run.seen === undefined || taskEnd(run.seen, state).type !== 'proven') return undefined;
  const host = goneHostOf(state, launch);
  const hostGoneAt = state.goneHosts.find(({ instanceId }) => instanceId === host)?.seenAt;
  return run.seen.stoppedAt ?? hostGoneAt ?? launch.requestedAt;
}
