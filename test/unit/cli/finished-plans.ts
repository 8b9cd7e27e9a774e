import type { PlanRunner } from '../../../lib/ports/plan-runner.ts';
import type { Store } from '../../../lib/ports/store.ts';

/** Ends every step of a plan in the moment in which it is started. */
export function instantRunner(store: Store): PlanRunner {
  return {
    start: async (_machine, name) => {
      for (const service of await store.listServices()) await finishAll(store, service);
      return name;
    },
    arnOf: (_machine, name) => name,
    status: async () => ({ type: 'unknown' }),
    answer: async () => false,
  };
}

/** Ends every step of the newest plan of a service. */
export async function finishAll(store: Store, service: string): Promise<void> {
  const state = await store.readService(service);
  if (state === undefined) return;
  const plan = state.plans.find(({ id }) => id === state.wish.planId);
  for (const { id, nodeId } of plan?.phases.flatMap(({ steps }) => steps) ?? []) {
    const previous = state.leases.find((lease) => lease.nodeId === nodeId);
    const number = (previous?.number ?? 0) + 1;
    const lease = { service, nodeId, holder: 'arn:h', kind: 'plan', number, released: false } as const;
    await store.takeLease({ lease, withSlot: false, ...(previous === undefined ? {} : { previous }) });
    await store.finishNode({ lease, step: { planId: plan?.id ?? '', stepId: id, startedAt: 1, endedAt: 2 } });
  }
}
