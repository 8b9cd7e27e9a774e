import { isCanary } from '../../service/resolve-strategy.ts';
import type { Phase, Step } from '../plan.ts';
import type { PlanSteering } from '../steering.ts';
import type { PlanWalk } from './walk.ts';

/**
 * The steps before which a canary phase stops until an operator continues: its first two that had something to do when
 * the plan was made. Other phases have none. Source: dcos-commons, CanaryStrategy.
 */
export function decisionPoints(phase: Phase): readonly Step[] {
  return isCanary(phase.strategy) ? phase.steps.filter(({ change }) => change?.type !== 'none').slice(0, 2) : [];
}

/** How many of the phase's decision points an operator has passed. */
export function passedPoints(steering: PlanSteering | undefined, phase: Phase): 0 | 1 | 2 {
  return steering?.passed.find(({ phaseId }) => phaseId === phase.id)?.decisionPoints ?? 0;
}

/**
 * The steps of the phase that may not begin before an operator's next word: all of them before the first one, those from
 * the second decision point on before the second one.
 */
export function barredSteps(phase: Phase, steering: PlanSteering | undefined): readonly Step[] {
  const points = decisionPoints(phase);
  const passed = passedPoints(steering, phase);
  const next = points[passed];
  if (next === undefined) return [];
  return passed === 0 ? phase.steps : phase.steps.slice(phase.steps.indexOf(next));
}

/** Whether the phase is open and nothing of it goes on, or may begin, before an operator continues. */
export function isAtDecisionPoint({ steering, complete, isBegun }: PlanWalk, phase: Phase): boolean {
  const open = phase.steps.filter(({ id }) => !complete.has(id));
  const barred = barredSteps(phase, steering);
  return open.length > 0 && open.every((step) => barred.includes(step) && !isBegun.has(step.id));
}
