import type { InstanceStateName, Tag } from '@aws-sdk/client-ec2';
import type { SimulatedHost } from '../../../contract.ts';

/** An EC2 instance. Times in all records are epoch milliseconds. */
export interface InstanceRecord {
  readonly host: SimulatedHost;
  readonly type: string;
  readonly state: InstanceStateName;
  readonly launchedAt: number;
  readonly changedAt: number;
  /** When it was stopped last, also of one that runs again. */
  readonly stoppedAt?: number;
}

export interface Attachment {
  readonly instanceId: string;
  readonly device: string;
  readonly state: 'attaching' | 'attached' | 'detaching' | 'busy';
  readonly attachedAt: number;
  readonly isRoot: boolean;
}

/** An EBS volume. */
export interface VolumeRecord {
  readonly id: string;
  readonly zone: string;
  readonly sizeGiB: number;
  readonly encrypted: boolean;
  readonly state: 'creating' | 'available' | 'in-use' | 'error' | 'deleted';
  readonly tags: readonly Tag[];
  readonly createdAt: number;
  readonly attachment?: Attachment;
  /** What it was made from. */
  readonly snapshotId?: string;
  /** The request that made it: with the same token it is found again. */
  readonly request?: { readonly token: string; readonly text: string };
}
