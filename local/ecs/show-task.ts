import type { Container, Task } from '@aws-sdk/client-ecs';
import type { Health } from '../hosts/protocol.ts';
import type { TaskContainer, TaskRecord } from './records.ts';
import type { EcsStore } from './store.ts';

/** A task as DescribeTasks shows it. */
export function showTask(store: EcsStore, record: TaskRecord): Task {
  const attributes = store.containerInstances.get(record.containerInstanceArn)?.attributes ?? [];
  return {
    taskArn: record.arn,
    clusterArn: clusterArnOf(record),
    taskDefinitionArn: record.definitionArn,
    containerInstanceArn: record.containerInstanceArn,
    availabilityZone: record.zone,
    attributes: attributes.filter(({ name }) => name === 'ecs.cpu-architecture'),
    attachments: [],
    containers: record.containers.map((container) => showContainer(record, container)),
    cpu: String(record.cpu),
    memory: String(record.memoryMiB),
    desiredStatus: record.desiredStatus,
    lastStatus: record.lastStatus,
    enableExecuteCommand: false,
    group: record.group,
    healthStatus: taskHealth(record),
    inferenceAccelerators: [],
    launchType: 'EC2',
    overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [], ...record.overrides },
    ...(record.startedBy !== undefined && { startedBy: record.startedBy }),
    ...(record.stopCode !== undefined && { stopCode: record.stopCode as NonNullable<Task['stopCode']> }),
    ...(record.stoppedReason !== undefined && { stoppedReason: record.stoppedReason }),
    ...(record.connectivityAt !== undefined && { connectivity: 'CONNECTED' as const }),
    ...timesOf(record),
    tags: [...(store.tags.get(record.arn) ?? [])],
    version: record.version,
  };
}

/** A task as an event shows it: ISO times, no health (Source: ECS developer guide, task state change events), no tags. */
export function eventDetail(store: EcsStore, record: TaskRecord): Record<string, unknown> {
  const { healthStatus: _health, tags: _tags, containers, ...rest } = showTask(store, record);
  return withIsoTimes({
    ...rest,
    containers: (containers ?? []).map(({ healthStatus: _containerHealth, ...container }) => container),
    updatedAt: new Date(record.changedAt),
  });
}

/** Dates as text. */
export function withIsoTimes(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, part instanceof Date ? part.toISOString() : part]),
  );
}

function showContainer(task: TaskRecord, container: TaskContainer): Container {
  const { report } = container;
  return {
    containerArn: container.arn,
    taskArn: task.arn,
    name: container.name,
    image: container.image,
    lastStatus: report.status,
    networkBindings: [],
    networkInterfaces: [],
    healthStatus: report.health ?? 'UNKNOWN',
    cpu: String(container.cpu),
    ...(container.memoryMiB !== undefined && { memory: String(container.memoryMiB) }),
    ...(container.memoryReservationMiB !== undefined && { memoryReservation: String(container.memoryReservationMiB) }),
    ...(report.runtimeId !== undefined && { runtimeId: report.runtimeId }),
    ...(report.exitCode !== undefined && { exitCode: report.exitCode }),
    ...(report.reason !== undefined && { reason: report.reason }),
  };
}

function taskHealth({ containers }: TaskRecord): Health {
  const known = containers.flatMap(({ report }) => report.health ?? []);
  if (known.includes('UNHEALTHY')) return 'UNHEALTHY';
  return known.length > 0 && known.every((health) => health === 'HEALTHY') ? 'HEALTHY' : 'UNKNOWN';
}

function timesOf(record: TaskRecord): Partial<Task> {
  const {
    createdAt,
    connectivityAt,
    pullStartedAt,
    pullStoppedAt,
    startedAt,
    stoppingAt,
    executionStoppedAt,
    stoppedAt,
  } = record;
  const times = {
    createdAt,
    connectivityAt,
    pullStartedAt,
    pullStoppedAt,
    startedAt,
    stoppingAt,
    executionStoppedAt,
    stoppedAt,
  };
  return Object.fromEntries(
    Object.entries(times).flatMap(([name, at]) => (at === undefined ? [] : [[name, new Date(at)]])),
  );
}

function clusterArnOf({ arn, cluster }: TaskRecord): string {
  return `${arn.slice(0, arn.indexOf(':task/'))}:cluster/${cluster}`;
}
