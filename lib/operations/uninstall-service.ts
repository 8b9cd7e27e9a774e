import type { Operation } from '../model/operation.ts';
import { planUninstall } from '../model/plan/uninstall.ts';
import type { ApiPorts } from './install-service.ts';
import { startRun } from './run-plan.ts';
import { wakeWaiters } from './wake-waiters.ts';

export interface UninstallRequest {
  readonly service: string;
  readonly keepVolumes: boolean;
  /** Name of the token. */
  readonly requestedBy: string;
}

export type UninstallResult =
  | { readonly type: 'accepted'; readonly planId: string }
  | { readonly type: 'already'; readonly planId: string }
  | { readonly type: 'no service' };

/**
 * Accepts the end of a service: its older plan and its recoveries end superseded, then brokers, controllers and volumes
 * go. Idempotent: an uninstall that is under way is answered with its plan. The first one's wish about volumes holds.
 */
export async function uninstallService(ports: ApiPorts, request: UninstallRequest): Promise<UninstallResult> {
  const state = await ports.store.readService(request.service);
  if (state === undefined) return { type: 'no service' };
  if (state.wish.uninstall !== undefined) return { type: 'already', planId: state.wish.planId };
  const { configId, brokerIds, controllerIds } = state.target;
  const createdAt = ports.clock();
  const { service, requestedBy, keepVolumes } = request;
  const plan = planUninstall({ service, configId, brokerIds, controllerIds, createdAt, requestedBy }, ports.newId);
  const wish = { service, planId: plan.id, uninstall: { keepVolumes } };
  const asked = { id: ports.newId(), service, requestedBy, requestedAt: createdAt, planId: plan.id };
  const operation: Operation = { ...asked, kind: 'uninstall' };
  if (!(await ports.store.acceptPlan({ plan, wish, previous: state.wish, operation })))
    return uninstallService(ports, request);
  await startRun(ports, plan, 1);
  // Steps of the older plan that wait for a turn or a host hold leases: they look again and end superseded.
  const now = (await ports.store.readService(service)) ?? state;
  await wakeWaiters(ports, now, { cause: 'the service is uninstalled' });
  return { type: 'accepted', planId: plan.id };
}
