import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { volumeFolder } from '../../../../local/hosts/host-folder.ts';
import {
  connectedHosts,
  launchHosts,
  registerScript,
  removeCloud,
  runOne,
  type SmallCloud,
  startSmallCloud,
  until,
  untilStatus,
} from './small-cloud.ts';

let cloud: SmallCloud;
let instanceId: string;

beforeAll(async () => {
  cloud = await startSmallCloud({ port: 21302, addressPrefix: '127.31' });
  await launchHosts(cloud.call, { zones: ['us-east-1a'], hosts: 1 });
  [{ ec2InstanceId: instanceId }] = await connectedHosts(cloud.call, 1);
}, 30_000);

afterAll(() => removeCloud(cloud), 30_000);

const PREPARE = `device=$DEVICE
[ "$(lsblk -ndo SERIAL "$device")" = "$SERIAL" ] || exit 70
type=$(blkid -o value -s TYPE "$device" || true)
if [ -z "$type" ]; then
  mkfs.xfs -q "$device"
elif [ "$type" != xfs ]; then
  exit 72
else
  xfs_repair "$device" || [ $? -eq 2 ]
fi
mount=$(mktemp -d)
mount -o noatime "$device" "$mount"
mkdir -p "$mount/kafka"
chown 1000:1000 "$mount" "$mount/kafka"
umount "$mount"
rmdir "$mount"`;

function devicePath(volumeId: string): string {
  return `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volumeId.replace('-', '')}`;
}

async function attachedVolume(device: string): Promise<string> {
  const { VolumeId } = await cloud.call('ec2', 'CreateVolume', {
    AvailabilityZone: 'us-east-1a',
    Size: 10,
    VolumeType: 'gp3',
  });
  await untilVolume(VolumeId, ({ State }) => State === 'available');
  await cloud.call('ec2', 'AttachVolume', { VolumeId, InstanceId: instanceId, Device: device });
  await untilVolume(VolumeId, ({ Attachments }) => Attachments[0].State === 'attached');
  return VolumeId;
}

interface ShownVolume {
  readonly State: string;
  readonly Attachments: readonly { readonly State: string }[];
}

function untilVolume(
  volumeId: string,
  fits: (volume: ShownVolume & { Attachments: [{ State: string }] }) => boolean,
): Promise<unknown> {
  const describeVolume = async () => (await cloud.call('ec2', 'DescribeVolumes', { VolumeIds: [volumeId] })).Volumes[0];
  return until(describeVolume, fits);
}

async function prepare(volumeId: string): Promise<number> {
  const definition = await registerScript(cloud.call, 'prepare', 'unused', {
    pidMode: 'host',
    container: {
      privileged: true,
      user: 'root',
      command: ['nsenter', '-t', '1', '-m', '--', 'unshare', '-m', 'bash', '-euo', 'pipefail', '-c', PREPARE],
    },
  });
  const environment = [
    { name: 'DEVICE', value: devicePath(volumeId) },
    { name: 'SERIAL', value: volumeId.replace('-', '') },
  ];
  const arn = await runOne(cloud.call, definition, {
    overrides: { containerOverrides: [{ name: 'main', environment }] },
  });
  return (await untilStatus(cloud.call, arn, 'STOPPED')).containers[0].exitCode;
}

function onVolume(volumeId: string, script: string, more: object = {}): Promise<string> {
  return registerScript(cloud.call, `on-${volumeId}`, script, {
    volumes: [
      {
        name: 'data',
        dockerVolumeConfiguration: {
          scope: 'task',
          driver: 'local',
          driverOpts: { type: 'xfs', device: devicePath(volumeId), o: 'noatime' },
        },
      },
    ],
    container: { mountPoints: [{ sourceVolume: 'data', containerPath: '/var/lib/kafka/data' }], ...more },
  });
}

describe('a volume of a task', () => {
  test('cannot be mounted while it is blank, nor when it is not attached', async () => {
    const volumeId = await attachedVolume('/dev/xvdaa');
    const blank = await untilStatus(cloud.call, await runOne(cloud.call, await onVolume(volumeId, 'true')), 'STOPPED');
    expect(blank.stopCode).toBe('TaskFailedToStart');
    expect(blank.stoppedReason).toContain('invalid argument (the device is blank)');
    expect(blank.containers[0].exitCode).toBeUndefined();
    const absent = await untilStatus(
      cloud.call,
      await runOne(cloud.call, await onVolume('vol-0aaaaaaaaaaaaaaaa', 'true')),
      'STOPPED',
    );
    expect(absent.stoppedReason).toContain('no such file or directory');
  });

  test('is formatted once by a privileged task and keeps its files from task to task', async () => {
    const volumeId = await attachedVolume('/dev/xvdab');
    expect(await prepare(volumeId)).toBe(0);
    const write = await onVolume(volumeId, 'echo kept > /var/lib/kafka/data/kafka/file');
    await untilStatus(cloud.call, await runOne(cloud.call, write), 'STOPPED');
    expect(await prepare(volumeId)).toBe(0);
    const read = await onVolume(volumeId, 'grep -qx kept /var/lib/kafka/data/kafka/file || exit 9');
    const task = await untilStatus(cloud.call, await runOne(cloud.call, read), 'STOPPED');
    expect(task.containers[0].exitCode).toBe(0);
  });

  test('stays busy while a container has it mounted, and is let go when that ends', async () => {
    const volumeId = await attachedVolume('/dev/xvdac');
    expect(await prepare(volumeId)).toBe(0);
    const arn = await runOne(cloud.call, await onVolume(volumeId, 'exec sleep 60'));
    await untilStatus(cloud.call, arn, 'RUNNING');
    await cloud.call('ec2', 'DetachVolume', { VolumeId: volumeId });
    await untilVolume(volumeId, ({ State, Attachments }) => State === 'in-use' && Attachments[0].State === 'busy');
    await cloud.call('ecs', 'StopTask', { cluster: 'test', task: arn });
    await untilVolume(volumeId, ({ State }) => State === 'available');
    expect(await untilStatus(cloud.call, arn, 'STOPPED')).toMatchObject({
      stopCode: 'UserInitiated',
      containers: [{ exitCode: 143 }],
    });
    await cloud.call('ec2', 'DeleteVolume', { VolumeId: volumeId });
    expect(existsSync(volumeFolder(cloud.dataFolder, volumeId))).toBe(false);
  });

  test('torn out by force takes the container down with it', async () => {
    const volumeId = await attachedVolume('/dev/xvdad');
    expect(await prepare(volumeId)).toBe(0);
    const arn = await runOne(cloud.call, await onVolume(volumeId, 'exec sleep 60'));
    await untilStatus(cloud.call, arn, 'RUNNING');
    await cloud.call('ec2', 'DetachVolume', { VolumeId: volumeId, Force: true });
    await untilVolume(volumeId, ({ State }) => State === 'available');
    expect((await untilStatus(cloud.call, arn, 'STOPPED')).containers[0].exitCode).toBe(137);
    expect(existsSync(join(volumeFolder(cloud.dataFolder, volumeId), 'data', 'kafka'))).toBe(true);
  });
});
