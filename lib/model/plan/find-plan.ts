import type { ServiceState, Tombstone } from '../state.ts';
import { ownNameOf, planOfName } from './plan-of-name.ts';
import { type PlanView, viewCompletePlan, viewPlan } from './plan-view.ts';
import { viewRecovery } from './recovery-view.ts';

/** A service as it is stored: it lives, or only its tombstone is left. */
export type StoredService =
  | { readonly type: 'lives'; readonly state: ServiceState }
  | { readonly type: 'uninstalled'; readonly tombstone: Tombstone };

/** Names of the plans that can be shown now. */
export function planNames(service: StoredService): readonly string[] {
  if (service.type === 'uninstalled') return ['deploy'];
  const ownName = ownNameOf(service.state);
  const recovers = viewRecovery(service.state) !== undefined;
  return ['deploy', ...(ownName === undefined ? [] : [ownName]), ...(recovers ? ['recovery'] : [])];
}

/** The plan of a name or id, as `planOfName` says, or the recovery. Undefined when there is none. */
export function findPlan(service: StoredService, nameOrId: string): PlanView | undefined {
  if (service.type === 'uninstalled') {
    const { plan } = service.tombstone;
    return nameOrId === 'deploy' || nameOrId === plan.id ? viewCompletePlan(plan) : undefined;
  }
  const { state } = service;
  if (nameOrId === 'recovery') return viewRecovery(state);
  const plan = planOfName(state, nameOrId);
  return plan && viewPlan(state, plan);
}
