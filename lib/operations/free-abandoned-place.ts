import { runningNodeIds } from '../model/broker/node-run.ts';
import type { ServiceState } from '../model/state.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlanRunner } from '../ports/plan-runner.ts';
import type { Store } from '../ports/store.ts';
import { holdersThatMayAct } from './lease-holders.ts';

/**
 * Frees the place for a node that is down by our hand when the execution that took it has ended, nobody else
 * works on the node, and it runs again: a newer plan would wait for it for ever. A node that is down is brought up by whoever comes next, and that gives the
 * place back. Idempotent.
 */
export async function freeAbandonedPlace(
  ports: { readonly store: Store; readonly planRunner: PlanRunner; readonly clock: Clock },
  state: ServiceState,
): Promise<void> {
  const { slot } = state;
  if (slot === undefined || !runningNodeIds(state).includes(slot.nodeId)) return;
  const leases = state.leases.filter(({ nodeId, released }) => nodeId === slot.nodeId && !released);
  const isHeld = (await holdersThatMayAct(ports, [slot, ...leases])).type !== 'none';
  if (!isHeld) await ports.store.freeSlot(slot);
}
