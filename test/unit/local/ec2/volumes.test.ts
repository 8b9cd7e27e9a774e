import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  connectedHosts,
  launchHosts,
  removeCloud,
  type SmallCloud,
  startSmallCloud,
  until,
} from '../ecs/small-cloud.ts';

let cloud: SmallCloud;
let instanceId: string;
let otherZoneId: string;

beforeAll(async () => {
  cloud = await startSmallCloud({ port: 21322, addressPrefix: '127.36' });
  await launchHosts(cloud.call, { zones: ['us-east-1a', 'us-east-1b'], hosts: 1 });
  await connectedHosts(cloud.call, 2);
  const inZone = async (zone: string) => {
    const { Reservations } = await cloud.call('ec2', 'DescribeInstances', {
      Filters: [{ Name: 'availability-zone', Values: [zone] }],
    });
    return Reservations[0].Instances[0];
  };
  [instanceId, otherZoneId] = [(await inZone('us-east-1a')).InstanceId, (await inZone('us-east-1b')).InstanceId];
}, 30_000);

afterAll(() => removeCloud(cloud), 30_000);

const REQUEST = { AvailabilityZone: 'us-east-1a', Size: 20, VolumeType: 'gp3' };

async function untilState(VolumeId: string, state: string) {
  const describeVolume = async () => (await cloud.call('ec2', 'DescribeVolumes', { VolumeIds: [VolumeId] })).Volumes[0];
  return until(describeVolume, ({ State }) => State === state);
}

async function available(): Promise<string> {
  const { VolumeId } = await cloud.call('ec2', 'CreateVolume', REQUEST);
  await untilState(VolumeId, 'available');
  return VolumeId;
}

describe('CreateVolume', () => {
  test('with the same token and request answers the same volume', async () => {
    const tags = [{ ResourceType: 'volume', Tags: [{ Key: 'warden:node', Value: '0' }] }];
    const request = { ...REQUEST, ClientToken: 'token-1', TagSpecifications: tags };
    const first = await cloud.call('ec2', 'CreateVolume', request);
    expect(first).toMatchObject({ State: 'creating', Iops: 3000, Throughput: 125 });
    expect((await cloud.call('ec2', 'CreateVolume', request)).VolumeId).toBe(first.VolumeId);
    await expect(cloud.call('ec2', 'CreateVolume', { ...request, Size: 21 })).rejects.toMatchObject({
      name: 'IdempotentParameterMismatch',
    });
    const { Volumes } = await cloud.call('ec2', 'DescribeVolumes', {
      Filters: [{ Name: 'tag:warden:node', Values: ['0'] }],
    });
    expect(Volumes).toMatchObject([{ VolumeId: first.VolumeId, Tags: [{ Key: 'warden:node', Value: '0' }] }]);
  });

  test.each([
    ['an unknown zone', { AvailabilityZone: 'us-east-1z' }, 'InvalidZone.NotFound'],
    ['no size', { Size: undefined }, 'MissingParameter'],
    ['a size that is too large', { Size: 65_537 }, 'InvalidParameterValue'],
    ['too many IOPS for its size', { Size: 10, Iops: 6000 }, 'InvalidParameterCombination'],
    ['a type that is not done', { VolumeType: 'io2' }, 'UnsupportedOperation'],
    ['a snapshot that is not there', { SnapshotId: 'snap-1' }, 'InvalidSnapshot.NotFound'],
    ['what is not done', { OutpostArn: 'arn:aws:outposts:us-east-1:1:outpost/op-1' }, 'UnsupportedOperation'],
  ])('refuses %s', async (_name, more, code) => {
    await expect(cloud.call('ec2', 'CreateVolume', { ...REQUEST, ...more })).rejects.toMatchObject({ name: code });
  });
});

