import { isSuperseded } from '../model/plan/superseded.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlanRunner } from '../ports/plan-runner.ts';
import type { Store } from '../ports/store.ts';
import { recoverNodes } from './start-recovery.ts';
import { wakeWaiters } from './wake-waiters.ts';

/**
 * After a pause: starts the recovery that brings the node back, unless another pause took its place, and lets those look
 * again who waited for it. Idempotent.
 */
export async function endPause(
  ports: { readonly store: Store; readonly planRunner: PlanRunner; readonly clock: Clock },
  request: { readonly service: string; readonly serviceCreatedAt?: number; readonly nodeId: number },
): Promise<void> {
  const state = await ports.store.readService(request.service);
  if (state === undefined || isSuperseded(state, { ...request, kind: 'pause' })) return;
  await recoverNodes(ports, state);
  await wakeWaiters(ports, state, { cause: 'a pause is over', matches: ({ awaits }) => awaits === 'turn' });
}
