import { strict as assert } from 'node:assert';
import { familyOf } from '../model/broker/node-task.ts';
import { keptHistory } from '../model/kept-history.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlanRunner } from '../ports/plan-runner.ts';
import type { Store } from '../ports/store.ts';
import type { Tasks } from '../ports/tasks.ts';
import { wakeWaiters } from './wake-waiters.ts';

/** How many of its operations are told of a service that is gone. */
const mostOperations = 20;

/**
 * Deregisters the service's task definitions, removes its records and leaves the tombstone. Steps of older plans that still
 * wait look again first: afterwards nobody could answer their tokens. Idempotent.
 */
export async function forgetService(
  ports: { readonly store: Store; readonly tasks: Tasks; readonly clock: Clock; readonly planRunner: PlanRunner },
  request: { readonly service: string; readonly planId: string },
): Promise<void> {
  const { service, planId } = request;
  const state = await ports.store.readService(service);
  // The run that forgot it may have died before its last look.
  if (state === undefined) return ports.store.forgetRest(service);
  if (state.wish.planId !== planId) return;
  assert(state.wish.uninstall !== undefined, 'only an uninstall forgets a service');
  for (const { nodeId } of state.goals) {
    // Another invocation may have ended this uninstall meanwhile, and the families may be those of the next service.
    if ((await ports.store.readService(service))?.wish.planId !== planId) return;
    await ports.tasks.deregisterFamily(familyOf(service, nodeId, 'node'));
    await ports.tasks.deregisterFamily(familyOf(service, nodeId, 'preparation'));
  }
  await wakeWaiters(ports, state, { cause: 'the service is gone' });
  const plan = state.plans.find(({ id }) => id === planId);
  assert(plan !== undefined, 'the wish names a stored plan');
  const volumeIds = state.goals.flatMap(({ volume, discarded = [] }) => [
    ...(volume?.id === undefined ? [] : [volume.id]),
    ...discarded.flatMap(({ id, needless, kept }) => (needless === true && kept !== true ? [] : [id])),
  ]);
  const { operations } = await ports.store.listOperations(service, { limit: mostOperations });
  await ports.store.forgetService({
    service,
    uninstalledAt: ports.clock(),
    plan,
    keptVolumeIds: state.wish.uninstall.keepVolumes ? volumeIds : [],
    history: keptHistory(operations, state),
  });
}
