import type { NodeId } from '../model/node.ts';
import { podName } from '../model/node.ts';
import { type NodeReplacement, type NodeWish, noWish } from '../model/node-wish.ts';
import type { OperationKind } from '../model/operation.ts';
import type { ServiceState } from '../model/state.ts';
import type { Clock, NewId } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';

interface AskPorts {
  readonly store: Pick<Store, 'wishForNode'>;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** A replacement without its number and time. */
export type AskedReplacement = Omit<NodeReplacement, 'times' | 'requestedAt'> & { readonly nodeId: NodeId };

/**
 * Writes that a node is to be replaced, with its line of the history. False when the wish for the node is not any more what
 * it was in this state, or the service goes away: whoever asks decides anew. Not idempotent: each call is a word of its own.
 */
export function askReplacement(
  ports: AskPorts,
  state: ServiceState,
  { nodeId, ...asked }: AskedReplacement,
): Promise<boolean> {
  const before = wishOf(state, nodeId);
  const answered = state.goals.find((goal) => goal.nodeId === nodeId)?.replaced ?? 0;
  // Of a wish that was withdrawn only the answer tells the number.
  const times = Math.max(before.replace?.times ?? 0, answered) + 1;
  const replace = { ...asked, times, requestedAt: ports.clock() };
  const { requestedBy, why } = asked;
  return write(ports, { ...before, replace }, { kind: 'replace node', requestedBy, why });
}

/** Takes back what nobody has begun with. False as above. */
export function withdrawReplacement(
  ports: AskPorts,
  state: ServiceState,
  { nodeId, ...word }: { readonly nodeId: NodeId; readonly requestedBy: string; readonly why: string },
): Promise<boolean> {
  const { replace: _withdrawn, ...rest } = wishOf(state, nodeId);
  return write(ports, rest, { kind: 'withdraw replacement', ...word });
}

function wishOf({ target: { service }, nodeWishes }: ServiceState, nodeId: NodeId): NodeWish {
  return nodeWishes.find((wish) => wish.nodeId === nodeId) ?? noWish(service, nodeId);
}

function write(
  { store, clock, newId }: AskPorts,
  wish: NodeWish,
  {
    kind,
    requestedBy,
    why,
  }: { readonly kind: OperationKind; readonly requestedBy: string; readonly why?: string | undefined },
): Promise<boolean> {
  const { service, nodeId, revision } = wish;
  return store.wishForNode({
    nodeWish: { ...wish, revision: revision + 1 },
    operation: {
      ...{ id: newId(), service, kind, requestedBy, requestedAt: clock(), pod: podName(nodeId) },
      ...(why === undefined ? {} : { why }),
    },
  });
}
