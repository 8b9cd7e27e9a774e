import type { Volume, VolumeAttachment } from '@aws-sdk/client-ec2';
import type { Attachment, VolumeRecord } from './records.ts';
import type { Ec2Store } from './store.ts';

/** A volume as DescribeVolumes shows it. */
export function showVolume(store: Ec2Store, record: VolumeRecord): Volume {
  return {
    VolumeId: record.id,
    AvailabilityZone: record.zone,
    Size: record.sizeGiB,
    VolumeType: record.type,
    Iops: record.iops,
    ...(record.throughputMiBps !== undefined && { Throughput: record.throughputMiBps }),
    Encrypted: record.encrypted,
    ...(record.kmsKeyId !== undefined && { KmsKeyId: record.kmsKeyId }),
    SnapshotId: record.snapshotId ?? '',
    State: record.state,
    CreateTime: new Date(record.createdAt),
    MultiAttachEnabled: false,
    Attachments: record.attachment === undefined ? [] : [showAttachment(record.id, record.attachment)],
    Tags: store.tags.of(record.id),
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
    DeleteOnTermination: attachment.isRoot === true,
  };
}
