import type { Attribute, ClusterSetting, Tag, TaskDefinition, TaskOverride } from '@aws-sdk/client-ecs';
import type { ContainerReport } from '../hosts/protocol.ts';

/** Times in all records are epoch milliseconds. */
export interface ClusterRecord {
  readonly name: string;
  readonly arn: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly settings: readonly ClusterSetting[];
}

/** A revision of a task definition. */
export interface DefinitionRecord {
  readonly arn: string;
  readonly definition: Omit<TaskDefinition, 'registeredAt' | 'deregisteredAt' | 'status'>;
  readonly status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS';
  readonly registeredAt: number;
  readonly registeredBy: string;
  readonly deregisteredAt?: number;
}

/** A host that registered with a cluster. */
export interface ContainerInstanceRecord {
  readonly arn: string;
  readonly cluster: string;
  readonly ec2InstanceId: string;
  readonly status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  readonly agentConnected: boolean;
  /** The agent process that registered: after a forced deregistration only another one may come back. */
  readonly incarnation: string;
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly zone: string;
  readonly attributes: readonly Attribute[];
  readonly version: number;
  readonly registeredAt: number;
}

/** What a container of a task reserves, and what its agent last said of it. */
export interface TaskContainer {
  readonly arn: string;
  readonly name: string;
  readonly image: string;
  readonly cpu: number;
  readonly memoryMiB?: number;
  readonly memoryReservationMiB?: number;
  readonly report: ContainerReport;
}

/** Where a task stands; the host network knows no PROVISIONING. */
export type TaskStatus = 'PENDING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'STOPPED';

/** A task, from the RunTask that stored it. */
export interface TaskRecord {
  readonly arn: string;
  readonly cluster: string;
  readonly definitionArn: string;
  readonly containerInstanceArn: string;
  readonly zone: string;
  readonly group: string;
  readonly startedBy?: string;
  readonly overrides: TaskOverride;
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly ports: readonly number[];
  readonly containers: readonly TaskContainer[];
  readonly lastStatus: TaskStatus;
  readonly desiredStatus: 'RUNNING' | 'STOPPED';
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly version: number;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly connectivityAt?: number;
  readonly pullStartedAt?: number;
  readonly pullStoppedAt?: number;
  readonly startedAt?: number;
  readonly stoppingAt?: number;
  readonly executionStoppedAt?: number;
  readonly stoppedAt?: number;
  /** The request that made it: with the same token it is found again. `place` counts the tasks of one request. */
  readonly request?: { readonly token: string; readonly hash: string; readonly place: number };
}

/** Tags by the ARN of what wears them. */
export type TagRecord = readonly Tag[];
