import { isWantedDown } from '../is-wanted-down.ts';
import type { LeaseKind, ServiceState } from '../state.ts';

/**
 * Whether the work of an execution is no longer wanted: a plan's once a newer plan is accepted, that for one node
 * once its service is to go away or to hibernate, or another one has its name.
 */
export function isSuperseded(
  state: ServiceState,
  work: { readonly kind: LeaseKind; readonly planId?: string; readonly serviceCreatedAt?: number },
): boolean {
  switch (work.kind) {
    case 'recovery':
    case 'restart':
    case 'pause':
    case 'replacement':
      return isWantedDown(state.wish) || (work.serviceCreatedAt ?? state.target.createdAt) !== state.target.createdAt;
    case 'plan':
    case 'hibernation':
    case 'uninstall':
      return state.wish.planId !== work.planId;
  }
}
