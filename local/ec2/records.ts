import type { InstanceStateName, RequestLaunchTemplateData, VolumeState, Vpc, VpcEndpoint } from '@aws-sdk/client-ec2';

// Times in all records are epoch milliseconds.

/** A VPC and the attributes that DescribeVpcs does not show. */
export interface VpcRecord extends Vpc {
  readonly enableDnsSupport: boolean;
  readonly enableDnsHostnames: boolean;
}

/** An endpoint as it is stored. */
export type EndpointRecord = Omit<VpcEndpoint, 'CreationTimestamp'> & { readonly createdAt: number };

/** One version of a launch template. */
export interface VersionRecord {
  readonly data: RequestLaunchTemplateData;
  readonly description?: string;
  readonly createdAt: number;
}

/** A launch template with all its versions: version n is the n-th. */
export interface LaunchTemplateRecord {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly defaultVersion: number;
  readonly versions: readonly VersionRecord[];
}

/** An instance as it is stored. */
export interface InstanceRecord {
  readonly id: string;
  readonly reservationId: string;
  readonly type: string;
  readonly imageId: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly address: string;
  readonly securityGroupIds: readonly string[];
  readonly profileArn?: string;
  readonly rootSizeGiB: number;
  /** Plain text. */
  readonly userData: string;
  readonly clientToken?: string;
  readonly requestHash?: string;
  readonly state: InstanceStateName;
  readonly reason?: { readonly code: string; readonly message: string };
  /** Whether the operating system gets no chance to end its programs. */
  readonly isCutOff?: boolean;
  readonly launchedAt: number;
  readonly changedAt: number;
}

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
  /** What it was made from. */
  readonly snapshotId?: string;
  readonly attachment?: Attachment;
  readonly clientToken?: string;
  readonly requestHash: string;
  readonly createdAt: number;
}

/** A snapshot as it is stored. `startedAt` and `endedAt` in epoch milliseconds. */
export interface SnapshotRecord {
  readonly id: string;
  readonly volumeId: string;
  readonly sizeGiB: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly description: string;
  readonly state: 'pending' | 'completed' | 'error';
  readonly startedAt: number;
  readonly endedAt?: number;
}
