import type { ServiceState, Tombstone } from '../state.ts';
import { type PlanView, viewCompletePlan, viewPlan } from './plan-view.ts';
import { viewRecovery } from './recovery-view.ts';

/** A service as it is stored: it lives, or only its tombstone is left. */
export type StoredService =
  | { readonly type: 'lives'; readonly state: ServiceState }
  | { readonly type: 'uninstalled'; readonly tombstone: Tombstone };

/** Names of the plans that can be shown now. */
export function planNames(service: StoredService): readonly string[] {
  const recovers = service.type === 'lives' && viewRecovery(service.state) !== undefined;
  return recovers ? ['deploy', 'recovery'] : ['deploy'];
}

/** The plan of a name or id: `deploy` is the newest of all plans. Undefined when there is none. */
export function findPlan(service: StoredService, nameOrId: string): PlanView | undefined {
  if (service.type === 'uninstalled') {
    const { plan } = service.tombstone;
    return nameOrId === 'deploy' || nameOrId === plan.id ? viewCompletePlan(plan) : undefined;
  }
  const { state } = service;
  if (nameOrId === 'recovery') return viewRecovery(state);
  const id = nameOrId === 'deploy' ? state.wish.planId : nameOrId;
  const plan = state.plans.find((candidate) => candidate.id === id);
  return plan && viewPlan(state, plan);
}
