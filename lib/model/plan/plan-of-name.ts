import type { ServiceState } from '../state.ts';
import type { Plan, PlanKind } from './plan.ts';

/** Kinds of plans that are called by their own name as well. */
const ownNames: readonly PlanKind[] = ['hibernate', 'resume'];

/** The stored plan of a name or id: `deploy` is the newest of all, `hibernate` and `resume` the newest of their kind. */
export function planOfName({ plans, wish }: Pick<ServiceState, 'plans' | 'wish'>, nameOrId: string): Plan | undefined {
  if (nameOrId === 'deploy') return plans.find(({ id }) => id === wish.planId);
  const isOwn = (kind: PlanKind): boolean => kind === nameOrId && ownNames.includes(kind);
  const named = plans.filter(({ kind }) => isOwn(kind)).toSorted((one, other) => other.createdAt - one.createdAt);
  return named[0] ?? plans.find(({ id }) => id === nameOrId);
}

/** What the newest plan is called, beside `deploy`. */
export function ownNameOf({ plans, wish }: Pick<ServiceState, 'plans' | 'wish'>): string | undefined {
  const kind = plans.find(({ id }) => id === wish.planId)?.kind;
  return kind !== undefined && ownNames.includes(kind) ? kind : undefined;
}
