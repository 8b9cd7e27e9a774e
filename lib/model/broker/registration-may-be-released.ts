import type { NodeId } from '../node.ts';
import { type PartitionState, partitionsOf } from './partition-state.ts';

/**
 * Whether Kafka may be told that a stopped broker is gone before its session ends: only where every partition that it
 * holds has another replica in sync, or no other replica at all. Otherwise a cleanly stopped last replica would come
 * back as unclean. Source: the release rule, shown on 3.9.2, 4.1.2 and 4.3.1.
 */
export function registrationMayBeReleased(partitions: readonly PartitionState[], nodeId: NodeId): boolean {
  return partitionsOf(partitions, nodeId).every(
    (partition) => partition.replicas.length === 1 || partition.isr.some((replica) => replica !== nodeId),
  );
}
