import {
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  type EbsInfo,
  EC2Client,
  type Instance,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  type ContainerInstance,
  DescribeContainerInstancesCommand,
  ECSClient,
  ListContainerInstancesCommand,
} from '@aws-sdk/client-ecs';
import type { Host } from '../model/placement/host.ts';
import type { Hosts, Termination } from '../ports/hosts.ts';
import { awsCall, HostsError } from './operating-errors.ts';

/** DescribeContainerInstances takes so many at once; a filter of EC2 twice as many. */
const describeBatch = 100;
/** What older Nitro types share among disks, network cards and the root disk. */
const defaultVolumeLimit = 27;

/** Whatever takes the commands of both services. */
interface Clients {
  readonly ecs: Pick<ECSClient, 'send'>;
  readonly ec2: Pick<EC2Client, 'send'>;
}

/** The port Hosts on ECS and EC2. */
export function createEc2Hosts(options: { readonly clusterArn: string; readonly clients?: Clients }): Hosts {
  const { clusterArn, clients = { ecs: new ECSClient({}), ec2: new EC2Client({}) } } = options;
  return {
    list: () => awsCall(() => listHosts(clients, clusterArn), { asked: 'list the hosts', as: HostsError }),
    listGone: (instanceIds) =>
      awsCall(() => listGone(clients, clusterArn, instanceIds), { asked: 'look for lost hosts', as: HostsError }),
    terminate: (instanceId, cutOff) => terminate(clients.ec2, instanceId, cutOff),
  };
}

/** What EC2 says of a right that is missing is followed by a coded message of a thousand characters. */
const mostOfARefusal = 500;

/** What passes is thrown. */
async function terminate(ec2: Clients['ec2'], instanceId: string, cutOff: boolean): Promise<Termination> {
  const request = { InstanceIds: [instanceId], ...(cutOff ? { SkipOsShutdown: true } : {}) };
  try {
    const known = { 'InvalidInstanceID.NotFound': () => undefined };
    const call = async () => void (await ec2.send(new TerminateInstancesCommand(request)));
    await awsCall(call, { asked: `terminate ${instanceId}`, as: HostsError, known });
    return { type: 'accepted' };
  } catch (error) {
    if (!(error instanceof HostsError) || error.retriable) throw error;
    const { name, message } = error.cause as Error;
    return { type: 'refused', why: `${name}: ${message}`.slice(0, mostOfARefusal) };
  }
}

async function listHosts(clients: Clients, cluster: string): Promise<readonly Host[]> {
  const containerInstances = await listContainerInstances(clients.ecs, cluster);
  const instanceIds = containerInstances.flatMap(({ ec2InstanceId }) => ec2InstanceId ?? []);
  const instances = await describeInstances(clients.ec2, instanceIds);
  if (instances.length === 0) return [];
  const limits = await volumeLimits(clients.ec2, instances);
  return containerInstances.flatMap((containerInstance) => {
    const instance = instances.find(({ InstanceId }) => InstanceId === containerInstance.ec2InstanceId);
    return instance === undefined ? [] : [host(containerInstance, instance, limits)];
  });
}

async function listGone(clients: Clients, cluster: string, asked: readonly string[]): Promise<readonly string[]> {
  const shown = await describeInstances(clients.ec2, asked);
  const stateOf = (id: string) => shown.find(({ InstanceId }) => InstanceId === id)?.State?.Name;
  const suspects = asked.filter((id) => [undefined, 'terminated'].includes(stateOf(id)));
  if (suspects.length === 0) return [];
  // One that EC2 does not show and whose agent answers is a gap in EC2's answer.
  const living = (await listContainerInstances(clients.ecs, cluster))
    .filter(({ agentConnected }) => agentConnected === true)
    .map(({ ec2InstanceId }) => ec2InstanceId);
  return suspects.filter((id) => stateOf(id) === 'terminated' || !living.includes(id));
}

async function listContainerInstances(ecs: Clients['ecs'], cluster: string): Promise<ContainerInstance[]> {
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await ecs.send(
      new ListContainerInstancesCommand({ cluster, ...(nextToken === undefined ? {} : { nextToken }) }),
    );
    arns.push(...(page.containerInstanceArns ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  const found: ContainerInstance[] = [];
  for (let from = 0; from < arns.length; from += describeBatch) {
    const containerInstances = arns.slice(from, from + describeBatch);
    const answer = await ecs.send(new DescribeContainerInstancesCommand({ cluster, containerInstances }));
    found.push(...(answer.containerInstances ?? []));
  }
  return found;
}

/**
 * ECS keeps a host on its list that ended while its agent was not connected; EC2 forgets it after an hour, and would
 * then refuse a request that names it by its id. A filter finds those that are there.
 */
async function describeInstances(ec2: Clients['ec2'], instanceIds: readonly string[]): Promise<readonly Instance[]> {
  const found: Instance[] = [];
  for (let from = 0; from < instanceIds.length; from += describeBatch) {
    const Filters = [{ Name: 'instance-id', Values: instanceIds.slice(from, from + describeBatch) }];
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
    found.push(...Reservations.flatMap(({ Instances }) => Instances ?? []));
  }
  return found;
}

async function volumeLimits(ec2: Clients['ec2'], instances: readonly Instance[]): Promise<ReadonlyMap<string, number>> {
  const types = [...new Set(instances.flatMap(({ InstanceType }) => InstanceType ?? []))];
  const answer = await ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes: types }));
  return new Map(
    (answer.InstanceTypes ?? []).map(({ InstanceType, EbsInfo }) => [InstanceType ?? '', volumeLimit(EbsInfo)]),
  );
}

/** Where volumes share their places with network cards, a host's one card has one of them. */
function volumeLimit(info: EbsInfo | undefined): number {
  const { MaximumEbsAttachments: places, AttachmentLimitType: type } = info ?? {};
  if (places === undefined) return defaultVolumeLimit;
  return type === 'shared' ? places - 1 : places;
}

function host(containerInstance: ContainerInstance, instance: Instance, limits: ReadonlyMap<string, number>): Host {
  return {
    instanceId: instance.InstanceId ?? '',
    containerInstanceArn: containerInstance.containerInstanceArn ?? '',
    address: instance.PrivateIpAddress ?? '',
    zone: instance.Placement?.AvailabilityZone ?? '',
    status: containerInstance.status ?? '',
    agentConnected: containerInstance.agentConnected ?? false,
    ...(instance.State?.Name === 'stopped' ? { isStopped: true as const } : {}),
    cpuUnits: amount(containerInstance.registeredResources, 'CPU'),
    memoryMiB: amount(containerInstance.registeredResources, 'MEMORY'),
    freeCpuUnits: amount(containerInstance.remainingResources, 'CPU'),
    freeMemoryMiB: amount(containerInstance.remainingResources, 'MEMORY'),
    usedPorts: usedPorts(containerInstance),
    volumeSlots: limits.get(instance.InstanceType ?? '') ?? defaultVolumeLimit,
    attachedVolumes: (instance.BlockDeviceMappings ?? []).length,
  };
}

function amount(resources: ContainerInstance['registeredResources'], name: string): number {
  return resources?.find((resource) => resource.name === name)?.integerValue ?? 0;
}

/** Among ECS's "remaining" resources, PORTS alone lists what is taken. */
function usedPorts(containerInstance: ContainerInstance): number[] {
  const ports = containerInstance.remainingResources?.find(({ name }) => name === 'PORTS')?.stringSetValue ?? [];
  return ports.map(Number);
}
