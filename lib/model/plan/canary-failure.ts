import { hasNoTask } from '../broker/node-run.ts';
import type { ServiceConfig } from '../service/config.ts';
import type { NodeGoal, ServiceState } from '../state.ts';
import type { Plan, Step, StepProgress } from './plan.ts';
import { decisionPoints } from './steering/decision-points.ts';
import { isStepComplete } from './steering/walk.ts';

/** Unasked stops in a row: the first one may have been an accident. */
const mostStops = 2;
/** Lines of the log in the reason: the error and what caused it. */
const wordsInReason = 3;

/** The first node of an update that can be taken back, while its step is under way. */
export interface Canary {
  readonly step: Step;
  readonly progress: StepProgress;
  /** The config that there is to go back to. */
  readonly previousConfigId: string;
}

/**
 * The canary that a step of a plan is; undefined: it is none, or there is nothing to go back to: the update was taken over,
 * takes another one back, or leads to the config that it would go back to.
 */
export function canaryOf(
  state: ServiceState,
  { planId, stepId }: { readonly planId?: string; readonly stepId?: string },
): Canary | undefined {
  const plan = state.plans.find(({ id }) => id === planId);
  if (plan === undefined || stepId === undefined || state.wish.planId !== plan.id) return undefined;
  const previousConfigId = goesBackTo(plan);
  const step = plan.phases.flatMap((phase) => decisionPoints(phase).slice(0, 1)).find(({ id }) => id === stepId);
  const progress = state.steps.find((candidate) => candidate.planId === planId && candidate.stepId === stepId);
  if (previousConfigId === undefined || step === undefined || progress === undefined) return undefined;
  return isStepComplete(state, plan.id, stepId) ? undefined : { step, progress, previousConfigId };
}

function goesBackTo({ kind, takesBack, configId, previousConfigId }: Plan): string | undefined {
  return kind !== 'update' || takesBack !== undefined || previousConfigId === configId ? undefined : previousConfigId;
}

/** What is known when a canary is judged. */
export interface CanaryLook {
  readonly state: ServiceState;
  readonly canary: Canary;
  /** The target config. */
  readonly config: ServiceConfig;
  /** The one that there is to go back to. */
  readonly previous: ServiceConfig;
  readonly goal: NodeGoal;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Why the canary has failed, where the service rolls back by itself; undefined: it has not, or an operator decides. It
 * failed when its process ended twice in the new config without being asked to, or was not in sync within the limit. An
 * update that adds brokers is not taken back by itself: brokers never become fewer.
 */
export function canaryFailure({ state, canary, config, previous, goal, now }: CanaryLook): string | undefined {
  const { rollback, canary_limit_secs: limitSeconds } = config.options.service;
  if (rollback !== 'automatic' || previous.options.brokers.count < config.options.brokers.count) return undefined;
  const { step, progress } = canary;
  const trial = trialOf(state, { goal, configId: config.id, startedAt: progress.startedAt });
  if (trial === undefined) return undefined;
  if (trial.stops >= mostStops) {
    return `${step.name} ended ${trial.stops} times without being asked to, in the new configuration${wordsOf(state, goal)}`;
  }
  if (now - trial.since > limitSeconds * 1000) {
    return `${step.name} was not in sync within ${limitSeconds} s in the new configuration`;
  }
  return undefined;
}

interface Trial {
  /** Epoch milliseconds. */
  readonly since: number;
  /** Unasked ones since then. */
  readonly stops: number;
}

/**
 * How the new config has done on the node so far. What was before its first start with it (stops in the old config, a
 * clean stop, a wait for room) tells nothing; a node that takes the config while it runs is tried from the step's beginning.
 */
function trialOf(
  state: ServiceState,
  { goal, configId, startedAt }: { readonly goal: NodeGoal; readonly configId: string; readonly startedAt: number },
): Trial | undefined {
  const { launch, failures } = goal;
  if (launch === undefined) return undefined;
  if (launch.configId === configId && launch.requestedAt >= startedAt) {
    const { requestedAt, sameConfigSince = requestedAt } = launch;
    return { since: sameConfigSince >= startedAt ? sameConfigSince : requestedAt, stops: failures.count };
  }
  return hasNoTask(state, goal) ? undefined : { since: startedAt, stops: 0 };
}

/** Of the newest failure whose log was read: the log of the last one may not be known yet. */
function wordsOf({ lastWords }: ServiceState, { nodeId, attempt, failures }: NodeGoal): string {
  const words = lastWords.find((candidate) => candidate.nodeId === nodeId);
  if (words === undefined || words.lines.length === 0 || words.attempt <= attempt - failures.count) return '';
  return `; its log ended: ${words.lines.slice(-wordsInReason).join(' / ')}`;
}
