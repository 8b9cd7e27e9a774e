import type { ContainerDefinition, RegisterTaskDefinitionRequest, Volume } from '@aws-sdk/client-ecs';
import { AwsError } from '../core/aws-error.ts';
import { onlyMembers } from '../hosts/only-members.ts';

const CONTAINER_MEMBERS = [
  'name',
  'image',
  'cpu',
  'memory',
  'memoryReservation',
  'portMappings',
  'essential',
  'entryPoint',
  'command',
  'environment',
  'mountPoints',
  'linuxParameters',
  'dependsOn',
  'stopTimeout',
  'user',
  'privileged',
  'ulimits',
  'dockerLabels',
  'logConfiguration',
  'healthCheck',
];
const ULIMITS = ['core', 'memlock', 'nofile', 'nproc'];
const LOG_OPTIONS = [
  'awslogs-group',
  'awslogs-region',
  'awslogs-stream-prefix',
  'awslogs-create-group',
  'mode',
  'max-buffer-size',
];

/** Checks a task definition as ECS does, and refuses by name what the local cloud does not do. */
export function checkDefinition(input: RegisterTaskDefinitionRequest): void {
  onlyMembers('RegisterTaskDefinition', input, [
    'family',
    'taskRoleArn',
    'executionRoleArn',
    'networkMode',
    'containerDefinitions',
    'volumes',
    'placementConstraints',
    'requiresCompatibilities',
    'cpu',
    'memory',
    'pidMode',
    'runtimePlatform',
    'tags',
  ]);
  if (!/^[a-zA-Z0-9_-]{1,255}$/.test(input.family ?? ''))
    throw refusal(`Family '${input.family}' should be 1 to 255 letters, digits, - and _.`);
  if (input.networkMode !== 'host')
    throw refusal(`networkMode '${input.networkMode ?? 'bridge'}' is not done on the local cloud; use 'host'.`);
  if (input.requiresCompatibilities?.some((one) => one !== 'EC2'))
    throw refusal(`requiresCompatibilities ${input.requiresCompatibilities} is not done on the local cloud; use EC2.`);
  if (input.pidMode !== undefined && input.pidMode !== 'host')
    throw refusal(`pidMode '${input.pidMode}' is not done on the local cloud; use 'host'.`);
  const containers = input.containerDefinitions ?? [];
  if (containers.length === 0) throw refusal('Container definitions cannot be empty.');
  if (!containers.some(({ essential }) => essential !== false))
    throw refusal('Task definition must have at least one essential container.');
  if (new Set(containers.map(({ name }) => name)).size < containers.length)
    throw refusal('Container names must be unique in a task definition.');
  const volumes = (input.volumes ?? []).map(checkVolume);
  for (const container of containers)
    checkContainer(container, { containers, volumes, hasTaskMemory: input.memory !== undefined });
}

interface Around {
  readonly containers: readonly ContainerDefinition[];
  readonly volumes: readonly string[];
  readonly hasTaskMemory: boolean;
}

function checkContainer(container: ContainerDefinition, around: Around): void {
  const { name = '' } = container;
  onlyMembers(`RegisterTaskDefinition, container '${name}'`, container, CONTAINER_MEMBERS);
  onlyMembers(`RegisterTaskDefinition, linuxParameters of '${name}'`, container.linuxParameters ?? {}, [
    'initProcessEnabled',
  ]);
  if (!/^[a-zA-Z0-9_-]{1,255}$/.test(name))
    throw refusal(`Container name '${name}' should be 1 to 255 letters, digits, - and _.`);
  if (container.image === undefined) throw refusal(`Container.image should not be null or empty ('${name}').`);
  checkMemory(container, around.hasTaskMemory);
  for (const { containerPort, hostPort } of container.portMappings ?? []) {
    if (hostPort !== undefined && hostPort !== 0 && hostPort !== containerPort) {
      throw refusal(
        `When networkMode=host, the host ports and container ports in port mappings must match: '${name}' maps ${containerPort} to ${hostPort}.`,
      );
    }
  }
  for (const mount of container.mountPoints ?? []) {
    onlyMembers(`RegisterTaskDefinition, mountPoints of '${name}'`, mount, ['sourceVolume', 'containerPath']);
    if (!around.volumes.includes(mount.sourceVolume ?? ''))
      throw refusal(`Unknown volume '${mount.sourceVolume}' in container '${name}'.`);
    if (!mount.containerPath?.startsWith('/'))
      throw refusal(`containerPath '${mount.containerPath}' of container '${name}' must be absolute.`);
  }
  for (const { name: limit } of container.ulimits ?? []) {
    if (!ULIMITS.includes(limit ?? ''))
      throw refusal(`ulimit '${limit}' is not done on the local cloud; use ${ULIMITS.join(', ')}.`);
  }
  checkDependencies(container, around.containers);
  checkLog(container);
  checkHealth(container);
}

