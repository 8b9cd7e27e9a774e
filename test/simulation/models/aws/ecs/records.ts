import type { ContainerDefinition, Tag, TaskDefinition, TaskOverride } from '@aws-sdk/client-ecs';
import type { SimulatedHost } from '../../../contract.ts';

/** A revision of a task definition. Times in all records are epoch milliseconds. */
export interface DefinitionRecord {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly definition: Omit<TaskDefinition, 'registeredAt' | 'deregisteredAt' | 'status'>;
  readonly container: ContainerDefinition;
  readonly tags: readonly Tag[];
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly registeredAt: number;
  readonly deregisteredAt?: number;
}

/** A host that registered with the cluster. */
export interface InstanceRecord {
  readonly arn: string;
  readonly host: SimulatedHost;
  readonly status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  readonly agentConnected: boolean;
  readonly version: number;
  readonly registeredAt: number;
}

/** Where a task stands, in the order in which tasks go through; the host network knows no PROVISIONING. */
export const taskStatuses = ['PENDING', 'RUNNING', 'DEACTIVATING', 'STOPPING', 'STOPPED'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

/** A task as ECS knows it; what its host's agent knows may be newer. */
export interface TaskRecord {
  readonly arn: string;
  readonly definitionArn: string;
  readonly instanceArn: string;
  readonly group: string;
  readonly startedBy?: string;
  readonly overrides: TaskOverride;
  readonly tags: readonly Tag[];
  readonly containerArn: string;
  readonly containerName: string;
  readonly image: string;
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly ports: readonly number[];
  readonly lastStatus: TaskStatus;
  readonly desiredStatus: 'RUNNING' | 'STOPPED';
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly exitCode?: number;
  /** Why the container did not start. */
  readonly containerReason?: string;
  readonly version: number;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly startedAt?: number;
  readonly stoppingAt?: number;
  /** The agent's word that its containers have ended; none where ECS alone calls it stopped. */
  readonly executionStoppedAt?: number;
  readonly stoppedAt?: number;
  /** The request that made it: with the same token it is found again. */
  readonly request?: { readonly token: string; readonly text: string };
}

/** What an agent is told of a task: the definition's container with the overrides applied. */
export interface TaskOrder {
  readonly taskArn: string;
  readonly startedBy: string;
  readonly containerName: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly volumeId?: string;
  readonly stopTimeoutSeconds: number;
}

/** What an agent says of a task; each report is whole, so that a lost or doubled one does no harm. */
export interface TaskReport {
  readonly taskArn: string;
  readonly status: Exclude<TaskStatus, 'DEACTIVATING'>;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly exitCode?: number;
  readonly containerReason?: string;
  readonly startedAt?: number;
  readonly executionStoppedAt?: number;
  readonly stoppedAt?: number;
}
