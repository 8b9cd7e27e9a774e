import type { PlanRunner } from '../ports/plan-runner.ts';
import type { Store } from '../ports/store.ts';
import { wakeWaiters } from './wake-waiters.ts';

/** A host joined, left or freed resources: every step that waits for capacity looks again. Idempotent. */
export async function onCapacityChanged(
  ports: { readonly store: Store; readonly planRunner: PlanRunner },
  cause: string,
): Promise<void> {
  for (const service of await ports.store.listServices()) {
    const state = await ports.store.readService(service);
    if (state !== undefined) await wakeWaiters(ports, state, { cause, matches: ({ awaits }) => awaits === 'capacity' });
  }
}
