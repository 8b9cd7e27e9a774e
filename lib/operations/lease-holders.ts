import type { NodeLease } from '../model/state.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlanRunner } from '../ports/plan-runner.ts';

/** The acting functions' timeout: so long after its execution's end a step may still be at work. */
const actingTimeoutMs = 15_000;

/** `live`: an execution runs. `ending`: ended less than a function's timeout ago. `none`: all are taken over freely. */
export type Holders = { readonly type: 'live' | 'ending' | 'none' };

/** Whether somebody may still act under one of these leases or waits. */
export async function holdersThatMayAct(
  ports: { readonly planRunner: PlanRunner; readonly clock: Clock },
  leases: readonly Pick<NodeLease, 'holder'>[],
): Promise<Holders> {
  const statuses = await Promise.all(leases.map((lease) => ports.planRunner.status(lease.holder)));
  if (statuses.some((status) => status.type === 'running')) return { type: 'live' };
  const now = ports.clock();
  const ending = statuses.some((status) => status.type === 'ended' && now - status.endedAt < actingTimeoutMs);
  return { type: ending ? 'ending' : 'none' };
}
