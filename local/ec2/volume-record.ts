import type { Volume, VolumeAttachment, VolumeState } from '@aws-sdk/client-ec2';
import type { Ec2Store } from './store.ts';

/** Where a volume is attached, or on its way to or from. `busy`: the host was asked to let go, but something mounts it. */
export interface Attachment {
  readonly instanceId: string;
  readonly device: string;
  readonly state: 'attaching' | 'attached' | 'detaching' | 'busy';
  readonly attachedAt: number;
  /** Only an instance's own root volume ends with it. */
  readonly isRoot?: boolean;
}

/** A volume as it is stored; `deleted` ones stay for their client tokens. */
export interface VolumeRecord {
  readonly id: string;
  readonly zone: string;
  readonly sizeGiB: number;
  readonly type: 'gp2' | 'gp3';
  readonly iops: number;
  readonly throughputMiBps?: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly state: VolumeState;
  readonly attachment?: Attachment;
  readonly clientToken?: string;
  readonly requestHash: string;
  readonly createdAt: number;
}

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
    SnapshotId: '',
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
