/** An EBS volume in our words. */
export interface VolumeView {
  readonly id: string;
  readonly zone: string;
  readonly state: string;
  readonly attachment?: { readonly instanceId: string; readonly state: string; readonly device: string };
}

export interface VolumeRequest {
  readonly zone: string;
  readonly sizeGiB: number;
  /** ≤ 64 characters; the same token gives the same volume. */
  readonly clientToken: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** EBS. Throws VolumesError (retriable unless EC2 refused the request itself). */
export interface Volumes {
  /** Idempotent by client token: answers the id. */
  create(request: VolumeRequest): Promise<string>;
  describe(volumeId: string): Promise<VolumeView | undefined>;
  /** Chooses a free device name of the instance. Look first: not idempotent in EC2. */
  attach(volumeId: string, instanceId: string): Promise<void>;
  detach(volumeId: string): Promise<void>;
  /** Idempotent. */
  remove(volumeId: string): Promise<void>;
}
