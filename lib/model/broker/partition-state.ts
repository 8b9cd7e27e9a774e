import type { NodeId } from '../node.ts';

/** What decides about a stop, of one partition of one topic. */
export interface PartitionState {
  readonly topic: string;
  readonly partition: number;
  readonly replicas: readonly NodeId[];
  readonly isr: readonly NodeId[];
  readonly minIsr: number;
}

export function partitionName(partition: PartitionState): string {
  return `${partition.topic}-${partition.partition}`;
}

/** The partitions that hold a replica on this node. */
export function partitionsOf(partitions: readonly PartitionState[], nodeId: NodeId): readonly PartitionState[] {
  return partitions.filter((partition) => partition.replicas.includes(nodeId));
}
