import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { volumeFolder } from '../../../../local/hosts/host-folder.ts';
import {
  connectedHosts,
  launchHosts,
  removeCloud,
  type SmallCloud,
  startSmallCloud,
  until,
} from '../ecs/small-cloud.ts';

const PORT = 21_462;
let cloud: SmallCloud;

beforeAll(async () => {
  cloud = await startSmallCloud({ port: PORT, addressPrefix: '127.43' });
  await launchHosts(cloud.call, { zones: ['us-east-1a', 'us-east-1b'], hosts: 1 });
  await connectedHosts(cloud.call, 2);
}, 30_000);

afterAll(() => removeCloud(cloud), 30_000);

const request = { AvailabilityZone: 'us-east-1a', Size: 20, VolumeType: 'gp3' };

async function volumeIn(state: string, VolumeId: string) {
  const look = async () => (await cloud.call('ec2', 'DescribeVolumes', { VolumeIds: [VolumeId] })).Volumes[0];
  return until(look, ({ State }) => State === state);
}

async function snapshotIn(state: string, SnapshotId: string) {
  const look = async () => (await cloud.call('ec2', 'DescribeSnapshots', { SnapshotIds: [SnapshotId] })).Snapshots[0];
  return until(look, ({ State }) => State === state);
}

/** A volume with a file system and one file on it, as a host leaves it that still has it mounted. */
async function written(text: string): Promise<string> {
  const { VolumeId } = await cloud.call('ec2', 'CreateVolume', request);
  await volumeIn('available', VolumeId);
  const folder = volumeFolder(cloud.dataFolder, VolumeId);
  mkdirSync(join(folder, 'data', 'orders-0'), { recursive: true });
  mkdirSync(join(folder, 'mounts'));
  writeFileSync(join(folder, 'filesystem'), 'xfs');
  writeFileSync(join(folder, 'dirty'), '');
  writeFileSync(join(folder, 'mounts', 'i-1.task'), 'task');
  writeFileSync(join(folder, 'data', 'orders-0', 'log'), text);
  return VolumeId;
}

const contentOf = (volumeId: string): string =>
  readFileSync(join(volumeFolder(cloud.dataFolder, volumeId), 'data', 'orders-0', 'log'), 'utf8');

async function instanceIn(zone: string): Promise<string> {
  const Filters = [
    { Name: 'availability-zone', Values: [zone] },
    { Name: 'instance-state-name', Values: ['running'] },
  ];
  const { Reservations } = await cloud.call('ec2', 'DescribeInstances', { Filters });
  return Reservations[0].Instances[0].InstanceId;
}

async function chaos(verb: string, input: object): Promise<string> {
  const options = { method: 'POST', body: JSON.stringify(input), headers: { connection: 'close' } };
  const answer = await fetch(`http://127.0.0.1:${PORT}/_cloud/chaos/${verb}`, options);
  const content = (await answer.json()) as { readonly done?: string; readonly error?: string };
  return content.done ?? `refused: ${content.error}`;
}