function checkMemory({ name, memory, memoryReservation }: ContainerDefinition, hasTaskMemory: boolean): void {
  if (memory === undefined && memoryReservation === undefined && !hasTaskMemory) {
    throw refusal(
      `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    );
  }
  if (memory !== undefined && memoryReservation !== undefined && memory <= memoryReservation) {
    throw refusal(
      `Invalid setting for container '${name}'. 'memory' (${memory}) must be greater than 'memoryReservation' (${memoryReservation}).`,
    );
  }
}

function checkDependencies(container: ContainerDefinition, all: readonly ContainerDefinition[]): void {
  for (const { containerName, condition } of container.dependsOn ?? []) {
    const on = all.find(({ name }) => name === containerName);
    if (on === undefined || on === container)
      throw refusal(
        `Container '${container.name}' depends on '${containerName}', which is not another container of the task.`,
      );
    const mayEnd = condition === 'COMPLETE' || condition === 'SUCCESS';
    if (mayEnd && on.essential !== false)
      throw refusal(`Container '${containerName}' is essential, so nothing can depend on its ${condition}.`);
    if (condition === 'HEALTHY' && on.healthCheck === undefined)
      throw refusal(`Container '${containerName}' has no health check, so nothing can depend on HEALTHY.`);
    if (dependsOnItself(container.name ?? '', all))
      throw refusal(`Container '${container.name}' depends on itself in a circle.`);
  }
}

function dependsOnItself(name: string, all: readonly ContainerDefinition[]): boolean {
  const seen = new Set<string>();
  const queue = [name];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const names = (all.find((one) => one.name === next)?.dependsOn ?? []).map(
      ({ containerName }) => containerName ?? '',
    );
    if (names.includes(name)) return true;
    queue.push(...names.filter((one) => !seen.has(one)));
    for (const one of names) seen.add(one);
  }
  return false;
}

function checkLog({ name, logConfiguration }: ContainerDefinition): void {
  if (logConfiguration === undefined) return;
  onlyMembers(`RegisterTaskDefinition, logConfiguration of '${name}'`, logConfiguration, ['logDriver', 'options']);
  if (logConfiguration.logDriver !== 'awslogs')
    throw refusal(`logDriver '${logConfiguration.logDriver}' is not done on the local cloud; use awslogs.`);
  const options = logConfiguration.options ?? {};
  onlyMembers(`RegisterTaskDefinition, log options of '${name}'`, options, LOG_OPTIONS);
  for (const option of ['awslogs-group', 'awslogs-region']) {
    if (options[option] === undefined)
      throw refusal(`Log driver awslogs requires option '${option}' (container '${name}').`);
  }
}

/** Source: API reference, HealthCheck. */
function checkHealth({ name, healthCheck }: ContainerDefinition): void {
  if (healthCheck === undefined) return;
  const { command = [], interval = 30, timeout = 5, retries = 3, startPeriod = 0 } = healthCheck;
  const isRight = command[0] === 'CMD' || command[0] === 'CMD-SHELL';
  if (!isRight || command.length < 2)
    throw refusal(`The health check of '${name}' must begin with CMD or CMD-SHELL and name a command.`);
  const limits = [
    ['interval', interval, 5, 300],
    ['timeout', timeout, 2, 60],
    ['retries', retries, 1, 10],
    ['startPeriod', startPeriod, 0, 300],
  ] as const;
  for (const [what, value, least, most] of limits) {
    if (value < least || value > most)
      throw refusal(`The health check's ${what} of '${name}' is ${value}; it must be from ${least} to ${most}.`);
  }
}

function checkVolume(volume: Volume): string {
  const { name = '' } = volume;
  onlyMembers(`RegisterTaskDefinition, volume '${name}'`, volume, ['name', 'host', 'dockerVolumeConfiguration']);
  const docker = volume.dockerVolumeConfiguration;
  if (docker === undefined) return name;
  onlyMembers(`RegisterTaskDefinition, docker volume '${name}'`, docker, ['scope', 'driver', 'driverOpts', 'labels']);
  if ((docker.scope ?? 'task') !== 'task')
    throw refusal(`scope '${docker.scope}' of volume '${name}' is not done on the local cloud; use 'task'.`);
  if ((docker.driver ?? 'local') !== 'local')
    throw refusal(`driver '${docker.driver}' of volume '${name}' is not done on the local cloud; use 'local'.`);
  const options = docker.driverOpts ?? {};
  onlyMembers(`RegisterTaskDefinition, driverOpts of volume '${name}'`, options, ['type', 'device', 'o']);
  if (Object.keys(options).length > 0 && (options['type'] === undefined || options['device'] === undefined)) {
    throw refusal(`driverOpts of volume '${name}' need both type and device.`);
  }
  return name;
}

function refusal(message: string): AwsError {
  return new AwsError('ClientException', message);
}
