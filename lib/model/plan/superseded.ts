import type { LeaseKind, ServiceState } from '../state.ts';

/**
 * Whether the work of an execution is no longer wanted: a plan's once a newer plan is accepted, a recovery's once the
 * service is to go away.
 */
export function isSuperseded(
  state: ServiceState,
  work: { readonly kind: LeaseKind; readonly planId?: string },
): boolean {
  switch (work.kind) {
    case 'recovery':
      return state.wish.uninstall !== undefined;
    case 'plan':
    case 'uninstall':
      return state.wish.planId !== work.planId;
  }
}