describe('a snapshot', () => {
  test('keeps what a volume held, for new volumes in any zone', async () => {
    const VolumeId = await written('before');
    const Tags = [{ Key: 'made-by', Value: 'a schedule' }];
    const TagSpecifications = [{ ResourceType: 'snapshot', Tags }];
    const made = await cloud.call('ec2', 'CreateSnapshot', { VolumeId, Description: 'nightly', TagSpecifications });
    expect(made).toMatchObject({ State: 'pending', VolumeId, VolumeSize: 20, Description: 'nightly', Tags });
    expect(await snapshotIn('completed', made.SnapshotId)).toMatchObject({ Progress: '100%', Encrypted: false });
    writeFileSync(join(volumeFolder(cloud.dataFolder, VolumeId), 'data', 'orders-0', 'log'), 'after');
    const elsewhere = { ...request, AvailabilityZone: 'us-east-1b', SnapshotId: made.SnapshotId, Size: 25 };
    const restored = await cloud.call('ec2', 'CreateVolume', elsewhere);
    expect(await volumeIn('available', restored.VolumeId)).toMatchObject({ SnapshotId: made.SnapshotId, Size: 25 });
    expect([contentOf(restored.VolumeId), contentOf(VolumeId)]).toEqual(['before', 'after']);
    const folder = volumeFolder(cloud.dataFolder, restored.VolumeId);
    expect(['filesystem', 'dirty', 'mounts'].map((name) => existsSync(join(folder, name)))).toEqual([
      true,
      true,
      false,
    ]);
    expect((await cloud.call('ec2', 'CreateVolume', { ...elsewhere, Size: undefined })).Size).toBe(20);
  });

  test('is found by its volume and its owner, page by page', async () => {
    const VolumeId = await written('found');
    const ids: string[] = [];
    for (let number = 0; number < 3; number++)
      ids.push((await cloud.call('ec2', 'CreateSnapshot', { VolumeId })).SnapshotId);
    const Filters = [{ Name: 'volume-id', Values: [VolumeId] }];
    const first = await cloud.call('ec2', 'DescribeSnapshots', { OwnerIds: ['self'], Filters, MaxResults: 2 });
    const { NextToken } = first;
    const rest = await cloud.call('ec2', 'DescribeSnapshots', {
      OwnerIds: ['self'],
      Filters,
      MaxResults: 2,
      NextToken,
    });
    const found = [...first.Snapshots, ...rest.Snapshots].map(({ SnapshotId }) => SnapshotId);
    expect(found.sort()).toEqual(ids.sort());
    const others = await cloud.call('ec2', 'DescribeSnapshots', { OwnerIds: ['999999999999'], Filters });
    expect(others.Snapshots).toEqual([]);
  });

  test('is gone once it is deleted, and what was made of it stays', async () => {
    const VolumeId = await written('kept');
    const { SnapshotId } = await cloud.call('ec2', 'CreateSnapshot', { VolumeId });
    await snapshotIn('completed', SnapshotId);
    const wanted = { ...request, SnapshotId, ClientToken: 'restored-once' };
    const restored = await cloud.call('ec2', 'CreateVolume', wanted);
    await volumeIn('available', restored.VolumeId);
    await cloud.call('ec2', 'DeleteSnapshot', { SnapshotId });
    expect(contentOf(restored.VolumeId)).toBe('kept');
    expect((await cloud.call('ec2', 'CreateVolume', wanted)).VolumeId).toBe(restored.VolumeId);
    const gone = { name: 'InvalidSnapshot.NotFound' };
    await expect(cloud.call('ec2', 'DescribeSnapshots', { SnapshotIds: [SnapshotId] })).rejects.toMatchObject(gone);
    await expect(cloud.call('ec2', 'DeleteSnapshot', { SnapshotId })).rejects.toMatchObject(gone);
    await expect(cloud.call('ec2', 'CreateVolume', { ...request, SnapshotId })).rejects.toMatchObject(gone);
  });

  test('refuses smaller volumes, unencrypted ones of an encrypted one, and volumes that are not there', async () => {
    const { VolumeId } = await cloud.call('ec2', 'CreateVolume', { ...request, Encrypted: true });
    await volumeIn('available', VolumeId);
    const { SnapshotId } = await cloud.call('ec2', 'CreateSnapshot', { VolumeId });
    expect(await snapshotIn('completed', SnapshotId)).toMatchObject({ Encrypted: true });
    const create = (more: object) => cloud.call('ec2', 'CreateVolume', { ...request, SnapshotId, ...more });
    await expect(create({ Size: 19 })).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await expect(create({ Encrypted: false })).rejects.toMatchObject({ name: 'InvalidParameterCombination' });
    expect(await create({})).toMatchObject({ Encrypted: true });
    await expect(cloud.call('ec2', 'CreateSnapshot', { VolumeId: 'vol-0' })).rejects.toMatchObject({
      name: 'InvalidVolume.NotFound',
    });
  });
});

