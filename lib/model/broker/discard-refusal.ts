import { type NodeId, podName } from '../node.ts';
import { controllerMayStop } from './controller-may-stop.ts';
import { type PartitionState, partitionName, partitionsOf } from './partition-state.ts';
import { hasCaughtUp, type QuorumState } from './quorum-state.ts';

/** Why a node must not go on without the data on its volume. */
export type DiscardRefusal =
  /** It holds the last replica in sync of these: so many at most by name, and how many there are. */
  | { readonly type: 'last replicas'; readonly partitions: readonly string[]; readonly total: number }
  | { readonly type: 'quorum'; readonly detail: string }
  /** It is down, and Kafka has still to take it out of the replicas in sync of this partition: soon. */
  | { readonly type: 'still in sync'; readonly partition: string }
  /** It is down, and the controllers have still to hear of this one since: soon, or it has not caught up any more. */
  | { readonly type: 'not heard of'; readonly nodeId: NodeId }
  /** Nobody could be asked. */
  | { readonly type: 'no witness'; readonly detail: string };

const mostNamed = 20;

/**
 * A broker's volume may be given up when each partition that it holds has a replica in sync on another broker that lives:
 * one that is down may come back without its disk. Partitions without any other replica forbid it, too. Of a broker that is
 * down none may count it as in sync any more: it could be the last one that is, once others have left.
 * Source: design, "Empty replacement is refused, partitions named".
 */
export function brokerDiscardRefusal(
  partitions: readonly PartitionState[],
  {
    nodeId,
    liveIds,
    isDown,
  }: { readonly nodeId: NodeId; readonly liveIds: readonly NodeId[]; readonly isDown: boolean },
): DiscardRefusal | undefined {
  const own = partitionsOf(partitions, nodeId);
  const last = own
    .filter(({ isr }) => !isr.some((replica) => replica !== nodeId && liveIds.includes(replica)))
    .map(partitionName);
  if (last.length > 0) return { type: 'last replicas', partitions: last.slice(0, mostNamed), total: last.length };
  const counted = isDown ? own.find(({ isr }) => isr.includes(nodeId)) : undefined;
  return counted && { type: 'still in sync', partition: partitionName(counted) };
}

/**
 * A voter's volume may be given up when the voters that have caught up without it still are a majority: the quorum takes
 * the old disk out and the new one in only while it has a leader. `soughtElsewhere`: voters that it looks for where they are
 * no more. The one disk of a cluster's metadata is never given up.
 * Once it is down, each of them must have been heard of since: who died a moment ago, and perhaps with its disk, counts as
 * caught up for two seconds.
 */
export function controllerDiscardRefusal(
  quorum: QuorumState,
  {
    nodeId,
    isDown,
    soughtElsewhere,
  }: { readonly nodeId: NodeId; readonly isDown: boolean; readonly soughtElsewhere: readonly NodeId[] },
): DiscardRefusal | undefined {
  const { voters, leaderId } = quorum;
  if (!voters.some(({ id }) => id === nodeId)) return undefined;
  if (voters.length < 3) {
    const detail = `controller ${nodeId} is one of ${voters.length} voters, and what it knows of the cluster would be lost or out of reach without it`;
    return { type: 'quorum', detail };
  }
  const judgement = controllerMayStop(quorum, nodeId, soughtElsewhere);
  if (judgement.type !== 'may stop') return { type: 'quorum', detail: judgement.blockers.join('; ') };
  const own = voters.find(({ id }) => id === nodeId)?.lastFetchTimestamp ?? -1;
  const unheard = voters.find(
    ({ id, lastFetchTimestamp }) =>
      id !== nodeId && id !== leaderId && hasCaughtUp(quorum, id) && lastFetchTimestamp <= own,
  );
  return isDown && unheard !== undefined ? { type: 'not heard of', nodeId: unheard.id } : undefined;
}

/** Whether a moment later there is another answer: a node that is down waits for it. */
export function isSoonKnown({ type }: DiscardRefusal): boolean {
  return type === 'still in sync' || type === 'not heard of';
}

/** In words, to stand after "it keeps its volume: ". */
export function discardRefusalSentence(refusal: DiscardRefusal): string {
  if (refusal.type === 'still in sync')
    return `Kafka still counts it among the replicas in sync of ${refusal.partition}`;
  if (refusal.type === 'not heard of')
    return `the controllers have still to hear of ${podName(refusal.nodeId)} since its stop`;
  if (refusal.type !== 'last replicas') return refusal.detail;
  const { partitions, total } = refusal;
  const more = total > partitions.length ? ` and ${total - partitions.length} more` : '';
  const what = total === 1 ? '1 partition' : `${total} partitions`;
  return `no other live replica is in sync of ${what}: ${partitions.join(', ')}${more}`;
}

/** A volume that a replacement took another one for. */
export interface DiscardedVolume {
  readonly id: string;
  readonly generation: number;
  /** The node has been in sync with its new one: nobody needs this one any more. */
  readonly needless?: true;
  /** Warden has given it up by itself: nobody but an operator, or the uninstall, deletes it. */
  readonly kept?: true;
}

/** Believed as long as the verdict that it is part of. */
export interface DiscardVerdict {
  /** The number of the replacement that wanted it. */
  readonly times: number;
  /** Absent: it may. */
  readonly refusal?: DiscardRefusal;
}
