/** A container instance and the EC2 instance under it. */
export interface Host {
  readonly instanceId: string;
  readonly containerInstanceArn: string;
  readonly address: string;
  readonly zone: string;
  readonly status: string;
  readonly agentConnected: boolean;
  /** What ECS has not given to tasks. */
  readonly freeCpuUnits: number;
  readonly freeMemoryMiB: number;
  readonly usedPorts: readonly number[];
  /** Volumes that can still be attached. */
  readonly freeVolumeSlots: number;
  /** Attached volumes: a node that is promised to this host and whose volume is here needs no further slot. */
  readonly volumeIds: readonly string[];
}
