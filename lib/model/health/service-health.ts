import { findPlan } from '../plan/find-plan.ts';
import type { PlanView, StepView } from '../plan/plan-view.ts';
import type { ServiceState } from '../state.ts';
import type { Health, HealthValue } from './health.ts';
import { hostSentences } from './host-sentences.ts';
import { lostEventSentences } from './lost-event-sentences.ts';
import type { LostEventsLook } from './lost-events-look.ts';

export interface HealthQuestion {
  readonly lostEvents?: LostEventsLook | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Also say what is well. */
  readonly verbose: boolean;
}

/**
 * How a service that lives is: its deploy plan decides until that is complete, then its recovery. What does not hinder the
 * plan, an update that was refused or taken back, a host that drains or is out of touch, is named and leaves the value as it
 * is, and so are lost events, which belong to the whole deployment. One that hibernates waits for the user (207).
 */
export function serviceHealth(state: ServiceState, { lostEvents, now, verbose }: HealthQuestion): Health {
  const deploy = findPlan({ type: 'lives', state }, 'deploy');
  if (deploy === undefined) return { value: 503, reasons: [`plan ${state.wish.planId} of the service is not stored`] };
  const recovery = findPlan({ type: 'lives', state }, 'recovery');
  const sleeps = state.wish.hibernates === true && deploy.ownStatus === 'COMPLETE';
  const value = sleeps ? 207 : healthValue(deploy, recovery);
  const { unwell, repaired } = lostEventSentences(lostEvents, now);
  const lost = [...unwell, ...repaired];
  const well = verbose && lost.length === 0 ? ['no event got lost'] : [];
  const plans = [
    ...planSentences('deploy', deploy, verbose),
    ...(recovery === undefined
      ? verbose
        ? ['no node is being recovered']
        : []
      : planSentences('recovery', recovery, verbose)),
  ];
  const asleep = sleeps ? [sleepSentence(state)] : [];
  // A node that was given up may be one of both plans.
  return { value, reasons: [...new Set([...asleep, ...plans, ...hostSentences(state, now), ...lost, ...well])] };
}

function sleepSentence({ plans, target, wish }: ServiceState): string {
  const plan = plans.find(({ id }) => id === wish.planId);
  const by = plan === undefined ? '' : ` by ${plan.requestedBy} at ${new Date(plan.createdAt).toISOString()}`;
  return `the service hibernates, asked for${by}: nothing of it runs before POST /service/${target.service}/v1/resume (warden resume)`;
}

function healthValue(deploy: PlanView, recovery: PlanView | undefined): HealthValue {
  switch (deploy.ownStatus) {
    case 'ERROR':
      return 500;
    case 'WAITING':
      return 207;
    case 'DELAYED':
      return 208;
    case 'PENDING':
      return 204;
    case 'COMPLETE':
      return recovery === undefined ? 200 : recoveryValue(recovery);
    case 'PREPARED':
    case 'STARTING':
    case 'STARTED':
    case 'IN_PROGRESS':
      return 202;
  }
}

/** A recovery is pending until a task of one of its nodes is asked for; a node that was given up is an error in it. */
function recoveryValue(recovery: PlanView): HealthValue {
  if (recovery.ownStatus === 'ERROR') return 500;
  const starts = stepsOf(recovery).some(({ status }) => status === 'STARTING' || status === 'STARTED');
  return starts ? 205 : 203;
}

function planSentences(name: string, plan: PlanView, verbose: boolean): readonly string[] {
  const steps = stepsOf(plan);
  const complete = steps.filter(({ status }) => status === 'COMPLETE').length;
  const headline = `plan ${name} is ${plan.ownStatus}: ${complete} of ${steps.length} steps are complete`;
  const waits = steps.flatMap((step) => (step.waiting === undefined ? [] : [`${step.name} ${step.waiting.sentence}`]));
  const refused = plan.refusals.map((refusal) => `the last update was refused: ${refusal}`);
  const errors = plan.errors.slice(plan.refusals.length);
  return [...(verbose || plan.ownStatus !== 'COMPLETE' ? [headline] : []), ...refused, ...errors, ...waits];
}

function stepsOf(plan: PlanView): readonly StepView[] {
  return plan.phases.flatMap((phase) => phase.steps);
}
