import { strict as assert } from 'node:assert';
import { isSuperseded } from '../../model/plan/superseded.ts';
import type { LeaseKind, NodeGoal, NodeLease, ServiceState, TokenAwaits } from '../../model/state.ts';
import type { WaitingReason } from '../../model/waiting-reason.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';

/** What a state of broker.asl or uninstall.asl hands to its step. */
export interface NodeStepRequest {
  readonly service: string;
  readonly nodeId: number;
  readonly kind: LeaseKind;
  /** ARN of the execution that acts. */
  readonly holder: string;
  /** Set for kinds plan and uninstall. */
  readonly planId?: string;
  /** Set for kind plan. */
  readonly stepId?: string;
  /** Set in states that wait for a token. */
  readonly token?: string;
}

/** How a step ended. A shell turns it into a token's answer, a return value, or an error that the machine knows. */
export type StepResult =
  | { readonly type: 'done'; readonly output?: Readonly<Record<string, unknown>> }
  /** An event or a person will answer the token. */
  | { readonly type: 'waiting' }
  /** Look again soon. */
  | { readonly type: 'not ready'; readonly reason: WaitingReason }
  | { readonly type: 'failed'; readonly error: 'TaskStopped' | 'Superseded' | 'VerdictTooOld'; readonly cause: string };

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
  if (isSuperseded(state, request)) {
    await ports.store.finishNode({ lease });
    return superseded('a newer plan took over');
  }
  const goal = state.goals.find((candidate) => candidate.nodeId === request.nodeId);
  assert(goal !== undefined, 'the lease of a node is taken together with its goal');
  return act({ state, lease, goal });
}

/** Stores the goal under the lease; a lost lease ends the execution. */
export async function storeGoal(ports: NodeStepPorts, node: HeldNode, goal: NodeGoal): Promise<StepResult | HeldNode> {
  const stored = await ports.store.putGoal(goal, node.lease);
  return stored ? { ...node, goal } : superseded('another execution holds the node');
}

/** Whether `storeGoal` answered a step's end instead of the node. */
export function isStepResult(value: StepResult | HeldNode): value is StepResult {
  return 'type' in value;
}

/** Shows why the step waits and, with a token, lets an event end the wait. Written before the look, so that no event falls between. */
export async function announceWait(
  ports: NodeStepPorts,
  request: NodeStepRequest,
  wait: { readonly reason: WaitingReason; readonly awaits?: TokenAwaits; readonly taskArn?: string },
): Promise<void> {
  await ports.store.putWait({
    service: request.service,
    nodeId: request.nodeId,
    holder: request.holder,
    since: ports.clock(),
    ...wait,
    ...(request.token === undefined ? {} : { token: request.token }),
  });
}

export function superseded(cause: string): StepResult {
  return { type: 'failed', error: 'Superseded', cause };
}

export function heldLease(state: ServiceState, request: NodeStepRequest): NodeLease | undefined {
  return state.leases.find(
    (lease) => lease.nodeId === request.nodeId && lease.holder === request.holder && !lease.released,
  );
}
