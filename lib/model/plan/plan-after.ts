import type { ServiceState } from '../state.ts';
import type { Plan } from './plan.ts';

/** The plan that took over from this one; undefined while this one is the wish. */
export function planAfter({ plans, wish }: Pick<ServiceState, 'plans' | 'wish'>, plan: Plan): Plan | undefined {
  if (wish.planId === plan.id) return undefined;
  const wished = plans.find(({ id }) => id === wish.planId);
  return plans
    .filter(({ id, createdAt }) => id !== plan.id && id !== wish.planId && createdAt > plan.createdAt)
    .reduce((first, other) => (first !== undefined && first.createdAt <= other.createdAt ? first : other), wished);
}
