import type { PlanSteering } from '../steering.ts';
import { barredSteps } from './decision-points.ts';
import type { PlanWalk } from './walk.ts';

/** Which word of an operator a step waits for. */
export interface OperatorHold {
  readonly why: 'decision point' | 'interrupted';
  /** Name of the step's phase. */
  readonly phase: string;
}

/** Why the step may not begin; undefined: operators let it. A step that began is never held. */
export function operatorHolds(walk: PlanWalk, stepId: string): OperatorHold | undefined {
  const { plan, steering, isBegun } = walk;
  const phase = plan.phases.find(({ steps }) => steps.some(({ id }) => id === stepId));
  if (phase === undefined || isBegun.has(stepId)) return undefined;
  if (isInterrupted(steering, phase.id)) return { why: 'interrupted', phase: phase.name };
  const isBarred = barredSteps(walk, phase).some(({ id }) => id === stepId);
  return isBarred ? { why: 'decision point', phase: phase.name } : undefined;
}

function isInterrupted(steering: PlanSteering | undefined, phaseId: string): boolean {
  return steering !== undefined && (steering.isInterrupted || steering.interruptedPhases.includes(phaseId));
}