describe('AttachVolume', () => {
  test('takes a volume of the same zone to a free device name, once', async () => {
    const [one, two] = [await available(), await available()];
    const attach = (VolumeId: string, InstanceId: string, Device: string) =>
      cloud.call('ec2', 'AttachVolume', { VolumeId, InstanceId, Device });
    await expect(attach(one, otherZoneId, '/dev/xvdaa')).rejects.toMatchObject({ name: 'InvalidVolume.ZoneMismatch' });
    await expect(attach(one, instanceId, '/dev/disk1')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await expect(attach(one, instanceId, '/dev/xvda')).rejects.toThrow('already in use');
    expect(await attach(one, instanceId, '/dev/xvdaa')).toMatchObject({ State: 'attaching', Device: '/dev/xvdaa' });
    await expect(attach(one, instanceId, '/dev/xvdab')).rejects.toMatchObject({ name: 'VolumeInUse' });
    await expect(attach(two, instanceId, '/dev/xvdaa')).rejects.toThrow('already in use');
    expect(await untilState(one, 'in-use')).toMatchObject({
      Attachments: [{ InstanceId: instanceId, Device: '/dev/xvdaa' }],
    });
    const { Volumes } = await cloud.call('ec2', 'DescribeVolumes', {
      Filters: [{ Name: 'attachment.instance-id', Values: [instanceId] }],
    });
    expect(Volumes.map(({ Attachments }: { Attachments: { Device: string }[] }) => Attachments[0]?.Device)).toEqual([
      '/dev/xvda',
      '/dev/xvdaa',
    ]);
  });
});

describe('DetachVolume and DeleteVolume', () => {
  test('free a volume and remove it, but never an attached one', async () => {
    const VolumeId = await available();
    await expect(cloud.call('ec2', 'DetachVolume', { VolumeId })).rejects.toMatchObject({ name: 'IncorrectState' });
    await cloud.call('ec2', 'AttachVolume', { VolumeId, InstanceId: instanceId, Device: '/dev/xvdba' });
    await expect(cloud.call('ec2', 'DeleteVolume', { VolumeId })).rejects.toMatchObject({ name: 'VolumeInUse' });
    await expect(cloud.call('ec2', 'DetachVolume', { VolumeId, InstanceId: otherZoneId })).rejects.toMatchObject({
      name: 'InvalidAttachment.NotFound',
    });
    await cloud.call('ec2', 'DetachVolume', { VolumeId });
    expect(await untilState(VolumeId, 'available')).toMatchObject({ Attachments: [] });
    await cloud.call('ec2', 'DeleteVolume', { VolumeId });
    await expect(cloud.call('ec2', 'DescribeVolumes', { VolumeIds: [VolumeId] })).rejects.toMatchObject({
      name: 'InvalidVolume.NotFound',
    });
  });
});

describe('an instance that ends', () => {
  test('lets its volumes go and takes its root volume with it', async () => {
    const VolumeId = await available();
    await cloud.call('ec2', 'AttachVolume', { VolumeId, InstanceId: instanceId, Device: '/dev/xvdbb' });
    const { Reservations } = await cloud.call('ec2', 'DescribeInstances', { InstanceIds: [instanceId] });
    const [root] = Reservations[0].Instances[0].BlockDeviceMappings;
    expect(root).toMatchObject({ DeviceName: '/dev/xvda', Ebs: { DeleteOnTermination: true } });
    await cloud.call('ec2', 'TerminateInstances', { InstanceIds: [instanceId] });
    await untilState(VolumeId, 'available');
    await expect(untilState(root.Ebs.VolumeId, 'gone')).rejects.toMatchObject({ name: 'InvalidVolume.NotFound' });
  });

  test('that is stopped keeps its volumes and its address, and starts again', async () => {
    const group = 'hosts-us-east-1b';
    await cloud.call('autoscaling', 'SuspendProcesses', {
      AutoScalingGroupName: group,
      ScalingProcesses: ['ReplaceUnhealthy', 'Launch'],
    });
    const describeOne = async () =>
      (await cloud.call('ec2', 'DescribeInstances', { InstanceIds: [otherZoneId] })).Reservations[0].Instances[0];
    const before = await describeOne();
    await cloud.call('ec2', 'StopInstances', { InstanceIds: [otherZoneId] });
    await until(describeOne, ({ State }) => State.Name === 'stopped');
    await cloud.call('ec2', 'StartInstances', { InstanceIds: [otherZoneId] });
    const after = await until(describeOne, ({ State }) => State.Name === 'running');
    expect(after.PrivateIpAddress).toBe(before.PrivateIpAddress);
    expect(after.BlockDeviceMappings).toEqual(before.BlockDeviceMappings);
  });
});
