import type { ServiceConfig } from '../service/config.ts';
import type { NodeGoal, ServiceState } from '../state.ts';
import { decisionPoints } from './steering/decision-points.ts';
import { isStepComplete } from './steering/walk.ts';

/** Unasked stops in a row: the first one may have been an accident. */
const mostStops = 2;
/** Lines of the log in the reason: the error and what caused it. */
const wordsInReason = 3;

/** What is known when a canary is judged. */
export interface CanaryLook {
  readonly state: ServiceState;
  /** The target config. */
  readonly config: ServiceConfig;
  readonly planId: string;
  readonly stepId: string;
  readonly goal: NodeGoal;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Why the first node of an update has failed, where the service rolls back by itself; undefined: it has not, or an
 * operator decides. It failed when its process ended twice without being asked to, or was not in sync within the limit.
 */
export function canaryFailure({ state, config, planId, stepId, goal, now }: CanaryLook): string | undefined {
  const { rollback, canary_limit_secs: limitSeconds } = config.options.service;
  const plan = state.plans.find(({ id }) => id === planId);
  if (rollback !== 'automatic' || plan?.kind !== 'update' || plan.takesBack !== undefined) return undefined;
  if (state.wish.planId !== planId || plan.previousConfigId === undefined) return undefined;
  const step = plan.phases.flatMap((phase) => decisionPoints(phase).slice(0, 1)).find(({ id }) => id === stepId);
  const progress = state.steps.find((candidate) => candidate.planId === planId && candidate.stepId === stepId);
  if (step === undefined || progress === undefined || isStepComplete(state, planId, stepId)) return undefined;
  if (goal.failures.count >= mostStops) {
    return `${step.name} ended ${goal.failures.count} times without being asked to, in the new configuration${wordsOf(state, goal)}`;
  }
  if (now - progress.startedAt > limitSeconds * 1000) {
    return `${step.name} was not in sync within ${limitSeconds} s in the new configuration`;
  }
  return undefined;
}

/** Of the newest failure whose log was read: the log of the last one may not be known yet. */
function wordsOf({ lastWords }: ServiceState, { nodeId, attempt, failures }: NodeGoal): string {
  const words = lastWords.find((candidate) => candidate.nodeId === nodeId);
  if (words === undefined || words.lines.length === 0 || words.attempt <= attempt - failures.count) return '';
  return `; its log ended: ${words.lines.slice(-wordsInReason).join(' / ')}`;
}
