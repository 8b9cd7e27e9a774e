/** The RunTask call in our words; stored as JSON before it is sent, and sent again byte for byte. */
export interface RunTaskRequest {
  readonly taskDefinitionArn: string;
  readonly containerName: string;
  readonly instanceId: string;
  /** ≤ 64 characters. */
  readonly clientToken: string;
  /** ≤ 128 characters: `warden/<service>/<nodeId>/<purpose>/<attempt>`. */
  readonly startedBy: string;
  /** `warden:<service>` */
  readonly group: string;
  /** Absent: the task definition's. */
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly cpuUnits: number;
  readonly memoryReservationMiB: number;
  readonly tags: Readonly<Record<string, string>>;
}
