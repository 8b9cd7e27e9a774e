import { podName } from '../node.ts';
import type { Phase, Plan } from './plan.ts';

/** Version of the payloads between the machines and the functions; functions read this and the previous one. */
export const payloadVersion = 1;

/** Name of a run of a plan's machine: the plan's id and the number of the run. */
export function runName(planId: string, run: number): string {
  return `${planId}-${run}`;
}

/** The plan and the run that an execution name of `runName` stands for; undefined for any other name. */
export function parseRunName(name: string): { readonly planId: string; readonly run: number } | undefined {
  const match = /^([0-9a-f-]{36})-(\d+)$/.exec(name);
  const [, planId, run] = match ?? [];
  return planId === undefined || run === undefined ? undefined : { planId, run: Number(run) };
}

/** Whether two executions, each of a node's step or the run itself, belong to one run of a plan. */
export function isSameRun(one: StepExecution, other: StepExecution): boolean {
  return runOf(one) === runOf(other);
}

export interface StepExecution {
  /** ARN of the broker.asl execution, or of the run. */
  readonly holder: string;
  readonly nodeId: number;
}

/** What is left of the name without the node, as `stepItems` puts them together. */
function runOf({ holder, nodeId }: StepExecution): string {
  const name = holder.slice(holder.lastIndexOf(':') + 1);
  const suffix = `-${podName(nodeId)}`;
  return name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}

/** Name of the recovery of one try of a node: the same stop never starts two. */
export function recoveryName(service: string, nodeId: number, attempt: number, createdAt: number): string {
  return `${service}-${podName(nodeId)}-${createdAt.toString(36)}-a${attempt}`;
}

/** Name of what follows an operator's word about a node: the same word, which has its number, never starts two. */
export function wordName(
  service: string,
  nodeId: number,
  { createdAt, word }: { readonly createdAt: number; readonly word: string },
): string {
  return `${service}-${podName(nodeId)}-${createdAt.toString(36)}-${word}`;
}

/** Whether an execution, by its ARN, follows such a word about this node. */
export function isOfWord(executionArn: string, service: string, nodeId: number): boolean {
  const name = executionArn.slice(executionArn.lastIndexOf(':') + 1);
  const base = `${service}-${podName(nodeId)}-`;
  return name.startsWith(base) && /^[0-9a-z]+-(r\d+|x\d+|p[0-9a-z]+)-\d+$/.test(name.slice(base.length));
}

/** Name of the move of one try of a node to another host. */
export function replacementName(service: string, nodeId: number, attempt: number, createdAt: number): string {
  return `${service}-${podName(nodeId)}-${createdAt.toString(36)}-m${attempt}`;
}

/** Name of one run of an adoption. */
export function adoptionName(adoption: {
  readonly service: string;
  readonly nodeId: number;
  readonly createdAt: number;
  readonly times: number;
  readonly run: number;
}): string {
  const { service, nodeId, createdAt, times, run } = adoption;
  return `${service}-${podName(nodeId)}-${createdAt.toString(36)}-adopt${times}-${run}`;
}

interface StepItem {
  readonly nodeId: number;
  readonly stepId: string;
  /** Name of the broker.asl execution that takes this step. */
  readonly executionName: string;
}

/** Input of one run: ids only, so that a plan of any size fits. */
export interface PlanExecutionInput {
  readonly v: number;
  readonly service: string;
  readonly planId: string;
  readonly run: number;
  /** The kind of lease that its steps take. */
  readonly kind: 'plan' | 'hibernation' | 'uninstall';
  readonly controllers: readonly StepItem[];
  readonly brokers: readonly StepItem[];
  readonly nodes: readonly StepItem[];
  /** How many brokers an install may bring up at once; 0 = all of them. */
  readonly brokersAtOnce: number;
  readonly phases: readonly {
    readonly name: string;
    /** How many steps may be under way at once; 0 = all of them. */
    readonly concurrency: number;
    readonly steps: readonly StepItem[];
  }[];
}

export function planExecutionInput(plan: Plan, run: number): PlanExecutionInput {
  const items = (role: string) =>
    plan.phases.filter((phase) => phase.name.endsWith(role)).flatMap((phase) => stepItems(plan, phase, run));
  const controllers = items('controller');
  const brokers = items('broker');
  return {
    v: payloadVersion,
    service: plan.service,
    planId: plan.id,
    run,
    kind: leaseKindOf(plan),
    controllers,
    brokers,
    nodes: [...brokers, ...controllers],
    brokersAtOnce: plan.phases.some(({ name, strategy }) => name === 'broker' && strategy === 'parallel') ? 0 : 1,
    phases: plan.phases.map((phase) => ({
      name: phase.name,
      concurrency: stepsAtOnce(phase),
      steps: stepItems(plan, phase, run),
    })),
  };
}

function leaseKindOf({ kind }: Plan): PlanExecutionInput['kind'] {
  switch (kind) {
    case 'install':
    case 'update':
    case 'resume':
      return 'plan';
    case 'hibernate':
      return 'hibernation';
    case 'uninstall':
      return 'uninstall';
  }
}

/**
 * How many steps of the phase may be under way at once; 0 = all of them. Those still take their nodes down one by one.
 * Controllers ask side by side, because which of them is the active one, and comes last, is only known when it is their
 * turn.
 */
export function stepsAtOnce({ name, strategy }: Phase): number {
  if (name === 'controller') return 0;
  return strategy === 'parallel' || strategy === 'parallel-canary' ? 0 : 1;
}

function stepItems(plan: Plan, phase: Phase, run: number): StepItem[] {
  return phase.steps.map((step) => ({
    nodeId: step.nodeId,
    stepId: step.id,
    executionName: `${runName(plan.id, run)}-${podName(step.nodeId)}`,
  }));
}
