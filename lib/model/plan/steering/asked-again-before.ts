import { type PlanWalk, restartsOf } from './walk.ts';

/**
 * Whether an operator had a step done again that comes before this one, and nobody has begun with it: a run that has passed
 * it ends before its next step, so that the next run takes them in order.
 */
export function isAskedAgainBefore({ plan, steering, complete, isBegun }: PlanWalk, stepId: string): boolean {
  const ids = plan.phases.flatMap(({ steps }) => steps.map(({ id }) => id));
  return ids
    .slice(0, Math.max(0, ids.indexOf(stepId)))
    .some((id) => restartsOf(steering, id) > 0 && !complete.has(id) && !isBegun.has(id));
}
