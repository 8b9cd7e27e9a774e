import type { NodeId } from '../node.ts';
import { type PartitionState, partitionName, partitionsOf } from './partition-state.ts';

/** A broker that may stop, or each partition that forbids it, as a sentence. */
export type StopJudgement =
  | { readonly type: 'may stop' }
  | { readonly type: 'must not stop'; readonly blockers: readonly string[] };

/**
 * A broker may stop when, for every partition that it holds, all other replicas are in sync and without it at least
 * min.insync.replicas of them remain; with as many replicas as min.insync.replicas or fewer the partition cannot be
 * protected, and the first part alone decides. Source: design, roll safety.
 */
export function brokerMayStop(partitions: readonly PartitionState[], nodeId: NodeId): StopJudgement {
  const blockers = partitionsOf(partitions, nodeId).flatMap((partition) => blocker(partition, nodeId) ?? []);
  return blockers.length === 0 ? { type: 'may stop' } : { type: 'must not stop', blockers };
}

function blocker(partition: PartitionState, nodeId: NodeId): string | undefined {
  const others = partition.replicas.filter((replica) => replica !== nodeId);
  const missing = others.filter((replica) => !partition.isr.includes(replica));
  if (missing.length > 0) {
    return `${partitionName(partition)} has replica ${missing.join(', ')} not in sync`;
  }
  const canBeProtected = partition.replicas.length > partition.minIsr;
  if (canBeProtected && others.length < partition.minIsr) {
    return `${partitionName(partition)} would have ${others.length} in sync, fewer than min.insync.replicas ${partition.minIsr}`;
  }
  return undefined;
}
