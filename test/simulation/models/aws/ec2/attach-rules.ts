import type { AttachVolumeCommandInput } from '@aws-sdk/client-ec2';
import { failure } from '../failure.ts';
import { requireInstanceType } from './instances.ts';
import type { InstanceRecord, VolumeRecord } from './records.ts';

const deviceName = /^\/dev\/(sd[b-z]|xvd[a-j]?[a-z])$/;

/** Throws in EC2's words when a volume may not be attached to an instance now. `attached` are the instance's volumes. */
export function requireAttachable(
  volume: VolumeRecord,
  instance: InstanceRecord,
  request: { readonly input: AttachVolumeCommandInput; readonly attached: readonly VolumeRecord[] },
): void {
  const { instanceId, zone } = instance.host;
  if (instance.state === 'terminated')
    throw failure('InvalidInstanceID.NotFound', `The instance ID '${instanceId}' does not exist`);
  if (volume.attachment !== undefined)
    throw failure('VolumeInUse', `${volume.id} is already attached to an instance (${volume.attachment.instanceId})`);
  if (volume.state !== 'available')
    throw failure('IncorrectState', `Volume '${volume.id}' is not 'available': it is '${volume.state}'.`);
  if (zone !== volume.zone)
    throw failure(
      'InvalidVolume.ZoneMismatch',
      `The volume '${volume.id}' (${volume.zone}) is not in the same availability zone as instance '${instanceId}' (${zone})`,
    );
  if (instance.state !== 'running' && instance.state !== 'stopped')
    throw failure('IncorrectState', `Instance '${instanceId}' is not 'running': it is '${instance.state}'.`);
  requireFreeDevice(instance, request);
}

function requireFreeDevice(
  { host, type }: InstanceRecord,
  { input, attached }: { readonly input: AttachVolumeCommandInput; readonly attached: readonly VolumeRecord[] },
): void {
  const device = input.Device ?? '';
  if (!deviceName.test(device))
    throw failure(
      'InvalidParameterValue',
      `Value (${device}) for parameter device is invalid. ${device} is not a valid EBS device name.`,
    );
  if (attached.some(({ attachment }) => attachment?.device === device))
    throw failure(
      'InvalidParameterValue',
      `Invalid value '${device}' for unixDevice. Attachment point ${device} is already in use`,
    );
  const { maximumEbsAttachments, limit } = requireInstanceType(type);
  // On shared types the network interface takes a place too; the root volume is among the attached.
  const places = maximumEbsAttachments - (limit === 'shared' ? 1 : 0);
  if (attached.length >= places)
    throw failure(
      'AttachmentLimitExceeded',
      `${host.instanceId} (${type}) has ${attached.length} volumes attached and room for ${places}.`,
    );
}
