import type { NodeId } from '../node.ts';
import type { NodeWait, ServiceState } from '../state.ts';
import { type WaitingReason, waitingSentence } from '../waiting-reason.ts';
import { parseRunName } from './execution.ts';
import { nodeStatus } from './node-status.ts';
import type { Plan, Step, StepProgress } from './plan.ts';
import { type ShownLastWords, shownLastWords, withLastWords } from './shown-last-words.ts';
import type { StepStatus } from './status.ts';
import type { PlanWalk } from './steering/walk.ts';

/** How a step is. */
export interface StepCondition {
  readonly status: StepStatus;
  readonly waiting?: Waiting;
  /** Of a step that is under way: how the log of its node's process ended. */
  readonly lastWords?: ShownLastWords;
}

/** Why a step does not go on now. */
interface Waiting {
  readonly reason: WaitingReason;
  readonly sentence: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** What the conditions of all steps of a plan have in common. */
export interface StepSight {
  readonly state: ServiceState;
  readonly walk: PlanWalk;
  /** The plan's newest run failed, and no later one has followed yet. */
  readonly hasDeadRun: boolean;
}

/** Of a step of a plan of a service that lives. */
export function stepCondition({ state, walk, hasDeadRun }: StepSight, step: Step): StepCondition {
  if (walk.complete.has(step.id)) return { status: 'COMPLETE' };
  const { plan } = walk;
  const wait = state.waits
    .filter(({ nodeId, holder }) => nodeId === step.nodeId && runOf(holder)?.planId === plan.id)
    .reduce<NodeWait | undefined>(newer, undefined);
  const status = openStatus({ state, walk, hasDeadRun }, step, wait);
  return { status, ...waitingOf(wait), ...(status === 'PENDING' ? {} : lastWordsOf(state, step.nodeId)) };
}

/** Builds what a step shows of its node's log. */
export function lastWordsOf(state: ServiceState, nodeId: NodeId): Pick<StepCondition, 'lastWords'> {
  const lastWords = shownLastWords(state, nodeId);
  return lastWords === undefined ? {} : { lastWords };
}

/** Builds what a step shows of a wait. */
export function waitingOf(wait: Pick<NodeWait, 'reason' | 'since'> | undefined): Pick<StepCondition, 'waiting'> {
  if (wait === undefined) return {};
  return { waiting: { reason: wait.reason, sentence: waitingSentence(wait.reason), since: wait.since } };
}

/** As the 2.x guides show it, and how the log of the node's process ended. */
export function stepMessage(plan: Plan, step: Step, { status, lastWords }: StepCondition): string {
  return withLastWords(`${stepClasses[plan.kind]}: ${step.name} [${step.id}] with status: ${status}`, lastWords);
}

const stepClasses = {
  install: 'DeployStep',
  update: 'DeployStep',
  hibernate: 'HibernateStep',
  resume: 'DeployStep',
  uninstall: 'UninstallStep',
} as const;

/** The plan and run of an execution of broker.asl, whose name is the run's name and the pod's; or of the run itself. */
export function runOf(executionArn: string): { readonly planId: string; readonly run: number } | undefined {
  const name = executionArn.slice(executionArn.lastIndexOf(':') + 1);
  return parseRunName(name.replace(/^([0-9a-f-]{36}-\d+)-.*$/, '$1'));
}

function openStatus({ state, walk, hasDeadRun }: StepSight, step: Step, wait: NodeWait | undefined): StepStatus {
  if (wait?.reason.type === 'deactivated') return 'ERROR';
  if (wait !== undefined && hasDeadRun) return 'DELAYED';
  const { plan } = walk;
  const progress = state.steps.find(({ planId, stepId }) => planId === plan.id && stepId === step.id);
  if (progress === undefined || !walk.isBegun.has(step.id)) return isError(wait) ? 'DELAYED' : 'PENDING';
  if (plan.kind === 'uninstall' || plan.kind === 'hibernate') return isError(wait) ? 'DELAYED' : 'PREPARED';
  // The node of a plan that was superseded is another plan's business, unless this one still brings it up.
  if (state.wish.planId !== plan.id && !holdsNode(state, plan, step)) return 'PENDING';
  const status = nodeStatus(state, step.nodeId, wait);
  const isOfTheStep = (status !== 'STARTED' && status !== 'STARTING') || wasLaunchedSince(state, step, progress);
  return isOfTheStep ? status : 'PREPARED';
}

function isError(wait: NodeWait | undefined): boolean {
  return wait?.reason.type === 'error';
}

function holdsNode(state: ServiceState, plan: Plan, step: Step): boolean {
  return state.leases.some(
    ({ nodeId, released, holder }) => nodeId === step.nodeId && !released && runOf(holder)?.planId === plan.id,
  );
}

/** A process that ran before the step began is the one that it may have to stop. */
function wasLaunchedSince(state: ServiceState, step: Step, { startedAt }: StepProgress): boolean {
  const launch = state.goals.find(({ nodeId }) => nodeId === step.nodeId)?.launch;
  return launch !== undefined && launch.requestedAt >= startedAt;
}

function newer(one: NodeWait | undefined, other: NodeWait): NodeWait {
  return one !== undefined && one.since >= other.since ? one : other;
}
