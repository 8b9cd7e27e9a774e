/** The volume of a node, as its record has it. */
export interface NodeVolume {
  /** Rises with each new volume of this node. */
  readonly generation: number;
  readonly zone: string;
  readonly sizeGiB: number;
  /** Absent until CreateVolume has answered. */
  readonly id?: string;
  /** The snapshot that it is made of. Absent: it is made empty. */
  readonly snapshotId?: string;
  /** The instance it was last prepared (checked, formatted when new) on. */
  readonly preparedOn?: string;
  /** Instances that it was to leave since: it may still be attached there. */
  readonly movedFrom?: readonly string[];
  /** Once true, a blank disk is never formatted again. */
  readonly fileSystemMade: boolean;
  /** Once true (the node was in sync with it), Kafka's storage is never formatted again. */
  readonly kafkaFormatted: boolean;
  /**
   * When the node was first in sync with it, in epoch milliseconds: a snapshot from before may hold no data, nor even a file
   * system. Absent: never yet, or it had data when the record was made.
   */
  readonly filledAt?: number;
}
