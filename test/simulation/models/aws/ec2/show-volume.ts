import type { Volume, VolumeAttachment } from '@aws-sdk/client-ec2';
import type { Attachment, VolumeRecord } from './records.ts';

/** A gp3 volume as DescribeVolumes shows it. */
export function showVolume(record: VolumeRecord): Volume {
  return {
    VolumeId: record.id,
    AvailabilityZone: record.zone,
    Size: record.sizeGiB,
    VolumeType: 'gp3',
    Iops: 3000,
    Throughput: 125,
    Encrypted: record.encrypted,
    SnapshotId: record.snapshotId ?? '',
    State: record.state,
    CreateTime: new Date(record.createdAt),
    MultiAttachEnabled: false,
    Attachments: record.attachment === undefined ? [] : [showAttachment(record.id, record.attachment)],
    Tags: [...record.tags],
  };
}

/** An attachment as AttachVolume and DescribeVolumes show it. */
export function showAttachment(volumeId: string, attachment: Attachment): VolumeAttachment {
  return {
    VolumeId: volumeId,
    InstanceId: attachment.instanceId,
    Device: attachment.device,
    State: attachment.state,
    AttachTime: new Date(attachment.attachedAt),
    DeleteOnTermination: attachment.isRoot,
  };
}
