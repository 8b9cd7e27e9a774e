import type { AttachVolumeRequest } from '@aws-sdk/client-ec2';
import { AwsError } from '../core/aws-error.ts';
import { requireInstanceType } from './instance-types.ts';
import type { InstanceRecord, VolumeRecord } from './records.ts';
import type { Ec2Store } from './store.ts';

const DEVICE_NAME = /^\/dev\/(sd[b-z]|xvd[a-j]?[a-z])$/;

/** The instance that a volume may be attached to now. @throws AwsError in EC2's words when it may not */
export function requireAttachable(store: Ec2Store, volume: VolumeRecord, input: AttachVolumeRequest): InstanceRecord {
  const instance = store.instances.get(input.InstanceId ?? '');
  if (instance === undefined || instance.state === 'terminated') {
    throw new AwsError('InvalidInstanceID.NotFound', `The instance ID '${input.InstanceId}' does not exist`);
  }
  if (volume.attachment !== undefined)
    throw new AwsError(
      'VolumeInUse',
      `${volume.id} is already attached to an instance (${volume.attachment.instanceId})`,
    );
  if (volume.state !== 'available')
    throw new AwsError('IncorrectState', `Volume '${volume.id}' is not 'available': it is '${volume.state}'.`);
  if (instance.zone !== volume.zone) {
    throw new AwsError(
      'InvalidVolume.ZoneMismatch',
      `The volume '${volume.id}' (${volume.zone}) is not in the same availability zone as instance '${instance.id}' (${instance.zone})`,
    );
  }
  if (instance.state !== 'running' && instance.state !== 'stopped') {
    throw new AwsError('IncorrectState', `Instance '${instance.id}' is not 'running': it is '${instance.state}'.`);
  }
  requireFreeDevice(store, instance, input.Device ?? '');
  return instance;
}

function requireFreeDevice(store: Ec2Store, instance: InstanceRecord, device: string): void {
  if (!DEVICE_NAME.test(device)) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${device}) for parameter device is invalid. ${device} is not a valid EBS device name. Use /dev/sd[b-z], /dev/xvd[b-z] or /dev/xvd[a-j][a-z].`,
    );
  }
  const attached = store.volumes.values().filter(({ attachment }) => attachment?.instanceId === instance.id);
  if (attached.some(({ attachment }) => attachment?.device === device)) {
    throw new AwsError(
      'InvalidParameterValue',
      `Invalid value '${device}' for unixDevice. Attachment point ${device} is already in use`,
    );
  }
  const type = requireInstanceType(instance.type);
  // On shared types the network interface takes a place too; the root volume is among the attached.
  const places = type.maximumEbsAttachments - (type.limit === 'shared' ? 1 : 0);
  if (attached.length >= places) {
    throw new AwsError(
      'AttachmentLimitExceeded',
      `${instance.id} (${type.name}) has ${attached.length} volumes attached and room for ${places}.`,
    );
  }
}
