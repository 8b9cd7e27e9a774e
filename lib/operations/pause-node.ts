import { openReplacement } from '../model/broker/open-replacement.ts';
import type { NodePause, NodeWish } from '../model/node-wish.ts';
import type { ServiceState } from '../model/state.ts';
import { followNodeWishes } from './follow-node-wishes.ts';
import type { ApiPorts } from './install-service.ts';
import { recoverNodes } from './start-recovery.ts';
import { wakeWaiters } from './wake-waiters.ts';
import { type NodeRefusal, type NodeRequest, type WishChange, wishForNode } from './wish-for-node.ts';

export interface PauseRequest extends NodeRequest {
  /** Epoch milliseconds when it comes back by itself; absent: when an operator says so. */
  readonly until?: number;
}

export type PauseNodeResult =
  | NodeRefusal
  | { readonly type: 'accepted' | 'already' }
  /** `now`: epoch milliseconds. */
  | { readonly type: 'deadline is past'; readonly now: number };

/**
 * Has a node stopped under the rules of every roll, and left down: its volume, its host and its room there stay. It keeps
 * the service's one place for a node that is down by our hand, so that a second pause waits until the first is over. A
 * node that is down already stays down at once. Another deadline takes the place of the one before. Idempotent.
 */
export async function pauseNode(ports: ApiPorts, request: PauseRequest): Promise<PauseNodeResult> {
  const { requestedBy, until } = request;
  if (until !== undefined && until <= ports.clock()) return { type: 'deadline is past', now: ports.clock() };
  const result = await wishForNode(ports, request, (wish, now) => {
    const lasting = lastingPause(wish, now);
    if (lasting !== undefined && lasting.until === until) return { type: 'already' };
    const pause = { requestedBy, requestedAt: now, ...(until === undefined ? {} : { until }) };
    return { type: 'changed', kind: 'pause node', nodeWish: { ...wish, pause } };
  });
  if (!('state' in result)) return result;
  // A recovery of it that waits gives way.
  await wakeNode(ports, result.state, request.nodeId);
  await followNodeWishes(ports, result.state);
  return { type: result.type };
}

/**
 * Has a paused node brought back, or, of one that is not paused, takes a replacement back that is not decided yet.
 * Idempotent: `already` where there is neither.
 */
export async function resumeNode(
  ports: ApiPorts,
  request: NodeRequest,
): Promise<NodeRefusal | { readonly type: 'accepted' | 'already' }> {
  const result = await wishForNode(ports, request, (wish, now, state) => {
    if (lastingPause(wish, now) === undefined) return withoutReplacement(wish, state);
    const { pause: _over, ...nodeWish } = wish;
    return { type: 'changed', kind: 'resume node', nodeWish };
  });
  if (!('state' in result)) return result;
  await wakeNode(ports, result.state, request.nodeId);
  await recoverNodes(ports, result.state);
  await followNodeWishes(ports, result.state);
  return { type: result.type };
}

function withoutReplacement(wish: NodeWish, state: ServiceState): WishChange {
  const open = openReplacement(state, wish.nodeId);
  if (open === undefined) return { type: 'already' };
  return { type: 'changed', kind: 'resume node', nodeWish: { ...wish, replace: { ...open, cancelled: true } } };
}

function lastingPause({ pause }: NodeWish, now: number): NodePause | undefined {
  return pause?.until !== undefined && pause.until <= now ? undefined : pause;
}

/** Whoever waits for the node, or for the place that it has, looks again. */
function wakeNode(ports: ApiPorts, state: ServiceState, nodeId: number): Promise<void> {
  const cause = 'an operator decided';
  return wakeWaiters(ports, state, { cause, matches: (wait) => wait.nodeId === nodeId || wait.awaits === 'turn' });
}
