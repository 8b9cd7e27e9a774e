import type { VolumeSnapshot } from '../model/volume-snapshot.ts';

/** An EBS volume in our words. */
export interface VolumeView {
  readonly id: string;
  readonly zone: string;
  readonly state: string;
  readonly attachment?: {
    readonly instanceId: string;
    readonly state: string;
    readonly device: string;
    /** Epoch milliseconds: when it was asked for. */
    readonly since?: number;
  };
  readonly createdAt?: number;
  readonly sizeGiB?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface FoundVolumes {
  readonly volumes: readonly VolumeView[];
  /** Whether there are more. */
  readonly hasMore: boolean;
}

export interface VolumeRequest {
  readonly zone: string;
  /** Not less than that of the snapshot. */
  readonly sizeGiB: number;
  /** What it holds from the start. Absent: nothing. */
  readonly snapshotId?: string;
  /** ≤ 64 characters; the same token gives the same volume. */
  readonly clientToken: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * asked: EC2 took the request, or an earlier one had its effect already; look at the volume. no host: EC2 has no such
 * instance, or one that ends for good; its state in EC2's words, `unknown` when EC2 has forgotten it.
 */
export type AttachAnswer =
  | { readonly type: 'asked' }
  | { readonly type: 'no host'; readonly instanceState: 'unknown' | 'shutting-down' | 'terminated' };

/**
 * EBS. Throws VolumesError (retriable unless EC2 refused the request itself). EC2's answers are eventually consistent:
 * what was just made may not be known yet.
 */
export interface Volumes {
  /** Idempotent by client token: answers the id. */
  create(request: VolumeRequest): Promise<string>;
  describe(volumeId: string): Promise<VolumeView | undefined>;
  /** The volumes that carry all of these tags. Fresh ones may be missing. */
  listTagged(tags: Readonly<Record<string, string>>): Promise<readonly VolumeView[]>;
  /** All volumes with the tag `warden:service`, of whichever service; not more than so many. */
  listAll(most: number): Promise<FoundVolumes>;
  /** The account's own snapshots of these volumes, in whatever state. */
  listSnapshots(volumeIds: readonly string[]): Promise<readonly VolumeSnapshot[]>;
  /** Chooses a free device name of the instance. Look first: not idempotent in EC2. */
  attach(volumeId: string, instanceId: string): Promise<AttachAnswer>;
  /** Never by force. `from`: only from this instance. Look first: asked again while it is under way, EC2 does nothing. */
  detach(volumeId: string, from?: string): Promise<void>;
  /** Idempotent. Whether EC2 took it: false when it does not know the volume (gone, or made a moment ago). */
  remove(volumeId: string): Promise<boolean>;
}
