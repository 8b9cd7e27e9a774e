import { hasStopped } from '../model/broker/node-run.ts';
import type { NodeGoal, ServiceState } from '../model/state.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlanRunner } from '../ports/plan-runner.ts';
import { holdersThatMayAct } from './lease-holders.ts';

/** Whether the node's newest task has stopped and nobody is bringing it back: no live execution holds its lease. */
export async function nodeNeedsRecovery(
  ports: { readonly planRunner: PlanRunner; readonly clock: Clock },
  state: ServiceState,
  goal: NodeGoal,
): Promise<boolean> {
  if (state.wish.uninstall !== undefined || !hasStopped(state, goal)) return false;
  const lease = state.leases.find(({ nodeId, released }) => nodeId === goal.nodeId && !released);
  if (lease === undefined) return true;
  const holders = await holdersThatMayAct(ports, [lease]);
  return holders.type !== 'live';
}
