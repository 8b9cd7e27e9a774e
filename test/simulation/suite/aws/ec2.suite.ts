import {
  AttachVolumeCommand,
  CreateVolumeCommand,
  type CreateVolumeCommandInput,
  DeleteVolumeCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, test } from '@jest/globals';
import { type AwsSubject, freshName, scripts } from './aws-subject.ts';
import { availableVolume, describeVolume, register, runningTask, runOne, stopTask, untilStatus } from './ecs-steps.ts';

const deviceNames = [...'bcdefghij'].flatMap((first) => [...'abcdefgh'].map((second) => `/dev/xvd${first}${second}`));

/** EBS volumes, and the instances that they are attached to. */
export function describeEc2(open: () => AwsSubject): void {
  const request: CreateVolumeCommandInput = {
    ...{ AvailabilityZone: 'us-east-1a', Size: 10, VolumeType: 'gp3', Encrypted: true },
  };
  const create = (more: Partial<CreateVolumeCommandInput> = {}) =>
    open().ec2.send(new CreateVolumeCommand({ ...request, ...more }));
  const attach = (VolumeId: string, Device: string, host = open().hosts[0]) =>
    open().ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId: host.instanceId, Device }));
  const detach = (VolumeId: string) => open().ec2.send(new DetachVolumeCommand({ VolumeId }));
  const remove = (VolumeId: string) => open().ec2.send(new DeleteVolumeCommand({ VolumeId }));
  const freshDevice = () => deviceNames.pop() ?? '';
  const untilAttachment = (volumeId: string, state: string | undefined) =>
    open().waitFor(
      () => describeVolume(open(), volumeId),
      ({ Attachments }) => Attachments?.[0]?.State === state,
    );
  const instanceVolumes = async () => {
    const InstanceIds = [open().hosts[0].instanceId];
    const { Reservations } = await open().ec2.send(new DescribeInstancesCommand({ InstanceIds }));
    return Reservations?.[0]?.Instances?.[0]?.BlockDeviceMappings?.map(({ DeviceName, Ebs }) => [
      DeviceName,
      Ebs?.VolumeId,
    ]);
  };

  describe('a volume of EBS', () => {
    test('is being created for a while and then available, with its tags', async () => {
      const Tags = [{ Key: freshName('warden:key'), Value: '0' }];
      const created = await create({ TagSpecifications: [{ ResourceType: 'volume', Tags }] });
      expect(created).toMatchObject({ State: 'creating', Size: 10, AvailabilityZone: 'us-east-1a', Encrypted: true });
      const volume = await open().waitFor(
        () => describeVolume(open(), created.VolumeId ?? ''),
        ({ State }) => State !== 'creating',
      );
      expect(volume).toMatchObject({ VolumeId: created.VolumeId, State: 'available', Attachments: [], Tags });
      const Filters = [{ Name: `tag:${Tags[0]?.Key}`, Values: ['0', '1'] }];
      const found = await open().ec2.send(new DescribeVolumesCommand({ Filters }));
      expect(found.Volumes?.map(({ VolumeId }) => VolumeId)).toEqual([created.VolumeId]);
    });

    test('is created once for its token, and not for another request under it', async () => {
      const ClientToken = freshName('token');
      const first = await create({ ClientToken });
      expect((await create({ ClientToken })).VolumeId).toBe(first.VolumeId);
      expect((await create({ ClientToken: `${ClientToken}-2` })).VolumeId).not.toBe(first.VolumeId);
      await expect(create({ ClientToken, Size: 11 })).rejects.toMatchObject({ name: 'IdempotentParameterMismatch' });
    });

    test.each([
      ['in an unknown zone', { AvailabilityZone: 'us-east-1z' }, 'InvalidZone.NotFound'],
      ['without a size', { Size: undefined }, 'MissingParameter'],
      ['with more than 64 TiB', { Size: 65_537 }, 'InvalidParameterValue'],
      ['with no GiB', { Size: 0 }, 'InvalidParameterValue'],
    ])('is not created %s', async (_what, more, name) => {
      await expect(create(more as object)).rejects.toMatchObject({ name });
    });

    test('is attached to an instance and shown by it from the beginning', async () => {
      const [id, device] = [await availableVolume(open()), freshDevice()];
      expect(await attach(id, device)).toMatchObject({ VolumeId: id, State: 'attaching', Device: device });
      expect(await instanceVolumes()).toContainEqual([device, id]);
      const { instanceId } = open().hosts[0];
      expect(await untilAttachment(id, 'attached')).toMatchObject({
        State: 'in-use',
        Attachments: [{ InstanceId: instanceId, Device: device, DeleteOnTermination: false }],
      });
      const Filters = [{ Name: 'attachment.instance-id', Values: [instanceId] }];
      const { Volumes } = await open().ec2.send(new DescribeVolumesCommand({ Filters }));
      expect(Volumes?.map(({ VolumeId }) => VolumeId)).toContain(id);
    });

    test('is not attached twice, nor while it is being created', async () => {
      const fresh = (await create()).VolumeId ?? '';
      await expect(attach(fresh, freshDevice())).rejects.toMatchObject({ name: 'IncorrectState' });
      const id = await availableVolume(open());
      await attach(id, freshDevice());
      await expect(attach(id, freshDevice())).rejects.toMatchObject({ name: 'VolumeInUse' });
      await untilAttachment(id, 'attached');
      await expect(attach(id, freshDevice())).rejects.toMatchObject({ name: 'VolumeInUse' });
    });

    test('is not attached to an instance of another zone, nor to one that is not there', async () => {
      const id = await availableVolume(open());
      await expect(attach(id, freshDevice(), open().hosts[1])).rejects.toMatchObject({
        name: 'InvalidVolume.ZoneMismatch',
      });
      const nobody = { instanceId: 'i-0123456789abcdef0', zone: 'us-east-1a' };
      await expect(attach(id, freshDevice(), nobody)).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
    });

    test('takes only device names that are free and that EC2 knows', async () => {
      const [one, two, device] = [await availableVolume(open()), await availableVolume(open()), freshDevice()];
      await attach(one, device);
      await expect(attach(two, device)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
      await expect(attach(two, '/dev/xvda')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
      await expect(attach(two, '/dev/disk1')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    });

    test('is detached in a while, and can then be attached again', async () => {
      const id = await availableVolume(open());
      await expect(detach(id)).rejects.toMatchObject({ name: 'IncorrectState' });
      await attach(id, freshDevice());
      await untilAttachment(id, 'attached');
      expect(await detach(id)).toMatchObject({ State: 'detaching' });
      expect(await untilAttachment(id, undefined)).toMatchObject({ State: 'available', Attachments: [] });
      expect((await instanceVolumes())?.map(([, volumeId]) => volumeId)).not.toContain(id);
      expect(await attach(id, freshDevice())).toMatchObject({ State: 'attaching' });
    });

    test('is deleted only while nothing holds it, and is unknown afterwards', async () => {
      const id = await availableVolume(open());
      await attach(id, freshDevice());
      await expect(remove(id)).rejects.toMatchObject({ name: 'VolumeInUse' });
      await untilAttachment(id, 'attached');
      await detach(id);
      await untilAttachment(id, undefined);
      await remove(id);
      const unknown = { name: 'InvalidVolume.NotFound' };
      await expect(describeVolume(open(), id)).rejects.toMatchObject(unknown);
      await expect(remove(id)).rejects.toMatchObject(unknown);
      await expect(detach(id)).rejects.toMatchObject(unknown);
      await expect(attach(id, freshDevice())).rejects.toMatchObject(unknown);
    });

    test('that a container mounts is busy until the container has ended', async () => {
      const id = await availableVolume(open());
      await attach(id, freshDevice());
      await untilAttachment(id, 'attached');
      const device = `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${id.replace('-', '')}`;
      const environment = [{ name: 'DEVICE', value: device }];
      const formats = await register(open(), scripts.formats, {
        definition: { pidMode: 'host' },
        container: {
          ...{ privileged: true, user: 'root' },
          command: [
            'nsenter',
            '-t',
            '1',
            '-m',
            '--',
            'unshare',
            '-m',
            'bash',
            '-euo',
            'pipefail',
            '-c',
            scripts.formats,
          ],
        },
      });
      const prepared = await runOne(open(), formats, {
        overrides: { containerOverrides: [{ name: 'main', environment }] },
      });
      expect((await untilStatus(open(), prepared, 'STOPPED')).containers).toMatchObject([{ exitCode: 0 }]);
      const driverOpts = { type: 'xfs', device, o: 'noatime' };
      const mounts = await register(open(), scripts.sleeps, {
        definition: {
          volumes: [{ name: 'data', dockerVolumeConfiguration: { scope: 'task', driver: 'local', driverOpts } }],
        },
        container: { mountPoints: [{ sourceVolume: 'data', containerPath: '/data' }] },
      });
      const arn = await runningTask(open(), mounts);
      await detach(id);
      expect(await untilAttachment(id, 'busy')).toMatchObject({ State: 'in-use' });
      await stopTask(open(), arn);
      await untilStatus(open(), arn, 'STOPPED');
      expect(await untilAttachment(id, undefined)).toMatchObject({ State: 'available' });
    });

    test('is shown page by page', async () => {
      const Tags = [{ Key: freshName('page'), Value: 'x' }];
      const TagSpecifications = [{ ResourceType: 'volume' as const, Tags }];
      const ids = [];
      for (const _ of [1, 2, 3]) ids.push((await create({ TagSpecifications })).VolumeId);
      const Filters = [{ Name: `tag:${Tags[0]?.Key}`, Values: ['x'] }];
      const first = await open().ec2.send(new DescribeVolumesCommand({ Filters, MaxResults: 2 }));
      expect(first.Volumes).toHaveLength(2);
      expect(first.NextToken).toBeDefined();
      const next = new DescribeVolumesCommand({ Filters, MaxResults: 2, NextToken: first.NextToken });
      const second = await open().ec2.send(next);
      expect(second.NextToken).toBeUndefined();
      const seen = [first, second].flatMap(({ Volumes }) => (Volumes ?? []).map(({ VolumeId }) => VolumeId));
      expect(seen.toSorted()).toEqual(ids.toSorted());
    });
  });

  describe('an instance of EC2', () => {
    test('tells its zone, its address, its type and the volume that it boots from', async () => {
      const { instanceId, zone } = open().hosts[1];
      const { Reservations } = await open().ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
      expect(Reservations?.[0]?.Instances).toMatchObject([
        {
          ...{ InstanceId: instanceId, InstanceType: 'm7g.large', State: { Name: 'running', Code: 16 } },
          ...{ Placement: { AvailabilityZone: zone }, PrivateIpAddress: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/) },
          BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { DeleteOnTermination: true, Status: 'attached' } }],
        },
      ]);
    });

    test('that is not there refuses the whole request by ids, and is left out by a filter', async () => {
      const InstanceIds = [open().hosts[0].instanceId, 'i-0123456789abcdef0'];
      await expect(open().ec2.send(new DescribeInstancesCommand({ InstanceIds }))).rejects.toMatchObject({
        name: 'InvalidInstanceID.NotFound',
      });
      const Filters = [{ Name: 'instance-id', Values: InstanceIds }];
      const { Reservations = [] } = await open().ec2.send(new DescribeInstancesCommand({ Filters }));
      const found = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId));
      expect(found).toEqual(InstanceIds.slice(0, 1));
    });

    test('is of a type that limits its volumes', async () => {
      const describeTypes = (name: string) =>
        open().ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes: [name as 'm7g.large'] }));
      expect((await describeTypes('m7g.large')).InstanceTypes).toMatchObject([
        { InstanceType: 'm7g.large', EbsInfo: { MaximumEbsAttachments: 28, AttachmentLimitType: 'shared' } },
      ]);
      await expect(describeTypes('x0.huge')).rejects.toMatchObject({ name: 'InvalidInstanceType' });
    });

    test('of m7g.large has room for 26 volumes beside the one that it boots from', async () => {
      const host = open().hosts[1];
      const names = [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => `/dev/xvdj${letter}`);
      for (const name of names) await attach(await availableVolume(open(), host.zone), name, host);
      const last = await availableVolume(open(), host.zone);
      await expect(attach(last, '/dev/xvdia', host)).rejects.toMatchObject({ name: 'AttachmentLimitExceeded' });
    });
  });
}