describe('a volume that is lost', () => {
  test('is detached and stays in the state error, and nothing is attached or made of it', async () => {
    const { VolumeId } = await cloud.call('ec2', 'CreateVolume', request);
    await volumeIn('available', VolumeId);
    const InstanceId = await instanceIn('us-east-1a');
    await cloud.call('ec2', 'AttachVolume', { VolumeId, InstanceId, Device: '/dev/xvdba' });
    await until(
      () => volumeIn('in-use', VolumeId),
      ({ Attachments }) => Attachments[0].State === 'attached',
    );
    expect(await chaos('volume/lose', { volume: VolumeId })).toContain('EC2 calls it "error"');
    expect(await volumeIn('error', VolumeId)).toMatchObject({ Attachments: [] });
    const attach = cloud.call('ec2', 'AttachVolume', { VolumeId, InstanceId, Device: '/dev/xvdbb' });
    await expect(attach).rejects.toMatchObject({ name: 'IncorrectState' });
    await expect(cloud.call('ec2', 'CreateSnapshot', { VolumeId })).rejects.toMatchObject({ name: 'IncorrectState' });
    expect(existsSync(volumeFolder(cloud.dataFolder, VolumeId))).toBe(false);
    await cloud.call('ec2', 'DeleteVolume', { VolumeId });
  });

  test('may be forgotten at once, and a root volume is not lost without its host', async () => {
    const VolumeId = await written('lost');
    expect(await chaos('volume/lose', { volume: VolumeId, forgotten: true })).toContain('does not know it any more');
    await expect(cloud.call('ec2', 'DescribeVolumes', { VolumeIds: [VolumeId] })).rejects.toMatchObject({
      name: 'InvalidVolume.NotFound',
    });
    expect(await chaos('volume/lose', { volume: VolumeId })).toBe(`refused: There is no volume ${VolumeId}`);
    const InstanceId = await instanceIn('us-east-1a');
    const Filters = [{ Name: 'attachment.instance-id', Values: [InstanceId] }];
    const { Volumes } = await cloud.call('ec2', 'DescribeVolumes', { Filters });
    expect(await chaos('volume/lose', { volume: Volumes[0].VolumeId })).toContain(`root volume of ${InstanceId}`);
  });
});

describe('a zone that is lost', () => {
  const running = async (zone: string): Promise<readonly string[]> => {
    const Filters = [
      { Name: 'availability-zone', Values: [zone] },
      { Name: 'instance-state-name', Values: ['pending', 'running'] },
    ];
    const { Reservations } = await cloud.call('ec2', 'DescribeInstances', { Filters });
    return Reservations.flatMap(({ Instances }: { Instances: { InstanceId: string }[] }) =>
      Instances.map(({ InstanceId }) => InstanceId),
    );
  };

  test('has no hosts and gets none until it is restored, and the other zones stay as they are', async () => {
    const [other, before] = [await instanceIn('us-east-1a'), await instanceIn('us-east-1b')];
    expect(await chaos('zone/lose', { zone: 'us-east-1b' })).toBe(
      `us-east-1b is lost: ${before} ended without a shutdown, and EC2 has no capacity for others until the zone is restored`,
    );
    await until(
      () => running('us-east-1b'),
      (left) => left.length === 0,
    );
    const { Subnets } = await cloud.call('ec2', 'DescribeSubnets', {
      Filters: [{ Name: 'availability-zone', Values: ['us-east-1b'] }],
    });
    const launch = cloud.call('ec2', 'RunInstances', {
      ...{ MinCount: 1, MaxCount: 1, LaunchTemplate: { LaunchTemplateName: 'hosts', Version: '1' } },
      SubnetId: Subnets[0].SubnetId,
    });
    await expect(launch).rejects.toMatchObject({ name: 'InsufficientInstanceCapacity' });
    expect(await instanceIn('us-east-1a')).toBe(other);
    expect(await chaos('zone/restore', { zone: 'us-east-1b' })).toContain('has capacity');
    const [after] = await until(
      () => running('us-east-1b'),
      (found) => found.length === 1,
    );
    expect(after).not.toBe(before);
    expect(await chaos('zone/restore', { zone: 'us-east-1b' })).toBe('refused: us-east-1b is not lost');
    expect(await chaos('zone/lose', { zone: 'us-east-1z' })).toContain(
      'allowed are us-east-1a, us-east-1b, us-east-1c',
    );
  }, 30_000);
});
