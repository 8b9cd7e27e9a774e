import {
  AttachVolumeCommand,
  CreateVolumeCommand,
  DeleteVolumeCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  type DescribeSnapshotsCommandOutput,
  DescribeVolumesCommand,
  type DescribeVolumesCommandOutput,
  DetachVolumeCommand,
  EC2Client,
  type Filter,
  type Instance,
  type Snapshot,
  type Volume,
} from '@aws-sdk/client-ec2';
import type { VolumeSnapshot } from '../model/volume-snapshot.ts';
import type { AttachAnswer, FoundVolumes, VolumeRequest, Volumes, VolumeView } from '../ports/volumes.ts';
import { awsCall, VolumesError } from './operating-errors.ts';

/** Names from /dev/xvdaa on: lower ones are the image's. */
const deviceNames = [...'abcdefghij'].flatMap((first) =>
  [...'abcdefghijklmnopqrstuvwxyz'].map((second) => `/dev/xvd${first}${second}`),
);

/** Source: EC2 API reference, DescribeVolumes takes 5 to 500, DescribeSnapshots up to 1000, a filter 200 values. */
const volumesPerPage = 500;
const snapshotsPerPage = 1000;
const valuesPerFilter = 200;

/** Whatever takes EC2's commands. */
type Client = Pick<EC2Client, 'send'>;

const asked: AttachAnswer = { type: 'asked' };
/** EC2 tells of a terminated instance for about an hour. */
const forgotten: AttachAnswer = { type: 'no host', instanceState: 'unknown' };

/** The port Volumes on EC2. */
export function createEc2Volumes({
  client = new EC2Client({}),
  clock = Date.now,
}: {
  readonly client?: Client;
  readonly clock?: () => number;
} = {}): Volumes {
  const call = <Result>(asked: string, run: () => Promise<Result>) => awsCall(run, { asked, as: VolumesError });
  return {
    create: (request) => call(`create a volume (${request.clientToken})`, () => create(client, request)),
    describe: (volumeId) =>
      awsCall(
        async () => {
          const answer = await client.send(new DescribeVolumesCommand({ VolumeIds: [volumeId] }));
          const volume = answer.Volumes?.[0];
          return volume === undefined ? undefined : volumeView(volume);
        },
        { asked: `describe ${volumeId}`, as: VolumesError, known: { 'InvalidVolume.NotFound': () => undefined } },
      ),
    listTagged: (tags) =>
      call('list volumes by tags', async () => {
        const filters = Object.entries(tags).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] }));
        return (await list(client, filters, Number.POSITIVE_INFINITY)).volumes;
      }),
    listAll: (most) =>
      call('list the volumes', () => list(client, [{ Name: 'tag-key', Values: ['warden:service'] }], most)),
    listSnapshots: (volumeIds) => call('list snapshots', () => listSnapshots(client, volumeIds)),
    attach: (volumeId, instanceId) =>
      awsCall(() => attach({ client, clock }, volumeId, instanceId), {
        asked: `attach ${volumeId} to ${instanceId}`,
        as: VolumesError,
        known: {
          // An earlier call had its effect after all; the caller looks at the volume's state anyway.
          VolumeInUse: () => asked,
          IncorrectState: () => asked,
          // It was seen a moment ago: not every part of EC2 knows a volume that was just made.
          'InvalidVolume.NotFound': () => asked,
          'InvalidInstanceID.NotFound': () => forgotten,
        },
      }),
    detach: (volumeId, from) =>
      awsCall(
        async () => {
          const instance = from === undefined ? {} : { InstanceId: from };
          await client.send(new DetachVolumeCommand({ VolumeId: volumeId, ...instance }));
        },
        {
          asked: `detach ${volumeId}`,
          as: VolumesError,
          // It was let go meanwhile; EC2 may have forgotten a terminated instance, too.
          known: {
            IncorrectState: () => undefined,
            'InvalidAttachment.NotFound': () => undefined,
            'InvalidInstanceID.NotFound': () => undefined,
          },
        },
      ),
    remove: (volumeId) =>
      awsCall(
        async () => {
          await client.send(new DeleteVolumeCommand({ VolumeId: volumeId }));
          return true;
        },
        { asked: `delete ${volumeId}`, as: VolumesError, known: { 'InvalidVolume.NotFound': () => false } },
      ),
  };
}

