import { strict as assert } from 'node:assert';
import { isCutOff } from '../../model/broker/is-cut-off.ts';
import { hasStopped, isStopping, nodeRun } from '../../model/broker/node-run.ts';
import { stopProvenBy, taskEnd } from '../../model/broker/proven-stop.ts';
import type { RunTaskRequest } from '../../model/broker/run-task-request.ts';
import { takesThePlace } from '../../model/broker/takes-the-place.ts';
import { witnessOf } from '../../model/hosts/lost-node.ts';
import type { StepProgress } from '../../model/plan/plan.ts';
import { isStepComplete } from '../../model/plan/steering/walk.ts';
import { isSuperseded } from '../../model/plan/superseded.ts';
import type { ServiceState, TaskSeen } from '../../model/state.ts';
import type { PlanRunner } from '../../ports/plan-runner.ts';
import { claimNode } from './claim-node.ts';
import { heldByOperator, heldByThePlace } from './held-back.ts';
import { hostOutOfTouch } from './host-out-of-touch.ts';
import { type LookPorts, look, lookAtTask } from './look-at-task.ts';
import {
  announceWait,
  changedMeanwhile,
  done,
  giveBack,
  type HeldNode,
  heldLease,
  isStepResult,
  type NodeStepRequest,
  type StepResult,
  superseded,
  tryOf,
  whyItEnds,
} from './node-step.ts';
import { olderThanTasks } from './older-table.ts';
import { operatorRestart } from './restart-reasons.ts';
import { stopNotProven } from './stop-not-proven.ts';
import { stopReasons } from './stop-reasons.ts';
import { verdictValidMs } from './verdict-valid.ts';

/**
 * A function sends a request until its end at the latest, 15 s after it stored it; as long again ECS's list of tasks may not
 * show the task.
 */
const listLagMs = 30_000;

/**
 * Takes the node, and stops its task if it runs another config than the target's, or an operator wants it. Done at the proven end, or at once
 * when there is nothing to stop. A stop that is under way is seen to its end, also when a newer plan has come. Idempotent:
 * names the task that was decided on.
 */
export async function stopNode(
  ports: LookPorts & { readonly planRunner: PlanRunner },
  request: NodeStepRequest,
): Promise<StepResult> {
  const state = await readWithOwnTask(ports, request);
  if (state === undefined) return superseded('the service is gone');
  const ends = whyItEnds(state, request, ports.clock());
  if (ends !== undefined) return giveBack(ports, state, request, ends);
  if (isThrough(state, request)) return superseded('this execution is through with the node');
  // Before the node is taken: whoever adopts the task needs it.
  const older = await olderThanTasks(ports, { state, nodeId: request.nodeId, purpose: 'node' });
  if (older !== undefined) return older;
  const reasons = await stopReasons(ports, state, request);
  if (
    heldByOperator(state, request, ports.clock()) !== undefined ||
    (reasons.length > 0 && !mayStopNow(ports, state, request))
  ) {
    return { type: 'failed', error: 'VerdictTooOld', cause: 'what May stop found is over, or may be by now' };
  }
  const isAlone = isCutOff(state, request);
  const withSlot = request.kind === 'pause' || (!isAlone && takesThePlace(state, request, reasons.length > 0));
  const node = await claimNode(ports, request, { state, withSlot, step: stepToBegin(ports, request, state) });
  if (isStepResult(node)) return node;
  const run = nodeRun(node.state, node.goal);
  if (run.type !== 'seen' || run.seen?.lastStatus === 'STOPPED') return done;
  if (reasons.length === 0 && !isStopping(node.state, node.goal))
    return request.kind === 'recovery' ? awaitHost(ports, request, node, run.taskArn) : done;
  return stopTask(ports, request, { taskArn: run.taskArn, reason: reasons.join('; '), ...node });
}

/**
 * A recovery of a node that ECS shows as running: its host may be out of touch, and then only the end of the host, or its
 * return, tells more. Kafka may say that the node lives after all: it is left alone.
 */
