import type { Attribute, Container, ContainerInstance, Resource, Task } from '@aws-sdk/client-ecs';
import { lastPart } from '../ids.ts';
import { remainingOf, reservedPorts } from './placement.ts';
import type { InstanceRecord, TaskRecord } from './records.ts';

/** A task as DescribeTasks shows it. */
export function showTask(record: TaskRecord, clusterArn: string, instance: InstanceRecord | undefined): Task {
  const { createdAt, startedAt, stoppingAt, executionStoppedAt, stoppedAt } = record;
  return {
    taskArn: record.arn,
    clusterArn,
    taskDefinitionArn: record.definitionArn,
    containerInstanceArn: record.instanceArn,
    ...(instance === undefined ? {} : { availabilityZone: instance.host.zone }),
    attachments: [],
    containers: [showContainer(record)],
    cpu: String(record.cpu),
    memory: String(record.memoryMiB),
    desiredStatus: record.desiredStatus,
    lastStatus: record.lastStatus,
    enableExecuteCommand: false,
    group: record.group,
    healthStatus: 'UNKNOWN',
    launchType: 'EC2',
    overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [], ...record.overrides },
    ...(record.startedBy === undefined ? {} : { startedBy: record.startedBy }),
    ...(record.stopCode === undefined ? {} : { stopCode: record.stopCode as NonNullable<Task['stopCode']> }),
    ...(record.stoppedReason === undefined ? {} : { stoppedReason: record.stoppedReason }),
    createdAt: new Date(createdAt),
    ...(startedAt === undefined ? {} : { startedAt: new Date(startedAt) }),
    ...(stoppingAt === undefined ? {} : { stoppingAt: new Date(stoppingAt) }),
    ...(executionStoppedAt === undefined ? {} : { executionStoppedAt: new Date(executionStoppedAt) }),
    ...(stoppedAt === undefined ? {} : { stoppedAt: new Date(stoppedAt) }),
    tags: [],
    version: record.version,
  };
}

/** A task as an event shows it: ISO times, no health, no tags. Source: ECS developer guide, task state change events. */
export function taskEventDetail(task: Task, changedAt: number): object {
  const { healthStatus: _health, tags: _tags, containers = [], ...rest } = task;
  return withIsoTimes({
    ...rest,
    containers: containers.map(({ healthStatus: _containerHealth, ...container }) => container),
    updatedAt: new Date(changedAt),
  });
}

/** A container instance as DescribeContainerInstances shows it; `tasks` are those that hold its resources. */
export function showInstance(instance: InstanceRecord, tasks: readonly TaskRecord[]): ContainerInstance {
  const { host } = instance;
  const left = remainingOf({ instance, tasks });
  return {
    containerInstanceArn: instance.arn,
    ec2InstanceId: host.instanceId,
    agentConnected: instance.agentConnected,
    status: instance.status,
    attributes: attributesOf(host.zone),
    attachments: [],
    registeredResources: resources(host.cpuUnits, host.memoryMiB, reservedPorts),
    remainingResources: resources(left.cpu, left.memoryMiB, left.ports),
    runningTasksCount: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pendingTasksCount: tasks.filter(({ lastStatus }) => lastStatus === 'PENDING').length,
    registeredAt: new Date(instance.registeredAt),
    version: instance.version,
    tags: [],
  };
}

/** A container instance as an event shows it. */
export function instanceEventDetail(shown: ContainerInstance, clusterArn: string, now: number): object {
  const { tags: _tags, ...rest } = shown;
  return withIsoTimes({ ...rest, clusterArn, updatedAt: new Date(now) });
}

function showContainer(record: TaskRecord): Container {
  const { exitCode, containerReason } = record;
  return {
    containerArn: record.containerArn,
    taskArn: record.arn,
    name: record.containerName,
    image: record.image,
    lastStatus: containerStatus(record),
    networkBindings: [],
    networkInterfaces: [],
    healthStatus: 'UNKNOWN',
    cpu: String(record.cpu),
    memoryReservation: String(record.memoryMiB),
    ...(record.startedAt === undefined ? {} : { runtimeId: lastPart(record.containerArn) }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(containerReason === undefined ? {} : { reason: containerReason }),
  };
}

function containerStatus({ lastStatus }: TaskRecord): string {
  return lastStatus === 'PENDING' || lastStatus === 'STOPPED' ? lastStatus : 'RUNNING';
}

function attributesOf(zone: string): Attribute[] {
  return [
    { name: 'ecs.availability-zone', value: zone },
    { name: 'ecs.cpu-architecture', value: 'arm64' },
    { name: 'ecs.os-type', value: 'linux' },
  ];
}

function resources(cpu: number, memoryMiB: number, ports: readonly number[]): Resource[] {
  const none = { doubleValue: 0, longValue: 0, integerValue: 0 };
  return [
    { ...none, name: 'CPU', type: 'INTEGER', integerValue: cpu },
    { ...none, name: 'MEMORY', type: 'INTEGER', integerValue: memoryMiB },
    { ...none, name: 'PORTS', type: 'STRINGSET', stringSetValue: ports.map(String) },
    { ...none, name: 'PORTS_UDP', type: 'STRINGSET', stringSetValue: [] },
  ];
}

function withIsoTimes(value: object): object {
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, part instanceof Date ? part.toISOString() : part]),
  );
}
