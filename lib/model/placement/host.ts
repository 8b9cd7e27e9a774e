/** A container instance and the EC2 instance under it. */
export interface Host {
  readonly instanceId: string;
  readonly containerInstanceArn: string;
  readonly address: string;
  readonly zone: string;
  readonly status: string;
  readonly agentConnected: boolean;
  /** EC2 shows it as stopped: nothing of it runs. */
  readonly isStopped?: true;
  /** What the host has for tasks. */
  readonly cpuUnits: number;
  readonly memoryMiB: number;
  /** What of it ECS has not given to tasks now. */
  readonly freeCpuUnits: number;
  readonly freeMemoryMiB: number;
  readonly usedPorts: readonly number[];
  /** Volumes that can be attached at most, the root disk included. */
  readonly volumeSlots: number;
  readonly attachedVolumes: number;
}
