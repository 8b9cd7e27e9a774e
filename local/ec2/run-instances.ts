import type { RequestLaunchTemplateData, RunInstancesRequest, Subnet } from '@aws-sdk/client-ec2';
import { AwsError } from '../core/aws-error.ts';
import { onlyMembers } from '../hosts/only-members.ts';
import { newId } from './ids.ts';
import { requireInstanceType } from './instance-types.ts';
import { templateData } from './launch-templates.ts';
import type { InstanceRecord } from './records.ts';
import { requireGroup } from './security-groups.ts';
import type { Ec2Store } from './store.ts';
import { tagsFor } from './tags.ts';
import { requestHash } from './volume-request.ts';
import { requireSubnet } from './vpcs.ts';
import { zonesOf } from './zones.ts';

/** Addresses of hosts begin here in each zone's loopback net. */
const FIRST_HOST = 11;
const LAST_HOST = 254;
/** Of the ECS-optimized images. */
const ROOT_SIZE_GIB = 30;

/** Members of a request or of its launch template that mean something on one machine, or are kept as facts. */
const DATA_MEMBERS = [
  'ImageId',
  'InstanceType',
  'SecurityGroupIds',
  'SecurityGroups',
  'UserData',
  'IamInstanceProfile',
  'TagSpecifications',
  'NetworkInterfaces',
  // Of the machine or the network alone: nothing on the local cloud behaves differently for them.
  'BlockDeviceMappings',
  'EbsOptimized',
  'MetadataOptions',
  'Monitoring',
  'PrivateDnsNameOptions',
  'InstanceInitiatedShutdownBehavior',
];

/** What RunInstances needs beside the request. */
export interface Launchpad {
  readonly store: Ec2Store;
  readonly region: string;
  /** The first two parts of the loopback addresses of hosts. */
  readonly addressPrefix: string;
}

/** New instances and their tags; nothing is stored yet. */
export function planInstances(
  pad: Launchpad,
  input: RunInstancesRequest,
): { readonly record: InstanceRecord; readonly tags: ReturnType<typeof tagsFor> }[] {
  const data = launchData(pad.store, input);
  const subnet = requireSubnet(pad.store, input.SubnetId);
  const type = requireInstanceType(data.InstanceType ?? 'missing');
  requireCapacity(pad.store, type.name, subnet);
  const { ImageId: imageId } = data;
  if (imageId === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter ImageId');
  const securityGroupIds = data.NetworkInterfaces?.[0]?.Groups ?? data.SecurityGroupIds ?? [];
  for (const id of securityGroupIds) requireGroup(pad.store, id);
  const count = input.MaxCount ?? 1;
  const addresses = freeAddresses(pad, subnet, count);
  const profileArn = data.IamInstanceProfile?.Arn ?? data.IamInstanceProfile?.Name;
  const reservationId = newId('r');
  const now = Date.now();
  return addresses.map((address) => ({
    tags: tagsFor('instance', [...(data.TagSpecifications ?? []), ...(input.TagSpecifications ?? [])]),
    record: {
      id: newId('i'),
      reservationId,
      type: type.name,
      imageId,
      subnetId: subnet.SubnetId ?? '',
      vpcId: subnet.VpcId ?? '',
      zone: subnet.AvailabilityZone ?? '',
      address,
      securityGroupIds,
      ...(profileArn !== undefined && { profileArn }),
      rootSizeGiB: data.BlockDeviceMappings?.[0]?.Ebs?.VolumeSize ?? ROOT_SIZE_GIB,
      userData: Buffer.from(data.UserData ?? '', 'base64').toString('utf8'),
      ...(input.ClientToken !== undefined && { clientToken: input.ClientToken, requestHash: requestHash(input) }),
      state: 'pending',
      launchedAt: now,
      changedAt: now,
    },
  }));
}

/** A zone that is lost on purpose has none. */
function requireCapacity({ lostZones }: Ec2Store, type: string, { AvailabilityZone: zone = '' }: Subnet): void {
  if (!lostZones.has(zone)) return;
  throw new AwsError(
    'InsufficientInstanceCapacity',
    `We currently do not have sufficient ${type} capacity in the Availability Zone you requested (${zone}). Our system will be working on provisioning additional capacity.`,
    500,
  );
}

/** What the request says goes before what its launch template says. */
function launchData(store: Ec2Store, input: RunInstancesRequest): RequestLaunchTemplateData {
  onlyMembers('RunInstances', input, [
    ...DATA_MEMBERS,
    'LaunchTemplate',
    'SubnetId',
    'MinCount',
    'MaxCount',
    'ClientToken',
  ]);
  const template = input.LaunchTemplate === undefined ? {} : templateData(store, input.LaunchTemplate);
  onlyMembers('RunInstances with a launch template', template, DATA_MEMBERS);
  const own = Object.fromEntries(
    Object.entries(input).filter(([name, value]) => name !== 'TagSpecifications' && value !== undefined),
  );
  return { ...template, ...own };
}

/** 127.0.<zone>.<n>: each zone has its own net, so that a glance at an address shows the zone. */
function freeAddresses(pad: Launchpad, subnet: Subnet, count: number): string[] {
  const net = `${pad.addressPrefix}.${zonesOf(pad.region).indexOf(subnet.AvailabilityZone ?? '') + 1}`;
  const used = new Set(
    pad.store.instances.values().flatMap(({ address, state }) => (state === 'terminated' ? [] : [address])),
  );
  const free: string[] = [];
  for (let host = FIRST_HOST; host <= LAST_HOST && free.length < count; host += 1) {
    if (!used.has(`${net}.${host}`)) free.push(`${net}.${host}`);
  }
  if (free.length < count)
    throw new AwsError(
      'InsufficientFreeAddressesInSubnet',
      `Not enough free addresses in subnet ${subnet.SubnetId}: ${count} were asked for, ${free.length} are left.`,
    );
  return free;
}
