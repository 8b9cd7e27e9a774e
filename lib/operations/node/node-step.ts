import { strict as assert } from 'node:assert';
import { drainingHost } from '../../model/broker/host-drains.ts';
import { hasNoTask, isStopping, nodeRun } from '../../model/broker/node-run.ts';
import { openReplacement } from '../../model/broker/open-replacement.ts';
import { openRestart } from '../../model/broker/open-restart.ts';
import { mustStayDown, pauseNow } from '../../model/broker/pause-now.ts';
import { taskEnd } from '../../model/broker/proven-stop.ts';
import { isWantedDown } from '../../model/is-wanted-down.ts';
import { isSuperseded } from '../../model/plan/superseded.ts';
import type { LeaseKind, NodeGoal, NodeLease, ServiceState, TokenAwaits, WaitIdentity } from '../../model/state.ts';
import type { WaitingReason } from '../../model/waiting-reason.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';

/** What a state of broker.asl, hibernate.asl or uninstall.asl hands to its step. */
export interface NodeStepRequest {
  readonly service: string;
  readonly nodeId: number;
  readonly kind: LeaseKind;
  /** ARN of the execution that acts. */
  readonly holder: string;
  /** Set for kinds recovery, restart, pause and replacement: which of the services that had this name, by the time of its install. */
  readonly serviceCreatedAt?: number;
  /** Set for kinds plan, hibernation and uninstall. */
  readonly planId?: string;
  /** The same. */
  readonly stepId?: string;
  /** Set in states that wait for a token. */
  readonly token?: string;
  /** Set for kind replacement: when `Find another host` let it go on, in epoch milliseconds. */
  readonly roomFoundAt?: number;
  /** Which try of the state this is: later ones sort after earlier ones. */
  readonly try?: string;
}

/** How a step ended. A shell turns it into a token's answer, a return value, or an error that the machine knows. */
export type StepResult =
  | { readonly type: 'done'; readonly output?: Readonly<Record<string, unknown>> }
  /** An event or a person will answer the token. */
  | { readonly type: 'waiting' }
  /** Look again soon. */
  | { readonly type: 'not ready'; readonly reason: WaitingReason }
  | {
      readonly type: 'failed';
      readonly error:
        | 'TaskStopped'
        | 'LostControllers'
        | 'Superseded'
        | 'VerdictTooOld'
        | 'CanaryFailed'
        | 'LeavesHost'
        | 'Deactivated'
        | 'Paused';
      readonly cause: string;
    };

export interface NodeStepPorts {
  readonly store: Store;
  readonly clock: Clock;
}

/** A node whose lease this execution holds. */
export interface HeldNode {
  readonly state: ServiceState;
  readonly lease: NodeLease;
  readonly goal: NodeGoal;
}

export const done: StepResult = { type: 'done' };

/** What was read is stored no longer. */
export const changedMeanwhile: StepResult = {
  type: 'not ready',
  reason: { type: 'turn', heldBy: 'the record of the node changed meanwhile and is read again' },
};

/**
 * Reads the service and goes on only while this execution holds the node's lease and nothing newer wants the node;
 * otherwise gives the lease back and ends superseded.
 */
export async function withHeldNode(
  ports: NodeStepPorts,
  request: NodeStepRequest,
  act: (node: HeldNode) => Promise<StepResult>,
): Promise<StepResult> {
  const state = await ports.store.readService(request.service);
  if (state === undefined) return superseded('the service is gone');
  const lease = heldLease(state, request);
  if (lease === undefined) return superseded('another execution holds the node');
  const goal = state.goals.find((candidate) => candidate.nodeId === request.nodeId);
  assert(goal !== undefined, 'the lease of a node is taken together with its goal');
  const ends = whyItEnds(state, request, ports.clock());
  return ends === undefined ? act({ state, lease, goal }) : giveBack(ports, state, request, ends);
}

