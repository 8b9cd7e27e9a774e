import { configToGoBackTo } from '../model/plan/config-to-go-back-to.ts';
import { planHibernate, planResume } from '../model/plan/hibernate.ts';
import type { Plan } from '../model/plan/plan.ts';
import type { ServiceState } from '../model/state.ts';
import type { ApiPorts } from './install-service.ts';
import { resumePlan, startRun } from './run-plan.ts';
import { wakeWaiters } from './wake-waiters.ts';

export interface HibernateRequest {
  readonly service: string;
  /** Name of the token. */
  readonly requestedBy: string;
}

export type HibernateResult =
  | { readonly type: 'accepted' | 'already'; readonly planId: string }
  | { readonly type: 'no service' }
  | { readonly type: 'going away' };

/**
 * Has all nodes of a service stopped, brokers before controllers, and left down until it is resumed: volumes, hosts, ports
 * and names stay its own, so that the resume waits for nobody. Older plans, recoveries and words about single nodes end
 * superseded. Idempotent: `already` of one that hibernates. When the process dies before the plan runs, reconcile starts it.
 */
export async function hibernateService(ports: ApiPorts, request: HibernateRequest): Promise<HibernateResult> {
  const state = await ports.store.readService(request.service);
  if (state === undefined) return { type: 'no service' };
  if (state.wish.uninstall !== undefined) return { type: 'going away' };
  if (state.wish.hibernates === true) return already(ports, state);
  const plan = planHibernate(planRequest(ports, state, request), ports.newId);
  const accepted = await accept(ports, { state, plan, kind: 'hibernate', cause: 'the service hibernates' });
  return accepted ? { type: 'accepted', planId: plan.id } : hibernateService(ports, request);
}

/**
 * Has all nodes of a service that hibernates started, in its target config. A hibernation that is under way ends
 * superseded. Idempotent: `already` of one that does not hibernate. When the process dies before the plan runs, reconcile
 * starts it.
 */
export async function resumeService(ports: ApiPorts, request: HibernateRequest): Promise<HibernateResult> {
  const state = await ports.store.readService(request.service);
  if (state === undefined) return { type: 'no service' };
  if (state.wish.uninstall !== undefined) return { type: 'going away' };
  if (state.wish.hibernates !== true) return already(ports, state);
  const plan = planResume(planRequest(ports, state, request), ports.newId);
  const accepted = await accept(ports, { state, plan, kind: 'resume', cause: 'the service is resumed' });
  return accepted ? { type: 'accepted', planId: plan.id } : resumeService(ports, request);
}

/** Whoever asked before may have died before the plan ran. */
async function already(ports: ApiPorts, state: ServiceState): Promise<HibernateResult> {
  await resumePlan(ports, state);
  return { type: 'already', planId: state.wish.planId };
}

function planRequest(ports: ApiPorts, state: ServiceState, { service, requestedBy }: HibernateRequest) {
  const { configId, brokerIds, controllerIds } = state.target;
  const previousConfigId = configToGoBackTo(state);
  return { service, configId, brokerIds, controllerIds, createdAt: ports.clock(), requestedBy, previousConfigId };
}

interface Acceptance {
  /** As it was when the plan was made. */
  readonly state: ServiceState;
  readonly plan: Plan;
  readonly kind: 'hibernate' | 'resume';
  readonly cause: string;
}

/** The wish and its plan, in one transaction. False when the service is no longer as it was. */
async function accept(ports: ApiPorts, { state, plan, kind, cause }: Acceptance): Promise<boolean> {
  const { id: planId, service, requestedBy, createdAt: requestedAt } = plan;
  const wish = { service, planId, ...(kind === 'hibernate' ? { hibernates: true as const } : {}) };
  const operation = { id: ports.newId(), service, kind, requestedBy, requestedAt, planId };
  if (!(await ports.store.acceptPlan({ plan, wish, previous: state.wish, operation }))) return false;
  await startRun(ports, plan, 1);
  // Whoever waits for a turn, a host, a task or the end of a pause looks again, and finds what is wanted now.
  const now = (await ports.store.readService(service)) ?? state;
  await wakeWaiters(ports, now, { cause });
  return true;
}
