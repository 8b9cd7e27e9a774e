import type { Plan } from './plan.ts';

/**
 * Ids of configs, newest first, as the guides list them: a config is as old as the first plan that led to it. What no
 * plan names any more comes last.
 */
export function configsByAge(configIds: readonly string[], plans: readonly Plan[]): readonly string[] {
  const bornAt = (configId: string): number => {
    const times = plans.filter((plan) => plan.configId === configId).map(({ createdAt }) => createdAt);
    return times.length === 0 ? 0 : Math.min(...times);
  };
  const aged = configIds.map((id) => ({ id, at: bornAt(id) }));
  return aged.sort((one, other) => other.at - one.at || (one.id < other.id ? -1 : 1)).map(({ id }) => id);
}