async function awaitHost(
  ports: LookPorts,
  request: NodeStepRequest,
  { state, lease }: HeldNode,
  taskArn: string,
): Promise<StepResult> {
  const reason = await hostOutOfTouch(ports, state, request.nodeId);
  if (reason === undefined) return done;
  if (witnessOf(state, request.nodeId, ports.clock())?.life === 'alive') {
    if (!(await ports.store.finishNode({ lease, ...tryOf(request) }))) return changedMeanwhile;
    return superseded('Kafka says that it lives');
  }
  await announceWait(ports, request, { reason, awaits: 'task stopped', taskArn });
  const now = await ports.store.readService(request.service);
  const goal = now?.goals.find(({ nodeId }) => nodeId === request.nodeId);
  const isAsBefore =
    now !== undefined &&
    goal !== undefined &&
    !hasStopped(now, goal) &&
    (await hostOutOfTouch(ports, now, request.nodeId)) !== undefined;
  return isAsBefore ? { type: 'waiting' } : { type: 'not ready', reason };
}

/**
 * It has given the node back at its end, and nobody would do that a second time: this is an invocation that comes after. The
 * step of a plan that waits for an operator has given it back as well, and goes on later.
 */
function isThrough(state: ServiceState, { nodeId, holder, kind, planId = '', stepId = '' }: NodeStepRequest): boolean {
  const isGivenBack = state.leases.some(
    (lease) => lease.nodeId === nodeId && lease.holder === holder && lease.released,
  );
  return isGivenBack && (kind !== 'plan' || isStepComplete(state, planId, stepId));
}

/** Of a node that is held, its task as ECS has it now: a try before this one may have asked for its stop, and died. */
async function readWithOwnTask(ports: LookPorts, request: NodeStepRequest): Promise<ServiceState | undefined> {
  const state = await ports.store.readService(request.service);
  if (state === undefined || heldLease(state, request) === undefined) return state;
  const goal = state.goals.find(({ nodeId }) => nodeId === request.nodeId);
  const run = goal && nodeRun(state, goal);
  if (run?.type !== 'seen') return state;
  await look(ports, run.taskArn);
  return ports.store.readService(request.service);
}

/** Before the node is taken, so that who waits holds nothing. A stop that is under way is only looked at. */
function mayStopNow(ports: LookPorts, state: ServiceState, request: NodeStepRequest): boolean {
  const { nodeId, holder } = request;
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  if (goal !== undefined && isStopping(state, goal)) return true;
  const verdict = state.verdicts.find((candidate) => candidate.nodeId === nodeId && candidate.holder === holder);
  if (verdict === undefined || ports.clock() - verdict.judgedAt > verdictValidMs) return false;
  return isCutOff(state, request) || heldByThePlace(state, request, ports.clock()) === undefined;
}

/** Undefined: the step began, or there is none. One that an operator has had done again begins anew. */
function stepToBegin(ports: LookPorts, request: NodeStepRequest, state: ServiceState): StepProgress | undefined {
  const { planId, stepId } = request;
  if (planId === undefined || stepId === undefined) return undefined;
  const asked = operatorRestart(state, request);
  const begun = state.steps.find((step) => step.planId === planId && step.stepId === stepId);
  if (begun !== undefined && (begun.restart ?? 0) >= (asked?.times ?? 0)) return undefined;
  const restart = asked === undefined ? {} : { restart: asked.times };
  return { planId, stepId, startedAt: ports.clock(), ...restart };
}

/**
 * Takes the node from whoever is through with it and stops its task, for good or until the service is resumed; ends its
 * step. Idempotent. A hibernation that a resume or an uninstall took over gives the node back as it is.
 */
