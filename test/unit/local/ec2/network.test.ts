import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type BareCloud, startBareCloud } from './bare-cloud.ts';

let cloud: BareCloud;
let vpcId: string;

beforeAll(async () => {
  cloud = await startBareCloud(21320);
  const { Vpc } = await cloud.call('ec2', 'CreateVpc', {
    CidrBlock: '10.0.0.0/16',
    TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: 'warden' }] }],
  });
  vpcId = Vpc.VpcId;
});

afterAll(() => cloud.remove());

function subnet(cidr: string, zone = 'us-east-1a') {
  return cloud.call('ec2', 'CreateSubnet', { VpcId: vpcId, CidrBlock: cidr, AvailabilityZone: zone });
}

describe('a VPC', () => {
  test('is born with a main route table and a default security group', async () => {
    const Filters = [{ Name: 'vpc-id', Values: [vpcId] }];
    const { RouteTables } = await cloud.call('ec2', 'DescribeRouteTables', { Filters });
    expect(RouteTables).toMatchObject([
      { Associations: [{ Main: true }], Routes: [{ DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local' }] },
    ]);
    const { SecurityGroups } = await cloud.call('ec2', 'DescribeSecurityGroups', { Filters });
    expect(SecurityGroups).toMatchObject([
      {
        GroupName: 'default',
        IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: SecurityGroups[0].GroupId }] }],
      },
    ]);
  });

  test('keeps its attributes and tags over a restart', async () => {
    await cloud.call('ec2', 'ModifyVpcAttribute', { VpcId: vpcId, EnableDnsHostnames: { Value: true } });
    cloud = await cloud.restart();
    expect(
      await cloud.call('ec2', 'DescribeVpcAttribute', { VpcId: vpcId, Attribute: 'enableDnsHostnames' }),
    ).toMatchObject({ EnableDnsHostnames: { Value: true } });
    const { Vpcs } = await cloud.call('ec2', 'DescribeVpcs', { Filters: [{ Name: 'tag:Name', Values: ['ward*'] }] });
    expect(Vpcs).toMatchObject([{ VpcId: vpcId, Tags: [{ Key: 'Name', Value: 'warden' }] }]);
  });

  test('cannot be deleted while it has subnets', async () => {
    const { Subnet } = await subnet('10.0.200.0/24');
    await expect(cloud.call('ec2', 'DeleteVpc', { VpcId: vpcId })).rejects.toMatchObject({
      name: 'DependencyViolation',
    });
    await cloud.call('ec2', 'DeleteSubnet', { SubnetId: Subnet.SubnetId });
  });
});

describe('a subnet', () => {
  test('lies in one of three zones and within its VPC, beside the others', async () => {
    const { Subnet } = await subnet('10.0.0.0/24', 'us-east-1c');
    expect(Subnet).toMatchObject({ AvailabilityZone: 'us-east-1c', AvailableIpAddressCount: 251, State: 'available' });
    await expect(subnet('10.0.0.128/25')).rejects.toMatchObject({ name: 'InvalidSubnet.Conflict' });
    await expect(subnet('10.1.0.0/24')).rejects.toMatchObject({ name: 'InvalidSubnet.Range' });
    await expect(subnet('10.0.1.0/24', 'us-east-1d')).rejects.toMatchObject({ name: 'InvalidZone.NotFound' });
  });

  test('has at most one route table', async () => {
    const { Subnet } = await subnet('10.0.2.0/24');
    const [one, two] = [
      await cloud.call('ec2', 'CreateRouteTable', { VpcId: vpcId }),
      await cloud.call('ec2', 'CreateRouteTable', { VpcId: vpcId }),
    ];
    const associate = (RouteTableId: string) =>
      cloud.call('ec2', 'AssociateRouteTable', { RouteTableId, SubnetId: Subnet.SubnetId });
    const { AssociationId } = await associate(one.RouteTable.RouteTableId);
    await expect(associate(two.RouteTable.RouteTableId)).rejects.toMatchObject({ name: 'Resource.AlreadyAssociated' });
    await cloud.call('ec2', 'DisassociateRouteTable', { AssociationId });
    await associate(two.RouteTable.RouteTableId);
  });
});

test('a route leads to a gateway that exists, once per destination', async () => {
  const { InternetGateway } = await cloud.call('ec2', 'CreateInternetGateway', {});
  const { InternetGatewayId } = InternetGateway;
  await cloud.call('ec2', 'AttachInternetGateway', { InternetGatewayId, VpcId: vpcId });
  const { RouteTable } = await cloud.call('ec2', 'CreateRouteTable', { VpcId: vpcId });
  const route = {
    RouteTableId: RouteTable.RouteTableId,
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: InternetGatewayId,
  };
  await cloud.call('ec2', 'CreateRoute', route);
  await expect(cloud.call('ec2', 'CreateRoute', route)).rejects.toMatchObject({ name: 'RouteAlreadyExists' });
  await expect(cloud.call('ec2', 'CreateRoute', { ...route, NatGatewayId: 'nat-1' })).rejects.toThrow(
    'NatGatewayId is not done',
  );
  await expect(cloud.call('ec2', 'DeleteInternetGateway', { InternetGatewayId })).rejects.toMatchObject({
    name: 'DependencyViolation',
  });
  await cloud.call('ec2', 'DetachInternetGateway', { InternetGatewayId, VpcId: vpcId });
  await cloud.call('ec2', 'DeleteInternetGateway', { InternetGatewayId });
});

