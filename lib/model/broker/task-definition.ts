/** What a task definition of ours holds; lib/aws turns it into RegisterTaskDefinition. */
export interface TaskDefinitionSpec {
  readonly family: string;
  readonly containerName: string;
  readonly image: string;
  readonly entryPoint: readonly string[];
  readonly command: readonly string[];
  readonly cpuUnits: number;
  readonly memoryReservationMiB: number;
  /** Host ports, which ECS keeps free of others; in host mode container port = host port. */
  readonly ports: readonly number[];
  readonly stopTimeoutSeconds: number;
  readonly openFiles: { readonly soft: number; readonly hard: number };
  /** One EBS volume as a docker `local` volume, scope task. Absent: no mount. */
  readonly mount?: { readonly device: string; readonly containerPath: string; readonly fileSystem: string };
  /** root with the host's process namespace: only for the task that prepares volumes. */
  readonly privileged: boolean;
  readonly logGroup: string;
  readonly logRegion: string;
  readonly logStreamPrefix: string;
  readonly dockerLabels: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}
