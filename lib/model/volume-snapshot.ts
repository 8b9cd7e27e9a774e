/** An EBS snapshot in our words. */
export interface VolumeSnapshot {
  readonly snapshotId: string;
  readonly volumeId: string;
  /** Epoch milliseconds: what it holds is as of then. */
  readonly startedAt: number;
  /** EC2's word: pending, completed, error … */
  readonly state: string;
  /** Of its volume: none that is made from it can be smaller. */
  readonly sizeGiB: number;
}
