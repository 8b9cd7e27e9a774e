import { deactivationOf } from '../model/broker/deactivation.ts';
import { needsRecovery } from '../model/broker/needs-recovery.ts';
import { mustStayDown } from '../model/broker/pause-now.ts';
import { isWantedDown } from '../model/is-wanted-down.ts';
import { planBringsUp } from '../model/plan/plan-brings-up.ts';
import type { LeaseKind, NodeGoal, ServiceState } from '../model/state.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlanRunner } from '../ports/plan-runner.ts';
import { holdersThatMayAct } from './lease-holders.ts';

/**
 * Whether nobody is bringing the node back that needs it: no task of it is known to live and no live execution holds
 * its lease, or the recovery, restart, pause or replacement that holds it has died on the way, wherever it was. One that was
 * deactivated needs an operator, and one that is paused, or whose service hibernates, is left down. One that is dead by
 * Kafka's witness on a host that is out of touch is down, too: its recovery says what is waited for. So may one be that knows
 * the controllers where they are no more: its recovery finds out.
 */
export async function nodeNeedsRecovery(
  ports: { readonly planRunner: PlanRunner; readonly clock: Clock },
  state: ServiceState,
  goal: NodeGoal,
): Promise<boolean> {
  if (isWantedDown(state.wish) || planBringsUp(state, goal.nodeId)) return false;
  const lease = state.leases.find(({ nodeId, released }) => nodeId === goal.nodeId && !released);
  if (deactivationOf(state, goal) !== undefined) return false;
  if (mustStayDown(state, goal, ports.clock())) return false;
  const isDown = needsRecovery(state, goal, ports.clock());
  const isWanted = isDown || (lease !== undefined && ofOneNode.includes(lease.kind));
  if (lease === undefined || !isWanted) return isWanted;
  const holders = await holdersThatMayAct(ports, [lease]);
  return holders.type !== 'live';
}

/** What no plan's run goes on with. */
const ofOneNode: readonly LeaseKind[] = ['recovery', 'restart', 'pause', 'replacement'];