export async function stopNodeForGood(
  ports: LookPorts & { readonly planRunner: PlanRunner },
  request: NodeStepRequest,
): Promise<StepResult> {
  const state = await ports.store.readService(request.service);
  if (state === undefined) return done;
  // Another service has the name, and the one that was to go is gone; or a newer plan took a hibernation over.
  if (isSuperseded(state, request)) {
    const held = heldLease(state, request);
    if (held !== undefined) await ports.store.finishNode({ lease: held, ...tryOf(request) });
    return done;
  }
  const older = await olderThanTasks(ports, { state, nodeId: request.nodeId, purpose: 'node' });
  if (older !== undefined) return older;
  const node = await claimNode(ports, request, { state, withSlot: false });
  if (isStepResult(node)) return node;
  const taskArn = await taskThatMayRun(ports, node);
  if (typeof taskArn === 'object') return taskArn;
  const run = nodeRun(node.state, node.goal);
  // A task whose host is gone is over; ECS may never say so.
  const isOver = taskArn === undefined || (run.type === 'seen' && run.seen?.endedWith !== undefined);
  const stopped = isOver ? done : await stopTask(ports, request, { taskArn, reason: whyAllStop(request), ...node });
  if (stopped.type !== 'done' || request.planId === undefined || request.stepId === undefined) return stopped;
  const now = ports.clock();
  const step = { planId: request.planId, stepId: request.stepId, startedAt: now, endedAt: now };
  return (await ports.store.finishNode({ lease: node.lease, step, ...tryOf(request) })) ? done : changedMeanwhile;
}

function whyAllStop({ kind }: NodeStepRequest): string {
  return kind === 'hibernation' ? 'the service hibernates' : 'the service is uninstalled';
}

/** The ARN of the node's newest task; of a request without an answer, only ECS's own list tells whether it started one. */
async function taskThatMayRun(ports: LookPorts, { state, goal }: HeldNode): Promise<string | undefined | StepResult> {
  const run = nodeRun(state, goal);
  if (run.type === 'never started') return undefined;
  if (run.type === 'seen') return run.taskArn;
  const { launch } = goal;
  assert(launch !== undefined, 'a node that was requested has a request');
  const { startedBy } = JSON.parse(launch.request) as RunTaskRequest;
  if (ports.clock() - launch.requestedAt < listLagMs) {
    return { type: 'not ready', reason: { type: 'task starting', taskArn: `that was asked for as ${startedBy}` } };
  }
  const views = await ports.tasks.describeMany(await ports.tasks.listStartedBy(startedBy));
  return views.find(({ lastStatus }) => lastStatus !== 'STOPPED')?.taskArn;
}

async function stopTask(
  ports: LookPorts,
  request: NodeStepRequest,
  stop: HeldNode & { readonly taskArn: string; readonly reason: string },
): Promise<StepResult> {
  const { taskArn, state } = stop;
  // ECS may know the task no more.
  if (stopProvenBy(state, { nodeId: request.nodeId, taskArn }) !== undefined) return done;
  const before = await ports.store.readSeen(request.service, taskArn);
  if (before?.lastStatus === 'STOPPED') return afterLook(before, stop);
  if (before?.desiredStatus !== 'STOPPED') await ports.tasks.stop(taskArn, `warden: ${stop.reason}`);
  const outOfTouch = await hostOutOfTouch(ports, state, request.nodeId);
  const reason = outOfTouch ?? { type: 'task stopping' as const, taskArn };
  return afterLook(await lookAtTask(ports, request, { taskArn, statuses: ['STOPPED'], reason }), stop);
}

function afterLook(
  seen: TaskSeen | undefined,
  { taskArn, state, goal }: HeldNode & { readonly taskArn: string },
): StepResult {
  if (seen === undefined) return stopNotProven(goal, { taskArn, why: 'ECS no longer knows the task' });
  const end = taskEnd(seen, state);
  switch (end.type) {
    case 'lives':
      return { type: 'waiting' };
    case 'proven':
      return done;
    case 'not proven':
      return stopNotProven(goal, { taskArn, why: end.description });
  }
}
