import type { ContainerDefinition, RegisterTaskDefinitionCommandInput, Volume } from '@aws-sdk/client-ecs';
import { failure, notModelled, onlyMembers } from '../failure.ts';

const containerMembers = [
  'name',
  'image',
  'essential',
  'entryPoint',
  'command',
  'cpu',
  'memoryReservation',
  'portMappings',
  'stopTimeout',
  'ulimits',
  'linuxParameters',
  'dockerLabels',
  'mountPoints',
  'privileged',
  'user',
  'logConfiguration',
];

/** Checks a task definition as ECS does, and refuses by name what the model does not do. Answers its one container. */
export function checkDefinition(input: RegisterTaskDefinitionCommandInput): ContainerDefinition {
  onlyMembers('ecs RegisterTaskDefinition', input, [
    'family',
    'networkMode',
    'requiresCompatibilities',
    'containerDefinitions',
    'pidMode',
    'volumes',
    'tags',
  ]);
  const { family = '', networkMode, pidMode = 'host', requiresCompatibilities = ['EC2'] } = input;
  if (!/^[a-zA-Z0-9_-]{1,255}$/.test(family))
    throw refusal(`Family '${family}' should be 1 to 255 letters, digits, - and _.`);
  if (networkMode !== 'host') throw notModelled(`ecs networkMode '${networkMode ?? 'bridge'}'`, ['host']);
  if (pidMode !== 'host') throw notModelled(`ecs pidMode '${pidMode}'`, ['host']);
  if (requiresCompatibilities.some((one) => one !== 'EC2'))
    throw notModelled(`ecs requiresCompatibilities ${requiresCompatibilities.join(', ')}`, ['EC2']);
  const [container, ...others] = input.containerDefinitions ?? [];
  if (container === undefined) throw refusal('Container definitions cannot be empty.');
  if (others.length > 0) throw notModelled(`ecs ${others.length + 1} containers in a task`, ['one container']);
  const volumes = (input.volumes ?? []).map(checkVolume);
  checkContainer(container, volumes);
  return container;
}

/** The EBS volume that a container mounts by its device link; undefined for a container that mounts none. */
export function mountedVolumeId(volumes: readonly Volume[]): string | undefined {
  for (const { dockerVolumeConfiguration } of volumes) {
    const device = dockerVolumeConfiguration?.driverOpts?.['device'] ?? '';
    const serial = /nvme-Amazon_Elastic_Block_Store_vol([0-9a-f]+)$/.exec(device)?.[1];
    if (serial !== undefined) return `vol-${serial}`;
  }
  return undefined;
}

function checkContainer(container: ContainerDefinition, volumes: readonly string[]): void {
  const { name = '', image, memoryReservation, portMappings = [], mountPoints = [] } = container;
  onlyMembers(`ecs RegisterTaskDefinition, container '${name}'`, container, containerMembers);
  if (!/^[a-zA-Z0-9_-]{1,255}$/.test(name))
    throw refusal(`Container name '${name}' should be 1 to 255 letters, digits, - and _.`);
  if (image === undefined) throw refusal(`Container.image should not be null or empty ('${name}').`);
  if (container.essential === false) throw refusal('Task definition must have at least one essential container.');
  if (memoryReservation === undefined)
    throw refusal(
      `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    );
  for (const { containerPort, hostPort = containerPort } of portMappings) {
    if (hostPort !== containerPort)
      throw refusal(
        `When networkMode=host, the host ports and container ports in port mappings must match: '${name}' maps ${containerPort} to ${hostPort}.`,
      );
  }
  for (const { sourceVolume = '', containerPath } of mountPoints) {
    if (!volumes.includes(sourceVolume)) throw refusal(`Unknown volume '${sourceVolume}' in container '${name}'.`);
    if (!containerPath?.startsWith('/'))
      throw refusal(`containerPath '${containerPath}' of container '${name}' must be absolute.`);
  }
}

function checkVolume(volume: Volume): string {
  const { name = '', dockerVolumeConfiguration: docker = {} } = volume;
  onlyMembers(`ecs RegisterTaskDefinition, volume '${name}'`, volume, ['name', 'dockerVolumeConfiguration']);
  onlyMembers(`ecs RegisterTaskDefinition, docker volume '${name}'`, docker, ['scope', 'driver', 'driverOpts']);
  const { scope = 'task', driver = 'local', driverOpts = {} } = docker;
  if (scope !== 'task' || driver !== 'local')
    throw notModelled(`ecs docker volume '${name}' of scope ${scope} and driver ${driver}`, [
      'scope task, driver local',
    ]);
  if (driverOpts['type'] === undefined || mountedVolumeId([volume]) === undefined)
    throw notModelled(`ecs docker volume '${name}' with ${JSON.stringify(driverOpts)}`, [
      'a type and the device link of an EBS volume, /dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol…',
    ]);
  return name;
}

function refusal(message: string): Error {
  return failure('ClientException', message);
}
