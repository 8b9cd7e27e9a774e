import { openReplacement } from '../model/broker/open-replacement.ts';
import { isController, type NodeId } from '../model/node.ts';
import type { NodeReplacement, NodeWish } from '../model/node-wish.ts';
import type { ServiceState } from '../model/state.ts';
import { followNodeWishes } from './follow-node-wishes.ts';
import type { ApiPorts } from './install-service.ts';
import { wakeWaiters } from './wake-waiters.ts';
import { type NodeRefusal, type NodeRequest, type WishPorts, wishForNode } from './wish-for-node.ts';

export interface ReplaceRequest extends NodeRequest {
  /** `keep`: on another host with its volume. `discard`: with an empty one. */
  readonly volume: 'keep' | 'discard';
  /** Also when only this volume holds what is on it. */
  readonly force: boolean;
}

/** A replacement that whoever decided it has thought out: all of it but its number and its time. */
type AskedReplacement = Omit<NodeReplacement, 'times' | 'requestedAt' | 'earlierVolumeIds' | 'cancelled'> & {
  readonly nodeId: NodeId;
  /** The revision of OwnReplacements that Warden has decided by. Absent: an operator asks. */
  readonly ownBefore?: number;
};

export type ReplaceNodeResult =
  | NodeRefusal
  | { readonly type: 'accepted' }
  /** Another one is open, or the node has another volume than the one it spoke of; only of one that Warden asks for. */
  | { readonly type: 'already' }
  /** What the cluster is would be lost with its volume. */
  | { readonly type: 'only controller' }
  /** Its vote of the time of the snapshot may contradict what it has voted for since. */
  | { readonly type: 'no snapshot of a controller' };

/**
 * Has a node moved to another host with its volume, or go on with an empty one, under the rules of every roll. Each call is
 * a word of its own; the newest one holds.
 */
export async function replaceNode(
  ports: ApiPorts,
  { service, nodeId, requestedBy, volume, force }: ReplaceRequest,
): Promise<ReplaceNodeResult> {
  const result = await wishForReplacement(ports, service, { nodeId, requestedBy, volume, force });
  if (!('state' in result)) return result;
  const cause = 'a replacement was asked for';
  // Whoever holds the node, or waits for it, may answer it.
  await wakeWaiters(ports, result.state, {
    cause,
    matches: (wait) => wait.nodeId === nodeId || wait.awaits === 'turn',
  });
  await followNodeWishes(ports, result.state);
  return { type: result.type };
}

/**
 * Only writes what is wished; whoever follows the wishes of nodes begins with it. Of whoever decides by himself, with the
 * reason in `why`, `volumeId` is the volume that he has looked at: the node may have another one by now, and an operator may
 * have said something else, or another sweep asked for another node; then nothing is asked for.
 */
export async function wishForReplacement(
  ports: WishPorts,
  service: string,
  asked: AskedReplacement,
): Promise<ReplaceNodeResult | { readonly type: 'accepted' | 'already'; readonly state: ServiceState }> {
  const { nodeId, requestedBy, volume, why } = asked;
  const before = await ports.store.readService(service);
  if (before !== undefined && isController(before.target, nodeId) && volume !== 'keep') {
    if (before.target.controllerIds.length === 1) return { type: 'only controller' };
    if (volume === 'snapshot') return { type: 'no snapshot of a controller' };
  }
  return wishForNode(ports, { service, nodeId, requestedBy }, (wish, now, state) => {
    if (why !== undefined && isOvertaken(state, asked)) return { type: 'already' };
    const nodeWish = withReplacement(wish, { asked, now, state });
    const changed = { type: 'changed', kind: 'replace node', nodeWish } as const;
    if (why === undefined) return changed;
    return { ...changed, why, own: { service, revision: (state.ownReplacements?.revision ?? 0) + 1 } };
  });
}

/** Takes back what Warden has asked for by itself and nobody has decided yet; `already`: there is no such wish. */
export function withdrawReplacement(
  ports: WishPorts,
  service: string,
  { nodeId, requestedBy, why }: { readonly nodeId: NodeId; readonly requestedBy: string; readonly why: string },
): ReturnType<typeof wishForNode> {
  return wishForNode(ports, { service, nodeId, requestedBy }, (wish, _now, state) => {
    const open = openReplacement(state, nodeId);
    if (open?.why === undefined) return { type: 'already' };
    const nodeWish = { ...wish, replace: { ...open, cancelled: true as const } };
    return { type: 'changed', kind: 'withdraw replacement', nodeWish, why };
  });
}

function isOvertaken(state: ServiceState, { nodeId, volumeId, ownBefore = 0 }: AskedReplacement): boolean {
  if (ownBefore !== (state.ownReplacements?.revision ?? 0)) return true;
  if (openReplacement(state, nodeId) !== undefined) return true;
  return volumeId !== undefined && volumeId !== volumeIdOf(state, nodeId);
}

/** What earlier wishes have named may still have to be deleted. */
function withReplacement(
  wish: NodeWish,
  { asked, now, state }: { readonly asked: AskedReplacement; readonly now: number; readonly state: ServiceState },
): NodeWish {
  const { nodeId, volume, snapshotId, why, requestedBy, force } = asked;
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  const { volumeId: named, earlierVolumeIds = [], times = 0 } = wish.replace ?? {};
  const kept = earlierVolumeIds.filter((id) => goal?.discarded?.some((discarded) => discarded.id === id) === true);
  const earlier = [...new Set([...(named === undefined ? [] : [named]), ...kept])];
  const volumeId = volume === 'keep' ? undefined : volumeIdOf(state, nodeId);
  const replace: NodeReplacement = {
    ...{ times: times + 1, volume, force, requestedBy, requestedAt: now },
    ...(snapshotId === undefined ? {} : { snapshotId }),
    ...(volumeId === undefined ? {} : { volumeId }),
    ...(earlier.length === 0 ? {} : { earlierVolumeIds: earlier }),
    ...(why === undefined ? {} : { why }),
  };
  return { ...wish, replace };
}

function volumeIdOf({ goals }: ServiceState, nodeId: NodeId): string | undefined {
  return goals.find((goal) => goal.nodeId === nodeId)?.volume?.id;
}
