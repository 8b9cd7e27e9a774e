import { describe, expect, test } from '@jest/globals';
import { existingVpc, resourcesOf, synthesize } from './synthesize.ts';

describe('hosts', () => {
  const template = synthesize();
  const groups = resourcesOf(template, 'AWS::AutoScaling::AutoScalingGroup');
  const launch = resourcesOf(template, 'AWS::EC2::LaunchTemplate')[0]?.Properties.LaunchTemplateData;

  test('stand in one group per zone, of fixed size and protected from scale-in', () => {
    expect(groups).toHaveLength(3);
    expect(new Set(groups.map(({ Properties }) => Properties.VPCZoneIdentifier[0].Ref)).size).toBe(3);
    for (const { Properties } of groups) {
      expect(Properties).toMatchObject({ MinSize: '1', MaxSize: '1', NewInstancesProtectedFromScaleIn: true });
    }
  });

  test('are never replaced by a deployment', () => {
    for (const group of groups) {
      expect(group.UpdatePolicy).toEqual({
        AutoScalingScheduledAction: { IgnoreUnmodifiedGroupSizeProperties: true },
      });
    }
  });

  test('answer for their metadata to signed sessions only, and encrypt their disk', () => {
    expect(launch.MetadataOptions).toEqual({ HttpTokens: 'required', HttpPutResponseHopLimit: 1 });
    expect(launch.BlockDeviceMappings[0].Ebs).toEqual({ Encrypted: true, VolumeSize: 30, VolumeType: 'gp3' });
  });

  test('join the cluster when they boot', () => {
    expect(JSON.stringify(launch.UserData)).toContain('ECS_CLUSTER=');
  });

  test('drain by themselves when Spot is to take them back', () => {
    expect(JSON.stringify(launch.UserData)).toContain('ECS_ENABLE_SPOT_INSTANCE_DRAINING=true');
  });

  test('take Kafka from each other and from the functions that ask it, nothing from the internet', () => {
    const ingress = resourcesOf(template, 'AWS::EC2::SecurityGroupIngress');
    const groups = resourcesOf(template, 'AWS::EC2::SecurityGroup');

    expect(groups.flatMap(({ Properties }) => Properties.SecurityGroupIngress ?? [])).toEqual([]);
    expect(ingress.map(({ Properties }) => Properties.Description)).toEqual([
      'Kafka between hosts',
      'Kafka from the functions that ask it',
    ]);
    for (const { Properties } of ingress) {
      expect(Properties).toMatchObject({ IpProtocol: 'tcp', FromPort: 9092, ToPort: 9391 });
    }
  });
});

describe('the network', () => {
  test('has no NAT gateway and reaches the table by the free gateway endpoint', () => {
    const template = synthesize();

    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    expect(resourcesOf(template, 'AWS::EC2::VPCEndpoint').map(({ Properties }) => Properties.VpcEndpointType)).toEqual([
      'Gateway',
    ]);
  });

  test('spans the zones that are named', () => {
    const template = synthesize({ context: { 'warden:zones': 'eu-west-1a,eu-west-1c' } });

    expect(resourcesOf(template, 'AWS::EC2::Subnet').map(({ Properties }) => Properties.AvailabilityZone)).toEqual([
      'eu-west-1a',
      'eu-west-1c',
    ]);
    template.resourceCountIs('AWS::AutoScaling::AutoScalingGroup', 2);
  });

  test('lets the named client ranges reach Kafka', () => {
    const template = synthesize({ context: { 'warden:clientCidrs': '10.1.0.0/16, 192.168.7.0/24' } });

    const ranges = resourcesOf(template, 'AWS::EC2::SecurityGroup')
      .flatMap(({ Properties }) => Properties.SecurityGroupIngress ?? [])
      .map((rule) => `${rule.CidrIp} ${rule.FromPort}-${rule.ToPort}`);

    expect(ranges).toEqual(['10.1.0.0/16 9092-9391', '192.168.7.0/24 9092-9391']);
  });
});

describe('the image of the hosts', () => {
  test('is the given AMI, when one is given', () => {
    const template = synthesize({ context: { 'warden:amiId': 'ami-0123456789abcdef0' } });

    expect(resourcesOf(template, 'AWS::EC2::LaunchTemplate')[0]?.Properties.LaunchTemplateData.ImageId).toBe(
      'ami-0123456789abcdef0',
    );
  });

  test.each([
    ['m7g.large', '/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id'],
    ['m7i.large', '/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id'],
  ])('fits the processor of %s', (instanceType, parameter) => {
    const template = synthesize({ context: { 'warden:instanceType': instanceType } });

    const parameters: { Default?: string }[] = Object.values(template.toJSON()['Parameters']);
    expect(parameters.map(({ Default }) => Default)).toContain(parameter);
  });
});

describe('an existing VPC', () => {
  test('is used as it is: the stack makes no network of its own', () => {
    const template = synthesize(existingVpc);

    template.resourceCountIs('AWS::EC2::VPC', 0);
    template.resourceCountIs('AWS::EC2::Subnet', 0);
    expect(resourcesOf(template, 'AWS::EC2::VPCEndpoint').map(({ Properties }) => Properties.RouteTableIds)).toEqual([
      ['rtb-00000000000000001', 'rtb-00000000000000002'],
    ]);
    expect(
      resourcesOf(template, 'AWS::AutoScaling::AutoScalingGroup').map(({ Properties }) => Properties.VPCZoneIdentifier),
    ).toEqual([['subnet-00000000000000001'], ['subnet-00000000000000002']]);
  });

  test('that leads to DynamoDB already gets no second endpoint', () => {
    const template = synthesize({
      ...existingVpc,
      context: { ...existingVpc.context, 'warden:dynamoDbEndpoint': 'existing' },
    });

    template.resourceCountIs('AWS::EC2::VPCEndpoint', 0);
  });

  test('with public subnets in fewer zones than asked for is refused', () => {
    expect(() => synthesize({ ...existingVpc, context: { ...existingVpc.context, 'warden:zones': '3' } })).toThrow(
      'warden:zones asks for 3 zones, but the VPC has public subnets in 2 of them',
    );
  });
});
