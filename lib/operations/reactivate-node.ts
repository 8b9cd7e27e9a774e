import { deactivationOf } from '../model/broker/deactivation.ts';
import { podName } from '../model/node.ts';
import { noWish } from '../model/node-wish.ts';
import type { Operation } from '../model/operation.ts';
import type { ApiPorts } from './install-service.ts';
import { nodeNeedsRecovery } from './node-needs-recovery.ts';
import { startRecovery } from './start-recovery.ts';
import { wakeWaiters } from './wake-waiters.ts';

export interface ReactivateRequest {
  readonly service: string;
  readonly nodeId: number;
  /** Name of the token. */
  readonly requestedBy: string;
}

export type ReactivateResult =
  | { readonly type: 'accepted' }
  /** It is not deactivated: it runs, or somebody brings it back. */
  | { readonly type: 'already' }
  | { readonly type: 'no service' }
  | { readonly type: 'no node' }
  | { readonly type: 'going away' }
  | { readonly type: 'hibernates' };

/**
 * Lets a node be tried again that was deactivated: its failures so far count no more. It starts at once, by a recovery or
 * by the step of the plan that waits for it. Idempotent: what was reactivated is so already.
 */
export async function reactivateNode(ports: ApiPorts, request: ReactivateRequest): Promise<ReactivateResult> {
  const { service, nodeId, requestedBy } = request;
  const state = await ports.store.readService(service);
  if (state === undefined) return { type: 'no service' };
  if (state.wish.uninstall !== undefined) return { type: 'going away' };
  if (state.wish.hibernates === true) return { type: 'hibernates' };
  const { brokerIds, controllerIds } = state.target;
  if (![...brokerIds, ...controllerIds].includes(nodeId)) return { type: 'no node' };
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  if (goal === undefined || deactivationOf(state, goal) === undefined) {
    // Whoever asked before may have died between his word and its effect.
    await follow(ports, request);
    return { type: 'already' };
  }
  const requestedAt = ports.clock();
  const before = state.nodeWishes.find((wish) => wish.nodeId === nodeId) ?? noWish(service, nodeId);
  const reactivation = { requestedBy, requestedAt, attempt: goal.attempt };
  const nodeWish = { ...before, revision: before.revision + 1, reactivation };
  const asked = { id: ports.newId(), service, requestedBy, requestedAt };
  const operation: Operation = { ...asked, kind: 'reactivate node', pod: podName(nodeId) };
  if (!(await ports.store.wishForNode({ nodeWish, operation }))) return reactivateNode(ports, request);
  await follow(ports, request);
  return { type: 'accepted' };
}

async function follow(ports: ApiPorts, { service, nodeId }: ReactivateRequest): Promise<void> {
  const state = await ports.store.readService(service);
  if (state === undefined) return;
  const cause = `${podName(nodeId)} was reactivated`;
  await wakeWaiters(ports, state, { cause, matches: (wait) => wait.awaits === 'turn' && wait.nodeId === nodeId });
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  if (goal !== undefined && (await nodeNeedsRecovery(ports, state, goal))) await startRecovery(ports, state, goal);
}