async function list(client: Client, filters: Filter[], most: number): Promise<FoundVolumes> {
  const volumes: VolumeView[] = [];
  let token: string | undefined;
  do {
    const answer: DescribeVolumesCommandOutput = await client.send(
      new DescribeVolumesCommand({
        Filters: filters,
        MaxResults: volumesPerPage,
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    volumes.push(...(answer.Volumes ?? []).map(volumeView));
    token = answer.NextToken;
  } while (token !== undefined && volumes.length < most);
  return { volumes: volumes.slice(0, most), hasMore: token !== undefined || volumes.length > most };
}

/** A filter, not ids: whoever made a snapshot, a schedule or a person, need not have given it tags of ours. */
async function listSnapshots(client: Client, volumeIds: readonly string[]): Promise<readonly VolumeSnapshot[]> {
  const found: VolumeSnapshot[] = [];
  for (let from = 0; from < volumeIds.length; from += valuesPerFilter) {
    const Filters = [{ Name: 'volume-id', Values: volumeIds.slice(from, from + valuesPerFilter) }];
    let token: string | undefined;
    do {
      const answer: DescribeSnapshotsCommandOutput = await client.send(
        new DescribeSnapshotsCommand({
          ...{ OwnerIds: ['self'], Filters, MaxResults: snapshotsPerPage },
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      found.push(...(answer.Snapshots ?? []).map(snapshotView));
      token = answer.NextToken;
    } while (token !== undefined);
  }
  return found;
}

function snapshotView({ SnapshotId, VolumeId, StartTime, State, VolumeSize }: Snapshot): VolumeSnapshot {
  return {
    ...{ snapshotId: SnapshotId ?? '', volumeId: VolumeId ?? '', state: State ?? '' },
    ...{ startedAt: StartTime?.getTime() ?? 0, sizeGiB: VolumeSize ?? 0 },
  };
}

async function create(client: Client, request: VolumeRequest): Promise<string> {
  const answer = await client.send(
    new CreateVolumeCommand({
      AvailabilityZone: request.zone,
      Size: request.sizeGiB,
      ...(request.snapshotId === undefined ? {} : { SnapshotId: request.snapshotId }),
      VolumeType: 'gp3',
      Encrypted: true,
      ClientToken: request.clientToken,
      TagSpecifications: [
        { ResourceType: 'volume', Tags: Object.entries(request.tags).map(([Key, Value]) => ({ Key, Value })) },
      ],
    }),
  );
  if (answer.VolumeId === undefined) throw new Error('CreateVolume answered without an id');
  return answer.VolumeId;
}

async function attach(
  { client, clock }: { readonly client: Client; readonly clock: () => number },
  volumeId: string,
  instanceId: string,
): Promise<AttachAnswer> {
  const answer = await client.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
  const instance = answer.Reservations?.[0]?.Instances?.[0];
  const state = instance?.State?.Name;
  if (instance === undefined) return forgotten;
  if (state === 'shutting-down' || state === 'terminated') return { type: 'no host', instanceState: state };
  const Device = freeDevice(instance, clock());
  await client.send(new AttachVolumeCommand({ VolumeId: volumeId, InstanceId: instanceId, Device }));
  return asked;
}

/**
 * A name that was just freed can hang in `attaching` for ever, and nobody remembers which those are: each second begins with
 * the next name, so that none comes again for minutes. Source: the EBS CSI driver, device_names.go.
 */
function freeDevice({ InstanceId, BlockDeviceMappings = [] }: Instance, now: number): string {
  const used = new Set(BlockDeviceMappings.map(({ DeviceName }) => DeviceName));
  const first = Math.floor(now / 1000) % deviceNames.length;
  const free = [...deviceNames.slice(first), ...deviceNames.slice(0, first)].find((name) => !used.has(name));
  if (free === undefined) throw new Error(`${InstanceId} has no free device name`);
  return free;
}

function volumeView(volume: Volume): VolumeView {
  const [attachment] = volume.Attachments ?? [];
  const base = {
    ...{ id: volume.VolumeId ?? '', zone: volume.AvailabilityZone ?? '', state: volume.State ?? '' },
    ...(volume.CreateTime === undefined ? {} : { createdAt: volume.CreateTime.getTime() }),
    ...(volume.Size === undefined ? {} : { sizeGiB: volume.Size }),
    tags: Object.fromEntries((volume.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
  };
  if (attachment === undefined) return base;
  return {
    ...base,
    attachment: {
      instanceId: attachment.InstanceId ?? '',
      state: attachment.State ?? '',
      device: attachment.Device ?? '',
      ...(attachment.AttachTime === undefined ? {} : { since: attachment.AttachTime.getTime() }),
    },
  };
}