describe('a security group', () => {
  test('shows its rules as they were given, and each only once', async () => {
    const { GroupId } = await cloud.call('ec2', 'CreateSecurityGroup', {
      GroupName: 'brokers',
      Description: 'brokers',
      VpcId: vpcId,
    });
    const IpPermissions = [
      { IpProtocol: 'tcp', FromPort: 9092, ToPort: 9391, IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'clients' }] },
      { IpProtocol: 'tcp', FromPort: 9092, ToPort: 9391, UserIdGroupPairs: [{ GroupId }] },
    ];
    await cloud.call('ec2', 'AuthorizeSecurityGroupIngress', { GroupId, IpPermissions });
    await expect(cloud.call('ec2', 'AuthorizeSecurityGroupIngress', { GroupId, IpPermissions })).rejects.toMatchObject({
      name: 'InvalidPermission.Duplicate',
    });
    const { SecurityGroups } = await cloud.call('ec2', 'DescribeSecurityGroups', { GroupIds: [GroupId] });
    expect(SecurityGroups[0]).toMatchObject({
      IpPermissions: [
        {
          IpProtocol: 'tcp',
          FromPort: 9092,
          ToPort: 9391,
          IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'clients' }],
          UserIdGroupPairs: [{ GroupId }],
        },
      ],
      IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    });
    await cloud.call('ec2', 'RevokeSecurityGroupEgress', {
      GroupId,
      IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    });
    const { SecurityGroupRules } = await cloud.call('ec2', 'DescribeSecurityGroupRules', {
      Filters: [{ Name: 'group-id', Values: [GroupId] }],
    });
    expect(SecurityGroupRules.map(({ IsEgress }: { IsEgress: boolean }) => IsEgress)).toEqual([false, false]);
    await cloud.call('ec2', 'RevokeSecurityGroupIngress', {
      GroupId,
      SecurityGroupRuleIds: [SecurityGroupRules[0].SecurityGroupRuleId],
    });
    await cloud.call('ec2', 'DeleteSecurityGroup', { GroupId });
  });
});

test('a gateway endpoint is a fact of the network; interface endpoints are refused', async () => {
  const request = { VpcId: vpcId, ServiceName: 'com.amazonaws.us-east-1.dynamodb' };
  const { VpcEndpoint } = await cloud.call('ec2', 'CreateVpcEndpoint', request);
  expect(VpcEndpoint).toMatchObject({ VpcEndpointType: 'Gateway', State: 'available' });
  await expect(cloud.call('ec2', 'CreateVpcEndpoint', { ...request, VpcEndpointType: 'Interface' })).rejects.toThrow(
    "'Interface' is not done",
  );
  expect(await cloud.call('ec2', 'DeleteVpcEndpoints', { VpcEndpointIds: [VpcEndpoint.VpcEndpointId] })).toEqual({
    Unsuccessful: [],
  });
});

test('a launch template keeps its versions and knows its default and latest', async () => {
  const { LaunchTemplate } = await cloud.call('ec2', 'CreateLaunchTemplate', {
    LaunchTemplateName: 'hosts',
    LaunchTemplateData: { InstanceType: 'm7g.large' },
  });
  const { LaunchTemplateId } = LaunchTemplate;
  await cloud.call('ec2', 'CreateLaunchTemplateVersion', {
    LaunchTemplateId,
    LaunchTemplateData: { InstanceType: 'm8g.large' },
  });
  const typeOf = async (version: string) => {
    const { LaunchTemplateVersions } = await cloud.call('ec2', 'DescribeLaunchTemplateVersions', {
      LaunchTemplateId,
      Versions: [version],
    });
    return LaunchTemplateVersions[0].LaunchTemplateData.InstanceType;
  };
  expect([await typeOf('$Default'), await typeOf('$Latest')]).toEqual(['m7g.large', 'm8g.large']);
  await cloud.call('ec2', 'ModifyLaunchTemplate', { LaunchTemplateId, DefaultVersion: '2' });
  expect(await typeOf('$Default')).toBe('m8g.large');
  await expect(typeOf('3')).rejects.toMatchObject({ name: 'InvalidLaunchTemplateId.VersionNotFound' });
});

test('the region has three zones, and instance types with their limits', async () => {
  const { AvailabilityZones } = await cloud.call('ec2', 'DescribeAvailabilityZones', {});
  expect(AvailabilityZones.map(({ ZoneName }: { ZoneName: string }) => ZoneName)).toEqual([
    'us-east-1a',
    'us-east-1b',
    'us-east-1c',
  ]);
  const { InstanceTypes } = await cloud.call('ec2', 'DescribeInstanceTypes', { InstanceTypes: ['m8g.xlarge'] });
  expect(InstanceTypes).toMatchObject([
    {
      VCpuInfo: { DefaultVCpus: 4 },
      MemoryInfo: { SizeInMiB: 16_384 },
      EbsInfo: { MaximumEbsAttachments: 32, AttachmentLimitType: 'dedicated' },
    },
  ]);
  await expect(cloud.call('ec2', 'DescribeInstanceTypes', { InstanceTypes: ['m1.small'] })).rejects.toMatchObject({
    name: 'InvalidInstanceType',
  });
});

test('a filter that is not done is refused by name', async () => {
  await expect(cloud.call('ec2', 'DescribeVpcs', { Filters: [{ Name: 'owner-id', Values: ['1'] }] })).rejects.toThrow(
    "The filter 'owner-id' is invalid or not done",
  );
});
