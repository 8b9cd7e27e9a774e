import type {
  CreateSubnetRequest,
  CreateVpcRequest,
  DescribeSubnetsRequest,
  DescribeVpcAttributeRequest,
  DescribeVpcsRequest,
  ModifySubnetAttributeRequest,
  ModifyVpcAttributeRequest,
  Subnet,
  Vpc,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../core/aws-error.ts';
import type { Cloud, Handlers } from '../core/service.ts';
import { onlyMembers } from '../hosts/only-members.ts';
import { doOverlap, isInside, parseCidr, type Range } from './cidr.ts';
import { filterBy, pageOf, pickIds } from './describe.ts';
import { newId } from './ids.ts';
import type { VpcRecord } from './records.ts';
import { createMainRouteTable } from './route-tables.ts';
import { createDefaultSecurityGroup } from './security-groups.ts';
import type { Ec2Store } from './store.ts';
import { tagsFor } from './tags.ts';
import { requireZone, zonesOf } from './zones.ts';

/** Source: VPC user guide: a VPC or subnet has a netmask from /16 to /28; AWS keeps five addresses of a subnet. */
const SMALLEST_NET = 16;
const LARGEST_NET = 65536;
const RESERVED_ADDRESSES = 5;

/** VPCs and subnets. */
export function vpcHandlers(cloud: Cloud, store: Ec2Store): Handlers {
  return {
    CreateVpc: (input: CreateVpcRequest) => ({ Vpc: createVpc(cloud, store, input) }),
    DescribeVpcs: (input: DescribeVpcsRequest) => describeVpcs(store, input),
    DescribeVpcAttribute: (input: DescribeVpcAttributeRequest) => describeVpcAttribute(store, input),
    ModifyVpcAttribute: (input: ModifyVpcAttributeRequest) => modifyVpc(store, input),
    DeleteVpc: (input: { readonly VpcId?: string }) => deleteVpc(store, input.VpcId ?? ''),
    CreateSubnet: (input: CreateSubnetRequest) => ({ Subnet: createSubnet(cloud, store, input) }),
    DescribeSubnets: (input: DescribeSubnetsRequest) => describeSubnets(store, input),
    ModifySubnetAttribute: (input: ModifySubnetAttributeRequest) => modifySubnet(store, input),
    DeleteSubnet: (input: { readonly SubnetId?: string }) => deleteSubnet(store, input.SubnetId ?? ''),
  };
}

/** @throws AwsError InvalidVpcID.NotFound */
function requireVpc(store: Ec2Store, id: string | undefined): VpcRecord {
  const vpc = store.vpcs.get(id ?? '');
  if (vpc === undefined) throw new AwsError('InvalidVpcID.NotFound', `The vpc ID '${id}' does not exist`);
  return vpc;
}

/** @throws AwsError InvalidSubnetID.NotFound */
export function requireSubnet(store: Ec2Store, id: string | undefined): Subnet {
  const subnet = store.subnets.get(id ?? '');
  if (subnet === undefined) throw subnetMissing(id);
  return subnet;
}

function createVpc(cloud: Cloud, store: Ec2Store, input: CreateVpcRequest): Vpc {
  onlyMembers('CreateVpc', input, ['CidrBlock', 'InstanceTenancy', 'TagSpecifications']);
  if (input.InstanceTenancy !== undefined && input.InstanceTenancy !== 'default') {
    throw new AwsError(
      'UnsupportedOperation',
      `CreateVpc: InstanceTenancy '${input.InstanceTenancy}' is not done; use 'default'.`,
    );
  }
  const cidr = requireNet(input.CidrBlock, 'InvalidVpc.Range');
  const vpc: VpcRecord = {
    VpcId: newId('vpc'),
    CidrBlock: cidr.text,
    CidrBlockAssociationSet: [
      { AssociationId: newId('vpc-cidr-assoc'), CidrBlock: cidr.text, CidrBlockState: { State: 'associated' } },
    ],
    DhcpOptionsId: 'default',
    InstanceTenancy: 'default',
    IsDefault: false,
    OwnerId: cloud.accountId,
    State: 'available',
    enableDnsSupport: true,
    enableDnsHostnames: false,
  };
  store.vpcs.set(vpc.VpcId ?? '', vpc);
  store.tags.add(vpc.VpcId ?? '', tagsFor('vpc', input.TagSpecifications));
  createDefaultSecurityGroup(cloud, store, vpc);
  createMainRouteTable(cloud, store, vpc);
  return showVpc(store, vpc);
}

function describeVpcs(store: Ec2Store, input: DescribeVpcsRequest): object {
  onlyMembers('DescribeVpcs', input, ['VpcIds', 'Filters', 'MaxResults', 'NextToken']);
  const wanted = input.VpcIds?.length ? input.VpcIds.map((id) => requireVpc(store, id)) : store.vpcs.values();
  const found = filterBy(wanted, input.Filters, (vpc) => ({
    values: {
      'vpc-id': [vpc.VpcId],
      cidr: [vpc.CidrBlock],
      'cidr-block-association.cidr-block': [vpc.CidrBlock],
      state: ['available'],
      'is-default': ['false'],
      isDefault: ['false'],
    },
    tags: store.tags.of(vpc.VpcId ?? ''),
  }));
  const { items, ...rest } = pageOf(found, input);
  return { Vpcs: items.map((vpc) => showVpc(store, vpc)), ...rest };
}

function describeVpcAttribute(store: Ec2Store, input: DescribeVpcAttributeRequest): object {
  const vpc = requireVpc(store, input.VpcId);
  switch (input.Attribute) {
    case 'enableDnsSupport':
      return { VpcId: vpc.VpcId, EnableDnsSupport: { Value: vpc.enableDnsSupport } };
    case 'enableDnsHostnames':
      return { VpcId: vpc.VpcId, EnableDnsHostnames: { Value: vpc.enableDnsHostnames } };
    default:
      throw new AwsError(
        'InvalidParameterValue',
        `DescribeVpcAttribute: '${input.Attribute}' is not done; use enableDnsSupport or enableDnsHostnames.`,
      );
  }
}

function modifyVpc(store: Ec2Store, input: ModifyVpcAttributeRequest): object {
  onlyMembers('ModifyVpcAttribute', input, ['VpcId', 'EnableDnsSupport', 'EnableDnsHostnames']);
  const vpc = requireVpc(store, input.VpcId);
  store.vpcs.set(vpc.VpcId ?? '', {
    ...vpc,
    enableDnsSupport: input.EnableDnsSupport?.Value ?? vpc.enableDnsSupport,
    enableDnsHostnames: input.EnableDnsHostnames?.Value ?? vpc.enableDnsHostnames,
  });
  return {};
}

function deleteVpc(store: Ec2Store, id: string): object {
  requireVpc(store, id);
  const groups = store.securityGroups.values().filter(({ VpcId }) => VpcId === id);
  const tables = store.routeTables.values().filter(({ VpcId }) => VpcId === id);
  const isMain = (table: (typeof tables)[number]): boolean =>
    table.Associations?.some(({ Main }) => Main === true) ?? false;
  const users = [
    ...store.subnets.values().filter(({ VpcId }) => VpcId === id),
    ...store.gateways.values().filter(({ Attachments }) => Attachments?.some(({ VpcId }) => VpcId === id)),
    ...store.endpoints.values().filter(({ VpcId }) => VpcId === id),
    ...groups.filter(({ GroupName }) => GroupName !== 'default'),
    ...tables.filter((table) => !isMain(table)),
  ];
  if (users.length > 0)
    throw new AwsError('DependencyViolation', `The vpc '${id}' has dependencies and cannot be deleted.`);
  for (const { SecurityGroupRuleId, GroupId } of store.rules.values()) {
    if (groups.some((group) => group.GroupId === GroupId)) store.rules.delete(SecurityGroupRuleId ?? '');
  }
  for (const { GroupId } of groups) store.securityGroups.delete(GroupId ?? '');
  for (const { RouteTableId } of tables) store.routeTables.delete(RouteTableId ?? '');
  store.vpcs.delete(id);
  store.tags.forget(id);
  return {};
}

function createSubnet(cloud: Cloud, store: Ec2Store, input: CreateSubnetRequest): Subnet {
  onlyMembers('CreateSubnet', input, ['VpcId', 'CidrBlock', 'AvailabilityZone', 'TagSpecifications']);
  const vpc = requireVpc(store, input.VpcId);
  const cidr = requireNet(input.CidrBlock, 'InvalidSubnet.Range');
  const outer = parseCidr(vpc.CidrBlock ?? '');
  if (outer === undefined || !isInside(cidr, outer))
    throw new AwsError('InvalidSubnet.Range', `The CIDR '${cidr.text}' is invalid: it is not within ${vpc.CidrBlock}.`);
  const neighbours = store.subnets.values().filter(({ VpcId }) => VpcId === vpc.VpcId);
  const rival = neighbours.find(({ CidrBlock }) => overlaps(CidrBlock, cidr));
  if (rival !== undefined)
    throw new AwsError(
      'InvalidSubnet.Conflict',
      `The CIDR '${cidr.text}' conflicts with another subnet (${rival.SubnetId}, ${rival.CidrBlock})`,
    );
  const id = newId('subnet');
  const subnet: Subnet = {
    SubnetId: id,
    SubnetArn: `arn:aws:ec2:${cloud.region}:${cloud.accountId}:subnet/${id}`,
    VpcId: vpc.VpcId,
    CidrBlock: cidr.text,
    AvailabilityZone: requireZone(cloud.region, input.AvailabilityZone ?? zonesOf(cloud.region)[0] ?? ''),
    AvailableIpAddressCount: cidr.last - cidr.first + 1 - RESERVED_ADDRESSES,
    AssignIpv6AddressOnCreation: false,
    DefaultForAz: false,
    MapPublicIpOnLaunch: false,
    OwnerId: cloud.accountId,
    State: 'available',
  };
  store.subnets.set(id, subnet);
  store.tags.add(id, tagsFor('subnet', input.TagSpecifications));
  return { ...subnet, Tags: store.tags.of(id) };
}

function describeSubnets(store: Ec2Store, input: DescribeSubnetsRequest): object {
  onlyMembers('DescribeSubnets', input, ['SubnetIds', 'Filters', 'MaxResults', 'NextToken']);
  const wanted = input.SubnetIds?.length
    ? pickIds((id) => store.subnets.get(id), input.SubnetIds, subnetMissing)
    : store.subnets.values();
  const found = filterBy(wanted, input.Filters, (subnet) => ({
    values: {
      'subnet-id': [subnet.SubnetId],
      'vpc-id': [subnet.VpcId],
      'availability-zone': [subnet.AvailabilityZone],
      'cidr-block': [subnet.CidrBlock],
      'map-public-ip-on-launch': [String(subnet.MapPublicIpOnLaunch)],
      state: [subnet.State],
    },
    tags: store.tags.of(subnet.SubnetId ?? ''),
  }));
  const { items, ...rest } = pageOf(found, input);
  return { Subnets: items.map((subnet) => ({ ...subnet, Tags: store.tags.of(subnet.SubnetId ?? '') })), ...rest };
}

function modifySubnet(store: Ec2Store, input: ModifySubnetAttributeRequest): object {
  onlyMembers('ModifySubnetAttribute', input, ['SubnetId', 'MapPublicIpOnLaunch']);
  const subnet = requireSubnet(store, input.SubnetId);
  store.subnets.set(subnet.SubnetId ?? '', {
    ...subnet,
    MapPublicIpOnLaunch: input.MapPublicIpOnLaunch?.Value ?? subnet.MapPublicIpOnLaunch,
  });
  return {};
}

function deleteSubnet(store: Ec2Store, id: string): object {
  requireSubnet(store, id);
  const isUsed = store.instances.values().some(({ subnetId, state }) => subnetId === id && state !== 'terminated');
  if (isUsed) throw new AwsError('DependencyViolation', `The subnet '${id}' has dependencies and cannot be deleted.`);
  // Its association with a route table ends with it.
  for (const table of store.routeTables.values()) {
    const Associations = (table.Associations ?? []).filter(({ SubnetId }) => SubnetId !== id);
    if (Associations.length !== table.Associations?.length)
      store.routeTables.set(table.RouteTableId ?? '', { ...table, Associations });
  }
  store.subnets.delete(id);
  store.tags.forget(id);
  return {};
}

function requireNet(text: string | undefined, code: string): Range & { readonly text: string } {
  if (text === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter cidrBlock');
  const range = parseCidr(text);
  if (range === undefined)
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${text}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`,
    );
  const size = range.last - range.first + 1;
  if (size < SMALLEST_NET || size > LARGEST_NET)
    throw new AwsError(code, `The CIDR '${text}' is invalid: the netmask must be from /16 to /28.`);
  return { ...range, text };
}

function overlaps(text: string | undefined, range: Range): boolean {
  const other = parseCidr(text ?? '');
  return other !== undefined && doOverlap(other, range);
}

function showVpc(store: Ec2Store, vpc: VpcRecord): Vpc {
  const { enableDnsSupport: _support, enableDnsHostnames: _hostnames, ...shown } = vpc;
  return { ...shown, Tags: store.tags.of(vpc.VpcId ?? '') };
}

function subnetMissing(id: string | undefined): AwsError {
  return new AwsError('InvalidSubnetID.NotFound', `The subnet ID '${id}' does not exist`);
}
