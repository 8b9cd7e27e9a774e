import type { PhaseItem, PlanItem, SteeringItem } from '../run/plans.ts';

/**
 * Which word of an operator a step waits for before it may begin, told again without the product's rules: a plan or phase
 * is interrupted, or a canary phase has come to its first or second step that has something to do.
 */
export function heldBy(plan: PlanItem, steering: SteeringItem | undefined, stepId: string): string | undefined {
  const phase = plan.phases.find(({ steps }) => steps.some(({ id }) => id === stepId));
  if (phase === undefined) return undefined;
  if (steering?.isInterrupted === true) return 'the plan is interrupted';
  if (steering?.interruptedPhases.includes(phase.id) === true) return `phase ${phase.name} is interrupted`;
  return isBehindDecision(phase, steering, stepId) ? `phase ${phase.name} is at a decision point` : undefined;
}

export function isBehindDecision(phase: PhaseItem, steering: SteeringItem | undefined, stepId: string): boolean {
  if (!phase.strategy.endsWith('-canary')) return false;
  const [first, second] = phase.steps.filter(({ change }) => change?.type !== 'none');
  const said = steering?.passed.find(({ phaseId }) => phaseId === phase.id)?.decisionPoints ?? 0;
  // A point that is counted as complete asks for no word any more.
  const isForced = (step: typeof first): boolean => steering?.forced.includes(step?.id ?? '') === true;
  const afterFirst = said === 0 && isForced(first) ? 1 : said;
  const passed = afterFirst === 1 && isForced(second) ? 2 : afterFirst;
  if (first === undefined || passed === 2 || (passed === 1 && second === undefined)) return false;
  if (passed === 0) return true;
  const from = phase.steps.findIndex(({ id }) => id === second?.id);
  return phase.steps.findIndex(({ id }) => id === stepId) >= from;
}
