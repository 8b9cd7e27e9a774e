import { configToGoBackTo } from '../model/plan/config-to-go-back-to.ts';
import type { ApiPorts } from './install-service.ts';
import { resumePlan } from './run-plan.ts';
import { acceptUpdate } from './update-service.ts';

export type ApplyResult =
  | { readonly type: 'accepted'; readonly planId: string }
  /** It was applied before. */
  | { readonly type: 'already'; readonly planId: string }
  | { readonly type: 'no service' }
  | { readonly type: 'no proposal' }
  | { readonly type: 'changed meanwhile'; readonly detail: string };

/**
 * Starts the plan of a proposal exactly as it was shown, if the service still is as it was then. Idempotent: once
 * applied, the same id answers so.
 */
export async function applyProposal(
  ports: ApiPorts,
  { service, planId, requestedBy }: { readonly service: string; readonly planId: string; readonly requestedBy: string },
): Promise<ApplyResult> {
  const state = await ports.store.readService(service);
  if (state === undefined) return { type: 'no service' };
  if (state.plans.some(({ id }) => id === planId)) {
    // The process may have died before it started the plan's run.
    if (state.wish.planId === planId) await resumePlan(ports, state);
    return { type: 'already', planId };
  }
  const proposal = await ports.store.readProposal(service, planId);
  if (proposal === undefined) return { type: 'no proposal' };
  const { plan, config, target, basedOn } = proposal;
  const previous = { service, planId: basedOn.planId };
  const isUnchanged = state.wish.planId === basedOn.planId && state.target.configId === basedOn.configId;
  const createdAt = ports.clock();
  // The plan before it may be complete by now.
  const previousConfigId = configToGoBackTo(state);
  const applied = { ...plan, createdAt, requestedBy, previousConfigId };
  const accepted = isUnchanged && (await acceptUpdate(ports, { plan: applied, config, target, previous, basedOn }));
  return accepted ? { type: 'accepted', planId } : { type: 'changed meanwhile', detail: changedDetail(basedOn.planId) };
}

function changedDetail(planId: string): string {
  return `The preview was made while plan ${planId} was the newest one, and the service has changed since. Ask for a new preview`;
}
