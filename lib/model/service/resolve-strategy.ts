import type { Strategy } from '../plan/strategy.ts';
import type { Reading } from './read-section.ts';

const ofPhaseStrategy = { INSTALL: 'serial', STAGE: 'serial-canary' } as const;

/**
 * One deploy strategy from the two options of the guides: `phase_strategy` is the 1.x spelling. Both together are taken
 * while they agree, that is, while both stop for an operator or neither does.
 */
export function resolveStrategy(
  read: { readonly deploy_strategy: Strategy; readonly phase_strategy: 'INSTALL' | 'STAGE' },
  given: Readonly<Record<string, unknown>>,
): Reading<Strategy> {
  if (given['phase_strategy'] === undefined) return { value: read.deploy_strategy, refusals: [] };
  if (given['deploy_strategy'] === undefined) return { value: ofPhaseStrategy[read.phase_strategy], refusals: [] };
  if (isCanary(read.deploy_strategy) === (read.phase_strategy === 'STAGE'))
    return { value: read.deploy_strategy, refusals: [] };
  return {
    value: read.deploy_strategy,
    refusals: [
      {
        pointer: '/service/phase_strategy',
        value: read.phase_strategy,
        message: `deploy_strategy ${read.deploy_strategy} and phase_strategy ${read.phase_strategy} say different things of stops for an operator`,
        allowed: 'one of the two, or both when they agree',
        hint: 'leave out phase_strategy',
      },
    ],
  };
}

/** Whether a walk by this strategy stops for an operator. */
export function isCanary(strategy: Strategy): boolean {
  return strategy === 'serial-canary' || strategy === 'parallel-canary';
}
