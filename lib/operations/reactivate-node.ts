import { deactivationOf } from '../model/broker/deactivation.ts';
import { podName } from '../model/node.ts';
import type { ServiceState } from '../model/state.ts';
import type { ApiPorts } from './install-service.ts';
import { nodeNeedsRecovery } from './node-needs-recovery.ts';
import { startRecovery } from './start-recovery.ts';
import { wakeWaiters } from './wake-waiters.ts';
import { type NodeRefusal, type NodeRequest, wishForNode } from './wish-for-node.ts';

/** `already`: it is not deactivated: it runs, or somebody brings it back. */
type ReactivateResult = NodeRefusal | { readonly type: 'accepted' | 'already' };

/**
 * Lets a node be tried again that was deactivated: its failures so far count no more. It starts at once, by a recovery or
 * by the step of the plan that waits for it. Idempotent: what was reactivated is so already.
 */
export async function reactivateNode(ports: ApiPorts, request: NodeRequest): Promise<ReactivateResult> {
  const { nodeId, requestedBy } = request;
  const result = await wishForNode(ports, request, (wish, requestedAt, state) => {
    const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
    if (goal === undefined || deactivationOf(state, goal) === undefined) return { type: 'already' };
    const reactivation = { requestedBy, requestedAt, attempt: goal.attempt };
    return { type: 'changed', nodeWish: { ...wish, reactivation }, kind: 'reactivate node' };
  });
  // Also what is so already: whoever asked before may have died between his word and its effect.
  if (result.type !== 'accepted' && result.type !== 'already') return result;
  await follow(ports, result.state, nodeId);
  return { type: result.type };
}

async function follow(ports: ApiPorts, state: ServiceState, nodeId: number): Promise<void> {
  const cause = `${podName(nodeId)} was reactivated`;
  await wakeWaiters(ports, state, { cause, matches: (wait) => wait.awaits === 'turn' && wait.nodeId === nodeId });
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  if (goal !== undefined && (await nodeNeedsRecovery(ports, state, goal))) await startRecovery(ports, state, goal);
}
