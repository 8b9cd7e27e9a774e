import type { NodeId } from '../node.ts';
import { type PartitionState, partitionName, partitionsOf } from './partition-state.ts';

/** A node that may stop, or what forbids it, as sentences, with the nodes that are not where they should be. */
export type StopJudgement =
  | { readonly type: 'may stop' }
  | { readonly type: 'must not stop'; readonly blockers: readonly string[]; readonly behind: readonly NodeId[] };

/**
 * A broker may stop when, for every partition that it holds, all other replicas are in sync and without it at least
 * min.insync.replicas of them remain; with as many replicas as min.insync.replicas or fewer the partition cannot be
 * protected, and the first part alone decides. Source: design, roll safety.
 */
export function brokerMayStop(partitions: readonly PartitionState[], nodeId: NodeId): StopJudgement {
  const own = partitionsOf(partitions, nodeId);
  const blockers = own.flatMap((partition) => blocker(partition, nodeId) ?? []);
  if (blockers.length === 0) return { type: 'may stop' };
  return { type: 'must not stop', blockers, behind: [...new Set(own.flatMap((one) => othersBehind(one, nodeId)))] };
}

function othersBehind({ replicas, isr }: PartitionState, nodeId: NodeId): readonly NodeId[] {
  return replicas.filter((replica) => replica !== nodeId && !isr.includes(replica));
}

function blocker(partition: PartitionState, nodeId: NodeId): string | undefined {
  const others = partition.replicas.filter((replica) => replica !== nodeId);
  const missing = othersBehind(partition, nodeId);
  if (missing.length > 0) {
    return `${partitionName(partition)} has replica ${missing.join(', ')} not in sync`;
  }
  const canBeProtected = partition.replicas.length > partition.minIsr;
  if (canBeProtected && others.length < partition.minIsr) {
    return `${partitionName(partition)} would have ${others.length} in sync, fewer than min.insync.replicas ${partition.minIsr}`;
  }
  return undefined;
}
