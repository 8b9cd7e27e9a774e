import type {
  ContainerDefinition,
  RegisterTaskDefinitionCommandInput,
  RunTaskCommandInput,
  Tag,
  Task,
} from '@aws-sdk/client-ecs';
import type { RunTaskRequest } from '../model/broker/run-task-request.ts';
import type { TaskDefinitionSpec } from '../model/broker/task-definition.ts';
import { taskOverrides } from '../model/broker/task-overrides.ts';
import type { TaskView } from '../ports/tasks.ts';

/** The tag that tells what a revision holds. */
export const contentTag = 'warden:content';

const volumeName = 'data';

/** A task definition in ECS's words: host network, init process, docker `local` volume of scope task. */
export function registerInput(spec: TaskDefinitionSpec, content: string): RegisterTaskDefinitionCommandInput {
  return {
    family: spec.family,
    networkMode: 'host',
    requiresCompatibilities: ['EC2'],
    containerDefinitions: [containerDefinition(spec)],
    ...(spec.privileged ? { pidMode: 'host' as const } : {}),
    ...(spec.mount === undefined ? {} : { volumes: [dockerVolume(spec.mount)] }),
    tags: tagList({ ...spec.tags, [contentTag]: content }),
  };
}

function containerDefinition(spec: TaskDefinitionSpec): ContainerDefinition {
  return {
    name: spec.containerName,
    image: spec.image,
    essential: true,
    entryPoint: [...spec.entryPoint],
    command: [...spec.command],
    cpu: spec.cpuUnits,
    memoryReservation: spec.memoryReservationMiB,
    portMappings: spec.ports.map((port) => ({ containerPort: port, hostPort: port, protocol: 'tcp' as const })),
    stopTimeout: spec.stopTimeoutSeconds,
    ulimits: [{ name: 'nofile', softLimit: spec.openFiles.soft, hardLimit: spec.openFiles.hard }],
    // Java must not be PID 1: nothing inside its namespace could end it then.
    linuxParameters: { initProcessEnabled: true },
    dockerLabels: { ...spec.dockerLabels },
    ...(spec.mount === undefined
      ? {}
      : { mountPoints: [{ sourceVolume: volumeName, containerPath: spec.mount.containerPath, readOnly: false }] }),
    ...(spec.privileged ? { privileged: true, user: 'root' } : {}),
    logConfiguration: {
      logDriver: 'awslogs',
      options: {
        'awslogs-group': spec.logGroup,
        'awslogs-region': spec.logRegion,
        'awslogs-stream-prefix': spec.logStreamPrefix,
      },
    },
  };
}

/** Scope task: a shared volume of the same name would silently mount the old disk. */
function dockerVolume(mount: NonNullable<TaskDefinitionSpec['mount']>) {
  return {
    name: volumeName,
    dockerVolumeConfiguration: {
      scope: 'task' as const,
      driver: 'local',
      driverOpts: { type: mount.fileSystem, device: mount.device, o: 'noatime' },
    },
  };
}

/** RunTask pinned to one instance. */
export function runInput(request: RunTaskRequest, cluster: string): RunTaskCommandInput {
  return {
    cluster,
    taskDefinition: request.taskDefinitionArn,
    launchType: 'EC2',
    count: 1,
    clientToken: request.clientToken,
    startedBy: request.startedBy,
    group: request.group,
    placementConstraints: [{ type: 'memberOf', expression: `ec2InstanceId in ['${request.instanceId}']` }],
    overrides: taskOverrides(request),
    tags: tagList(request.tags),
  };
}

export function taskView(task: Task): TaskView {
  const exitCode = task.containers?.[0]?.exitCode;
  return {
    taskArn: task.taskArn ?? '',
    version: Number(task.version ?? 0),
    lastStatus: task.lastStatus ?? '',
    desiredStatus: task.desiredStatus ?? '',
    ...(task.group === undefined ? {} : { group: task.group }),
    ...(task.startedBy === undefined ? {} : { startedBy: task.startedBy }),
    ...(task.containerInstanceArn === undefined ? {} : { containerInstanceArn: task.containerInstanceArn }),
    ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode }),
    ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(isWithoutContainer(task) ? { withoutContainer: true } : {}),
    ...(task.stoppedAt === undefined ? {} : { stoppedAt: task.stoppedAt.getTime() }),
    ...(task.createdAt === undefined ? {} : { createdAt: task.createdAt.getTime() }),
    ...(task.tags === undefined || task.tags.length === 0 ? {} : { tags: namedTags(task.tags) }),
  };
}

function namedTags(tags: readonly Tag[]): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]));
}

/**
 * `executionStoppedAt` is the agent's word that the task's containers have ended: ECS alone never sets it. A container
 * that docker made has a runtime id. Source: ECS API reference, SubmitTaskStateChange and Container.
 */
function isWithoutContainer({ lastStatus, startedAt, executionStoppedAt, containers = [] }: Task): boolean {
  const isTold = lastStatus === 'STOPPED' && executionStoppedAt !== undefined && startedAt === undefined;
  return isTold && containers.every(({ runtimeId, exitCode }) => runtimeId === undefined && exitCode === undefined);
}

function tagList(tags: Readonly<Record<string, string>>) {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}