/** Why the step ends at this look, before it acts; undefined: it goes on. `now`: epoch milliseconds. */
export function whyItEnds(state: ServiceState, request: NodeStepRequest, now: number): string | undefined {
  if (isSuperseded(state, request)) return bringsUp(state, request) ? undefined : newerPlan;
  const wordIsOver = whyWordIsOver(state, request, now);
  if (wordIsOver !== undefined) return wordIsOver;
  if (!isForced(state, request) || (bringsUp(state, request) && !hasFailed(state, request))) return undefined;
  return 'an operator has said that the step counts as complete';
}

/**
 * What an operator said of the node last, and the step is not for it: a restart that another start has answered, a pause
 * that is over before it began, work on a node that is down and is to stay so. What a restart has stopped it brings up
 * again, unless it does not come up.
 */
function whyWordIsOver(state: ServiceState, request: NodeStepRequest, now: number): string | undefined {
  const { kind, nodeId } = request;
  const holdsIt = heldLease(state, request) !== undefined;
  if (kind === 'restart' && !holdsIt && openRestart(state, nodeId) === undefined && !isLeftBehind(state, request))
    return 'another start has answered it';
  if (kind === 'pause' && !holdsIt && pauseNow(state, nodeId, now) === undefined) return 'the pause is over';
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  if (kind === 'replacement' && !holdsIt && goal !== undefined && !leavesItsPlace(state, goal))
    return 'it has not to leave its place any more';
  if (kind === 'replacement' && !holdsIt && goal !== undefined && isStartedSince(goal, request.roomFoundAt))
    return 'it was started since another host was looked for, which the next run does anew';
  const givesWay = kind === 'recovery' || (kind === 'restart' && hasFailed(state, request));
  if (!givesWay || goal === undefined || !mustStayDown(state, goal, now)) return undefined;
  return 'an operator has paused the node';
}

function leavesItsPlace(state: ServiceState, goal: NodeGoal): boolean {
  return drainingHost(state, goal) !== undefined || openReplacement(state, goal.nodeId) !== undefined;
}

/**
 * While it was down no other host was needed: whoever started it has looked for one, and where there was none nothing is to
 * be stopped for the same.
 */
function isStartedSince({ launch }: NodeGoal, roomFoundAt: number | undefined): boolean {
  return roomFoundAt !== undefined && launch !== undefined && launch.requestedAt > roomFoundAt;
}

/** An execution of this kind took the node and did not come to its end. */
function isLeftBehind({ leases }: ServiceState, { nodeId, kind }: NodeStepRequest): boolean {
  return leases.some((lease) => lease.nodeId === nodeId && lease.kind === kind && !lease.released);
}

const newerPlan = 'a newer plan took over';

/** An operator has said that the step counts as complete. */
function isForced(state: ServiceState, { planId, stepId = '' }: NodeStepRequest): boolean {
  return state.steering.some((steering) => steering.planId === planId && steering.forced.includes(stepId));
}

/**
 * A node that is down, or is being stopped, is brought up by whoever holds it, into the newest target: were it handed over,
 * another node could be stopped beside it, a recovery would start it into its old config first, and the newer plan would
 * restart it once more.
 */
function bringsUp(state: ServiceState, request: NodeStepRequest): boolean {
  if (request.kind !== 'plan' || isWantedDown(state.wish)) return false;
  const goal = state.goals.find(({ nodeId }) => nodeId === request.nodeId);
  if (goal === undefined || heldLease(state, request) === undefined) return false;
  return hasNoTask(state, goal) || isStopping(state, goal);
}

/** Its newest task ended without being asked to: a node that does not come up is left to its recovery when it is forced. */
function hasFailed(state: ServiceState, request: NodeStepRequest): boolean {
  const goal = state.goals.find(({ nodeId }) => nodeId === request.nodeId);
  const run = goal && nodeRun(state, goal);
  if (run?.type !== 'seen' || run.seen === undefined) return false;
  const end = taskEnd(run.seen, state);
  return end.type === 'not proven' || (end.type === 'proven' && !end.asked);
}

/** The config that the step brings the node to: a plan's the newest target, a recovery's the node's own. */
export function wantedConfigId({ kind }: NodeStepRequest, { state, goal }: HeldNode): string {
  return kind === 'plan' ? state.target.configId : goal.configId;
}

