import type { ServiceState } from '../../state.ts';
import type { Plan } from '../plan.ts';
import type { PlanSteering } from '../steering.ts';

/** How far a plan has come, and what operators have said about it. */
export interface PlanWalk {
  readonly plan: Plan;
  /** Undefined: nothing was said. */
  readonly steering: PlanSteering | undefined;
  /** Ids of the steps that have ended or were forced, and have not been asked for again since. */
  readonly complete: ReadonlySet<string>;
  /** Ids of the steps that are under way or have ended, and have not been asked for again since they ended. */
  readonly isBegun: ReadonlySet<string>;
}

type WalkState = Pick<ServiceState, 'steps' | 'steering'>;

export function walkOf(state: WalkState, plan: Plan): PlanWalk {
  const ids = plan.phases.flatMap((phase) => phase.steps.map((step) => step.id));
  return {
    plan,
    steering: steeringOf(state, plan.id),
    complete: completeSteps(state, plan),
    isBegun: new Set(ids.filter((id) => hasBegun(state, plan.id, id))),
  };
}

/** Ids of the plan's steps that are complete. */
export function completeSteps(state: WalkState, plan: Plan): ReadonlySet<string> {
  const ids = plan.phases.flatMap((phase) => phase.steps.map((step) => step.id));
  return new Set(ids.filter((id) => isStepComplete(state, plan.id, id)));
}

/** A step is complete when it was forced to be, or has ended since an operator last asked for it again. */
export function isStepComplete(state: WalkState, planId: string, stepId: string): boolean {
  const steering = steeringOf(state, planId);
  if (steering?.forced.includes(stepId) === true) return true;
  return progressOf(state, planId, stepId).some(
    ({ endedAt, restart }) => endedAt !== undefined && (restart ?? 0) >= restartsOf(steering, stepId),
  );
}

function hasBegun(state: WalkState, planId: string, stepId: string): boolean {
  const times = restartsOf(steeringOf(state, planId), stepId);
  return progressOf(state, planId, stepId).some(
    ({ endedAt, restart }) => endedAt === undefined || (restart ?? 0) >= times,
  );
}

/** How often an operator had the step done again. */
export function restartsOf(steering: PlanSteering | undefined, stepId: string): number {
  return steering?.restarts.find((restart) => restart.stepId === stepId)?.times ?? 0;
}

export function steeringOf(state: Pick<ServiceState, 'steering'>, planId: string): PlanSteering | undefined {
  return state.steering.find((steering) => steering.planId === planId);
}

function progressOf(state: WalkState, planId: string, stepId: string): ServiceState['steps'] {
  return state.steps.filter((progress) => progress.planId === planId && progress.stepId === stepId);
}
