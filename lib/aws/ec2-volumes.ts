import {
  AttachVolumeCommand,
  CreateVolumeCommand,
  DeleteVolumeCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
  EC2Client,
  type Volume,
} from '@aws-sdk/client-ec2';
import type { VolumeRequest, Volumes, VolumeView } from '../ports/volumes.ts';
import { awsCall, VolumesError } from './operating-errors.ts';

/** Names from /dev/xvdaa on: a name that was just freed can hang in `attaching`, and lower ones are the image's. */
const deviceNames = [...'abcdefghij'].flatMap((first) =>
  [...'abcdefghijklmnopqrstuvwxyz'].map((second) => `/dev/xvd${first}${second}`),
);

/** Whatever takes EC2's commands. */
type Client = Pick<EC2Client, 'send'>;

/** The port Volumes on EC2. */
export function createEc2Volumes({ client = new EC2Client({}) }: { readonly client?: Client } = {}): Volumes {
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
    attach: (volumeId, instanceId) =>
      awsCall(
        async () => {
          const Device = await freeDevice(client, instanceId);
          await client.send(new AttachVolumeCommand({ VolumeId: volumeId, InstanceId: instanceId, Device }));
        },
        {
          asked: `attach ${volumeId} to ${instanceId}`,
          as: VolumesError,
          // An earlier call had its effect after all; the caller looks at the volume's state anyway.
          known: { VolumeInUse: () => undefined, IncorrectState: () => undefined },
        },
      ),
    detach: (volumeId) =>
      awsCall(
        async () => {
          await client.send(new DetachVolumeCommand({ VolumeId: volumeId }));
        },
        { asked: `detach ${volumeId}`, as: VolumesError, known: { IncorrectState: () => undefined } },
      ),
    remove: (volumeId) =>
      awsCall(
        async () => {
          await client.send(new DeleteVolumeCommand({ VolumeId: volumeId }));
        },
        { asked: `delete ${volumeId}`, as: VolumesError, known: { 'InvalidVolume.NotFound': () => undefined } },
      ),
  };
}

async function create(client: Client, request: VolumeRequest): Promise<string> {
  const answer = await client.send(
    new CreateVolumeCommand({
      AvailabilityZone: request.zone,
      Size: request.sizeGiB,
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

async function freeDevice(client: Client, instanceId: string): Promise<string> {
  const answer = await client.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
  const mappings = answer.Reservations?.[0]?.Instances?.[0]?.BlockDeviceMappings ?? [];
  const used = new Set(mappings.map(({ DeviceName }) => DeviceName));
  const free = deviceNames.find((name) => !used.has(name));
  if (free === undefined) throw new Error(`${instanceId} has no free device name`);
  return free;
}

function volumeView(volume: Volume): VolumeView {
  const [attachment] = volume.Attachments ?? [];
  const base = { id: volume.VolumeId ?? '', zone: volume.AvailabilityZone ?? '', state: volume.State ?? '' };
  if (attachment === undefined) return base;
  return {
    ...base,
    attachment: {
      instanceId: attachment.InstanceId ?? '',
      state: attachment.State ?? '',
      device: attachment.Device ?? '',
    },
  };
}
