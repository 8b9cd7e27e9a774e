import type { ServiceState, UpdateError } from '../state.ts';
import type { Plan, PlanRun } from './plan.ts';
import { planAfter } from './plan-after.ts';
import { runOf, type StepCondition } from './step-condition.ts';

/** What is wrong with a plan, in the words of the 2.x guides and in those of the 1.x guides. */
export interface PlanErrors {
  readonly errors: readonly string[];
  readonly errorsInBlocks: readonly string[];
  /** Those in the words of the 2.x guides that are of an update that was refused: nothing is wrong with the plan itself. */
  readonly refusals: readonly string[];
  /** Those that hinder the plan: without the refusals, and without its word that it takes another one back. */
  readonly hindrances: readonly string[];
}

export const noErrors: PlanErrors = { errors: [], errorsInBlocks: [], refusals: [], hindrances: [] };

/**
 * The refused update stands in the plan that is the wish, although its steps go on. `isExplained`: a step says what it
 * waits for; a run that ended is only a delay then. `ofSteps`: why steps are in error.
 */
export function planErrors(
  state: ServiceState,
  plan: Plan,
  about: { readonly isComplete: boolean; readonly isExplained: boolean; readonly ofSteps: readonly string[] },
): PlanErrors {
  const { isComplete, isExplained, ofSteps } = about;
  const refused: readonly UpdateError[] = state.wish.planId === plan.id ? (state.refusedUpdate?.errors ?? []) : [];
  const deadRun = runThatFailed(state, plan);
  const takesBack =
    plan.takesBack === undefined ? [] : [`takes back plan ${plan.takesBack.planId}: ${plan.takesBack.reason}`];
  const hindrances = [
    ...(isComplete ? [] : supersededSentences(state, plan)),
    ...(isComplete || isExplained || deadRun === undefined
      ? []
      : [
          `run ${deadRun.run} of the plan failed: ${deadRun.error ?? 'no error was given'}. Reconcile starts the next run`,
        ]),
    ...ofSteps,
  ];
  const refusals = refused.map(({ inSteps }) => inSteps);
  return {
    errors: [...refusals, ...takesBack, ...hindrances],
    errorsInBlocks: [...refused.map(({ inBlocks }) => inBlocks), ...takesBack, ...hindrances],
    refusals,
    hindrances,
  };
}

/** Why steps are in error, with their names: nobody goes on with them by himself. */
export function errorsOfSteps(
  phases: readonly { readonly steps: readonly (StepCondition & { readonly name: string })[] }[],
): readonly string[] {
  const steps = phases.flatMap((phase) => phase.steps);
  return steps.flatMap(({ name, status, waiting }) =>
    status === 'ERROR' && waiting !== undefined ? [`${name} ${waiting.sentence}`] : [],
  );
}

/** The failed run of a plan that no later run has followed yet. */
export function runThatFailed(state: ServiceState, plan: Plan): PlanRun | undefined {
  const failed = state.runs.find((run) => run.planId === plan.id && run.outcome === 'failed');
  if (failed === undefined || state.wish.planId !== plan.id) return undefined;
  const holders = [...state.waits, ...state.leases.filter((lease) => !lease.released)].map((item) => item.holder);
  const isFollowed = holders.map(runOf).some((run) => run?.planId === plan.id && run.run > failed.run);
  return isFollowed ? undefined : failed;
}

/** A plan that is left unfinished says which one took over, and why if it was taken back. */
function supersededSentences(state: ServiceState, plan: Plan): readonly string[] {
  const next = planAfter(state, plan);
  if (next === undefined) return [];
  return [`superseded by plan ${next.id}${next.takesBack?.planId === plan.id ? `: ${next.takesBack.reason}` : ''}`];
}
