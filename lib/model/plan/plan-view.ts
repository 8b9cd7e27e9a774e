import type { NodeId } from '../node.ts';
import type { NodeWait, ServiceState } from '../state.ts';
import { type WaitingReason, waitingSentence } from '../waiting-reason.ts';
import { parseRunName } from './execution.ts';
import { nodeStatus } from './node-status.ts';
import type { Phase, Plan, PlanRun, Step, Strategy } from './plan.ts';
import { rollUpStatus, type Status, type StepStatus } from './status.ts';

/** A plan with its statuses. They are derived each time it is shown and stored nowhere. */
export interface PlanView {
  readonly id: string;
  readonly configId: string;
  readonly phases: readonly PhaseView[];
  readonly errors: readonly string[];
  readonly strategy: Strategy;
  readonly status: Status;
}

export interface PhaseView {
  readonly id: string;
  readonly name: string;
  readonly steps: readonly StepView[];
  readonly strategy: Strategy;
  readonly status: Status;
}

export interface StepView {
  readonly id: string;
  readonly name: string;
  readonly nodeId: NodeId;
  readonly status: StepStatus;
  /** As the 2.x guides show it. */
  readonly message: string;
  readonly waiting?: Waiting;
}

/** Why a step does not go on now. */
interface Waiting {
  readonly reason: WaitingReason;
  readonly sentence: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** Shows a plan of a service that lives. */
export function viewPlan(state: ServiceState, plan: Plan): PlanView {
  const deadRun = runThatFailed(state, plan);
  const show = (step: Step): StepView => viewStep(state, plan, { step, deadRun });
  const phases = plan.phases.map((phase) => viewPhase(phase, phase.steps.map(show)));
  // A run that ended is a delay while a step says what it waits for, and an error when nothing explains it.
  const isExplained = phases.some((phase) => phase.steps.some((step) => step.waiting !== undefined));
  const isOpen = phases.some((phase) => phase.status !== 'COMPLETE');
  const errors =
    deadRun === undefined || isExplained || !isOpen
      ? []
      : [
          `run ${deadRun.run} of the plan failed: ${deadRun.error ?? 'no error was given'}. Reconcile starts the next run`,
        ];
  return viewOf(plan, phases, errors);
}

/** Shows a plan that is known to be through, without its service. */
export function viewCompletePlan(plan: Plan): PlanView {
  const complete = (step: Step): StepView => stepView(step, 'COMPLETE', messageOf(plan, step, 'COMPLETE'));
  return viewOf(
    plan,
    plan.phases.map((phase) => viewPhase(phase, phase.steps.map(complete))),
    [],
  );
}

/** Builds the view of one step. */
export function stepView(step: Step, status: StepStatus, message: string, wait?: NodeWait): StepView {
  const waiting = wait && { reason: wait.reason, sentence: waitingSentence(wait.reason), since: wait.since };
  return { ...step, status, message, ...(waiting === undefined ? {} : { waiting }) };
}

function viewOf(plan: Plan, phases: readonly PhaseView[], errors: readonly string[]): PlanView {
  const { id, configId, strategy } = plan;
  const status = rollUpStatus({ strategy, children: phases.map((phase) => phase.status), errors });
  return { id, configId, phases, errors, strategy, status };
}

function viewPhase({ id, name, strategy }: Phase, steps: readonly StepView[]): PhaseView {
  const status = rollUpStatus({ strategy, children: steps.map((step) => step.status), errors: [] });
  return { id, name, steps, strategy, status };
}

function viewStep(
  state: ServiceState,
  plan: Plan,
  { step, deadRun }: { readonly step: Step; readonly deadRun: PlanRun | undefined },
): StepView {
  const progress = state.steps.find((candidate) => candidate.planId === plan.id && candidate.stepId === step.id);
  const show = (status: StepStatus, wait?: NodeWait): StepView =>
    stepView(step, status, messageOf(plan, step, status), wait);
  if (progress?.endedAt !== undefined) return show('COMPLETE');
  const wait = state.waits
    .filter((candidate) => candidate.nodeId === step.nodeId && runOf(candidate.holder)?.planId === plan.id)
    .reduce<NodeWait | undefined>(newer, undefined);
  if (wait !== undefined && deadRun !== undefined) return show('DELAYED', wait);
  if (progress === undefined) return show(nodeStatusBeforeBegin(wait), wait);
  if (plan.kind === 'uninstall') return show(wait?.reason.type === 'error' ? 'DELAYED' : 'PREPARED', wait);
  return show(nodeStatus(state, step.nodeId, wait), wait);
}

function nodeStatusBeforeBegin(wait: NodeWait | undefined): StepStatus {
  return wait?.reason.type === 'error' ? 'DELAYED' : 'PENDING';
}

function newer(one: NodeWait | undefined, other: NodeWait): NodeWait {
  return one !== undefined && one.since >= other.since ? one : other;
}

const stepClasses = { install: 'DeployStep', update: 'DeployStep', uninstall: 'UninstallStep' } as const;

function messageOf(plan: Plan, step: Step, status: StepStatus): string {
  return `${stepClasses[plan.kind]}: ${step.name} [${step.id}] with status: ${status}`;
}

/** The failed run of a plan that no later run has followed yet. */
function runThatFailed(state: ServiceState, plan: Plan): PlanRun | undefined {
  const failed = state.runs.find((run) => run.planId === plan.id && run.outcome === 'failed');
  if (failed === undefined || state.wish.planId !== plan.id) return undefined;
  const holders = [...state.waits, ...state.leases.filter((lease) => !lease.released)].map((item) => item.holder);
  const isFollowed = holders.map(runOf).some((run) => run?.planId === plan.id && run.run > failed.run);
  return isFollowed ? undefined : failed;
}

/** The plan and run of an execution of broker.asl, whose name is the run's name and the pod's; or of the run itself. */
function runOf(executionArn: string): { readonly planId: string; readonly run: number } | undefined {
  const name = executionArn.slice(executionArn.lastIndexOf(':') + 1);
  return parseRunName(name.replace(/^([0-9a-f-]{36}-\d+)-.*$/, '$1'));
}
