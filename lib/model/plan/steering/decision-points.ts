import { isCanary } from '../../service/resolve-strategy.ts';
import type { Phase, Step } from '../plan.ts';
import type { PlanWalk } from './walk.ts';

/**
 * The steps before which a canary phase stops until an operator continues: its first two that had something to do when
 * the plan was made. Other phases have none. Source: dcos-commons, CanaryStrategy.
 */
export function decisionPoints(phase: Phase): readonly Step[] {
  return isCanary(phase.strategy) ? phase.steps.filter(({ change }) => change?.type !== 'none').slice(0, 2) : [];
}

/**
 * How many of the phase's decision points lie behind it: those that an operator has passed, and complete ones up to the
 * first that is open, because there is nothing left to decide about them.
 */
export function passedPoints({ steering, complete }: PlanWalk, phase: Phase): 0 | 1 | 2 {
  const said = steering?.passed.find(({ phaseId }) => phaseId === phase.id)?.decisionPoints ?? 0;
  const [first, second] = decisionPoints(phase);
  if (said === 0 && (first === undefined || !complete.has(first.id))) return 0;
  return said === 2 || (second !== undefined && complete.has(second.id)) ? 2 : 1;
}

/**
 * The steps of the phase that may not begin before an operator's next word: all of them before the first one, those from
 * the second decision point on before the second one.
 */
export function barredSteps(walk: PlanWalk, phase: Phase): readonly Step[] {
  const passed = passedPoints(walk, phase);
  const next = decisionPoints(phase)[passed];
  if (next === undefined) return [];
  return passed === 0 ? phase.steps : phase.steps.slice(phase.steps.indexOf(next));
}

/** Whether the phase is open and nothing of it goes on, or may begin, before an operator continues. */
export function isAtDecisionPoint(walk: PlanWalk, phase: Phase): boolean {
  const { complete, isBegun } = walk;
  const open = phase.steps.filter(({ id }) => !complete.has(id));
  const barred = barredSteps(walk, phase);
  return open.length > 0 && open.every((step) => barred.includes(step) && !isBegun.has(step.id));
}
