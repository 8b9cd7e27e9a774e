import type { ServiceState } from '../../state.ts';
import { type PlanWalk, restartsOf } from './walk.ts';

/**
 * Whether an operator had a step done again that comes before this one, and no run has taken it up since: a run that has
 * passed it ends before its next step, so that the next run takes them in order. What was forced while it was under way
 * has begun and is not taken up.
 */
export function isAskedAgainBefore(
  { steps }: Pick<ServiceState, 'steps'>,
  { plan, steering, complete }: PlanWalk,
  stepId: string,
): boolean {
  const isTakenUp = (id: string): boolean =>
    steps.some(
      (progress) =>
        progress.planId === plan.id && progress.stepId === id && (progress.restart ?? 0) >= restartsOf(steering, id),
    );
  const ids = plan.phases.flatMap((phase) => phase.steps.map(({ id }) => id));
  return ids
    .slice(0, Math.max(0, ids.indexOf(stepId)))
    .some((id) => restartsOf(steering, id) > 0 && !complete.has(id) && !isTakenUp(id));
}
