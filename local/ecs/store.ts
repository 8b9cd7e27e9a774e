import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { AwsError } from '../core/aws-error.ts';
import { DurableMap } from '../core/durable-map.ts';
import type { Cloud } from '../core/service.ts';
import type { TaskOrder } from '../hosts/protocol.ts';
import type { ClusterRecord, ContainerInstanceRecord, DefinitionRecord, TagRecord, TaskRecord } from './records.ts';

/** All that ECS remembers, each under its ARN (clusters and families under their names). */
export interface EcsStore {
  readonly clusters: DurableMap<ClusterRecord>;
  readonly definitions: DurableMap<DefinitionRecord>;
  /** The last revision of each family; numbers are never used again. */
  readonly revisions: DurableMap<number>;
  readonly containerInstances: DurableMap<ContainerInstanceRecord>;
  readonly tasks: DurableMap<TaskRecord>;
  /** What agents are told of tasks that have not ended. */
  readonly orders: DurableMap<TaskOrder>;
  readonly tags: DurableMap<TagRecord>;
}

/** A stopped task is shown for an hour and found by its client token for a day, as on AWS. */
export const SHOW_STOPPED_MS = 60 * 60 * 1000;
const KEEP_STOPPED_MS = 24 * 60 * 60 * 1000;

/** Opens the store of a data folder and drops what is too old to be asked for. */
export function openStore(cloud: Cloud): EcsStore {
  const map = <Value>(name: string): DurableMap<Value> =>
    new DurableMap<Value>(join(cloud.dataFolder, 'ecs', `${name}.jsonl`));
  const store: EcsStore = {
    clusters: map('clusters'),
    definitions: map('task-definitions'),
    revisions: map('revisions'),
    containerInstances: map('container-instances'),
    tasks: map('tasks'),
    orders: map('orders'),
    tags: map('tags'),
  };
  for (const { arn, stoppedAt } of store.tasks.values()) {
    if (stoppedAt === undefined || Date.now() - stoppedAt < KEEP_STOPPED_MS) continue;
    store.tasks.delete(arn);
    store.tags.delete(arn);
  }
  return store;
}

/** 32 hexadecimal digits, as tasks, containers and container instances have them. */
export function newUuid(): string {
  return randomBytes(16).toString('hex');
}

/** The ARN of something of ECS. */
export function arnOf(cloud: Cloud, path: string): string {
  return `arn:aws:ecs:${cloud.region}:${cloud.accountId}:${path}`;
}

/** Whatever follows the last slash: a name or an id, given as such or as an ARN. */
export function lastPart(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
}

/** @throws AwsError ClusterNotFoundException */
export function requireCluster(store: EcsStore, nameOrArn: string | undefined): ClusterRecord {
  const cluster = store.clusters.get(lastPart(nameOrArn ?? 'default'));
  if (cluster?.status === 'ACTIVE') return cluster;
  throw new AwsError('ClusterNotFoundException', `Cluster not found: '${nameOrArn ?? 'default'}'.`);
}

/** Tasks of a container instance that hold its resources: all that are not STOPPED. */
export function tasksOn(store: EcsStore, containerInstanceArn: string): TaskRecord[] {
  return store.tasks
    .values()
    .filter((task) => task.containerInstanceArn === containerInstanceArn && task.lastStatus !== 'STOPPED');
}
