import { stepsAtOnce } from '../execution.ts';
import type { PlanWalk } from './walk.ts';

/**
 * Whether a step that comes before this one is open. When it is this step's turn, the run has passed all of those: an
 * operator had one of them done again since. Then the run ends before its next step, and the next run takes them in
 * order. The steps of a phase that go side by side do not come before each other; an install takes its controllers one by
 * one, since the first one forms the quorum. All steps of a resume go side by side.
 */
export function isOpenBefore({ plan, complete }: PlanWalk, stepId: string): boolean {
  const own = plan.phases.findIndex(({ steps }) => steps.some(({ id }) => id === stepId));
  const phase = plan.phases[own];
  if (phase === undefined || plan.kind === 'resume') return false;
  const isOneByOne = stepsAtOnce(phase) === 1 || (plan.kind === 'install' && phase.name === 'controller');
  const inPhase = isOneByOne ? phase.steps : [];
  const before = [
    ...plan.phases.slice(0, own).flatMap(({ steps }) => steps),
    ...inPhase.slice(
      0,
      inPhase.findIndex(({ id }) => id === stepId),
    ),
  ];
  return before.some(({ id }) => !complete.has(id));
}
