import { outdatedRecords } from '../model/outdated-records.ts';
import type { ServiceState } from '../model/state.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlanRunner } from '../ports/plan-runner.ts';
import type { Store } from '../ports/store.ts';
import { holdersThatMayAct } from './lease-holders.ts';

/**
 * Removes what would else be read at each step and each poll as long as the service lives: old plans, the ends of earlier
 * tries, and waits of executions that are over. Configs and history stay. Idempotent.
 */
export async function forgetOutdated(
  ports: { readonly store: Store; readonly planRunner: PlanRunner; readonly clock: Clock },
  state: ServiceState,
): Promise<void> {
  await ports.store.forgetRecords(outdatedRecords(state), state.wish);
  for (const wait of state.waits) {
    if ((await holdersThatMayAct(ports, [wait])).type === 'none') await ports.store.removeWait(wait);
  }
}