/** Looks again, right before an act that nobody else could take for its own, whether this execution has the node. */
export async function isStillHeld(ports: NodeStepPorts, request: NodeStepRequest): Promise<boolean> {
  const state = await ports.store.readService(request.service);
  return state !== undefined && heldLease(state, request) !== undefined;
}

/** Ends superseded, without the lease and the place that this execution may hold: whoever comes next needs them. */
export async function giveBack(
  ports: NodeStepPorts,
  state: ServiceState,
  request: NodeStepRequest,
  cause = newerPlan,
): Promise<StepResult> {
  const lease = heldLease(state, request);
  if (lease !== undefined) await ports.store.finishNode({ lease, ...tryOf(request) });
  return superseded(cause);
}

/**
 * Stores the goal under the lease. When the lease is lost, or another invocation of this step was faster, the step
 * reads again, and finds out which.
 */
export async function storeGoal(ports: NodeStepPorts, node: HeldNode, goal: NodeGoal): Promise<StepResult | HeldNode> {
  const stored = await ports.store.putGoal(goal, node.lease);
  if (!stored) return changedMeanwhile;
  return { ...node, goal: { ...goal, revision: (goal.revision ?? 0) + 1 } };
}

/** The node has to be placed anew: EC2 has terminated the host that it was to run on. */
export function hostGone(instanceId: string): StepResult {
  return { type: 'failed', error: 'LeavesHost', cause: `EC2 has terminated the host ${instanceId}` };
}

/** Which one, and where, Place decides once Kafka has been asked. */
export function anotherVolume(volumeId: string): StepResult {
  return {
    type: 'failed',
    error: 'LeavesHost',
    cause: `the volume ${volumeId} is lost, and another one takes its place`,
  };
}

/** ECS starts nothing on a host that drains: a node that was to be started there is placed anew. */
export function refusedWhereItIs({ state, goal }: HeldNode, result: StepResult): StepResult {
  const instanceId = drainingHost(state, goal);
  const isRefused = result.type === 'not ready' && result.reason.type === 'task refused';
  if (instanceId === undefined || !isRefused) return result;
  return { type: 'failed', error: 'LeavesHost', cause: `the host ${instanceId} drains` };
}

/** Whether `storeGoal` answered a step's end instead of the node. */
export function isStepResult(value: StepResult | HeldNode): value is StepResult {
  return 'type' in value;
}

/**
 * Shows why the step waits and lets an event end the wait: an answered token ends the state under the feet of its
 * function, so it is announced before the last look and not earlier.
 */
export async function announceWait(
  ports: NodeStepPorts,
  request: NodeStepRequest,
  wait: { readonly reason: WaitingReason; readonly awaits: TokenAwaits; readonly taskArn?: string },
): Promise<void> {
  assert(request.token !== undefined, 'a state whose step awaits an event hands its token over');
  await ports.store.putWait({ ...identity(request), since: ports.clock(), ...wait, token: request.token });
}

/** Shows why the step waits while its function looks, or until the machine runs it again: nobody is to answer a token. */
export async function explainWait(
  ports: NodeStepPorts,
  request: NodeStepRequest,
  reason: WaitingReason,
): Promise<void> {
  await ports.store.explainWait({ ...identity(request), since: ports.clock(), reason });
}

/** Whose wait it is. */
export function identity(request: NodeStepRequest): WaitIdentity {
  const { service, nodeId, holder } = request;
  return { service, nodeId, holder, ...tryOf(request) };
}

/** An invocation may outlive its state: it neither ends the wait of a later one nor gives that one's node back. */
export function tryOf({ try: ofTry }: NodeStepRequest): { readonly try?: string } {
  return ofTry === undefined ? {} : { try: ofTry };
}

export function superseded(cause: string): StepResult {
  return { type: 'failed', error: 'Superseded', cause };
}

export function heldLease(state: ServiceState, request: NodeStepRequest): NodeLease | undefined {
  return state.leases.find(
    (lease) => lease.nodeId === request.nodeId && lease.holder === request.holder && !lease.released,
  );
}
