import type { ContainerDefinition, ContainerOverride, TaskOverride, Volume } from '@aws-sdk/client-ecs';
import type { ContainerOrder, HealthCheckOrder, LogOrder, TaskOrder, VolumeOrder } from '../hosts/protocol.ts';
import type { DefinitionRecord } from './records.ts';
import { lastPart } from './store.ts';

const DEFAULT_STOP_TIMEOUT_SECONDS = 30;

/** What an agent is told: the task definition with the overrides of RunTask applied. */
export function orderOf(taskArn: string, { definition }: DefinitionRecord, overrides: TaskOverride): TaskOrder {
  const volumes = definition.volumes ?? [];
  return {
    taskArn,
    hostPid: definition.pidMode === 'host',
    volumes: Object.fromEntries(volumes.map((volume) => [volume.name ?? '', volumeOrder(volume)])),
    containers: (definition.containerDefinitions ?? []).map((container) => {
      const override = overrides.containerOverrides?.find(({ name }) => name === container.name) ?? {};
      return containerOrder(taskArn, container, override);
    }),
  };
}

function containerOrder(taskArn: string, container: ContainerDefinition, override: ContainerOverride): ContainerOrder {
  const environment = [...(container.environment ?? []), ...(override.environment ?? [])];
  const healthCheck = healthOrder(container);
  const log = logOrder(taskArn, container);
  return {
    name: container.name ?? '',
    image: container.image ?? '',
    essential: container.essential ?? true,
    entryPoint: container.entryPoint ?? [],
    command: override.command ?? container.command ?? [],
    environment: Object.fromEntries(environment.map(({ name = '', value = '' }) => [name, value])),
    mountPoints: (container.mountPoints ?? []).map(({ sourceVolume = '', containerPath = '' }) => ({
      volume: sourceVolume,
      path: containerPath.replace(/(.)\/+$/, '$1'),
    })),
    dependsOn: (container.dependsOn ?? []).map(({ containerName = '', condition = 'START' }) => ({
      container: containerName,
      condition,
    })),
    privileged: container.privileged ?? false,
    stopTimeoutSeconds: container.stopTimeout ?? DEFAULT_STOP_TIMEOUT_SECONDS,
    ulimits: (container.ulimits ?? []).map(({ name = '', softLimit = 0, hardLimit = 0 }) => ({
      name,
      soft: softLimit,
      hard: hardLimit,
    })),
    labels: container.dockerLabels ?? {},
    ...(healthCheck !== undefined && { healthCheck }),
    ...(log !== undefined && { log }),
  };
}

/** The stream is prefix/container/task id. Source: ECS developer guide, awslogs. */
function logOrder(taskArn: string, { name = '', logConfiguration }: ContainerDefinition): LogOrder | undefined {
  const options = logConfiguration?.options;
  if (options === undefined) return undefined;
  const prefix = options['awslogs-stream-prefix'];
  return {
    group: options['awslogs-group'] ?? '',
    stream: [...(prefix === undefined ? [] : [prefix]), name, lastPart(taskArn)].join('/'),
    createGroup: options['awslogs-create-group'] === 'true',
  };
}

function healthOrder({ healthCheck }: ContainerDefinition): HealthCheckOrder | undefined {
  if (healthCheck === undefined) return undefined;
  const [kind, ...command] = healthCheck.command ?? [];
  return {
    command: kind === 'CMD-SHELL' ? ['/bin/sh', '-c', ...command] : command,
    intervalSeconds: healthCheck.interval ?? 30,
    timeoutSeconds: healthCheck.timeout ?? 5,
    retries: healthCheck.retries ?? 3,
    startPeriodSeconds: healthCheck.startPeriod ?? 0,
  };
}

function volumeOrder({ host, dockerVolumeConfiguration }: Volume): VolumeOrder {
  const options = dockerVolumeConfiguration?.driverOpts;
  if (options?.['device'] !== undefined) {
    return {
      type: 'device',
      device: options['device'],
      filesystem: options['type'] ?? '',
      options: options['o'] ?? '',
    };
  }
  return host?.sourcePath === undefined ? { type: 'scratch' } : { type: 'host', path: host.sourcePath };
}
