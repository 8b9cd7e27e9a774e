import { existsSync, rmSync } from 'node:fs';
import type {
  CreateSnapshotRequest,
  CreateVolumeRequest,
  DeleteSnapshotRequest,
  DescribeSnapshotsRequest,
  Snapshot,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../core/aws-error.ts';
import type { Cloud, Handlers } from '../core/service.ts';
import { snapshotFolder, volumeFolder } from '../hosts/host-folder.ts';
import { onlyMembers } from '../hosts/only-members.ts';
import { copyDisk } from './copy-disk.ts';
import { filterBy, pageOf, pickIds } from './describe.ts';
import { newId } from './ids.ts';
import type { SnapshotRecord } from './records.ts';
import type { Ec2Store } from './store.ts';
import { tagsFor } from './tags.ts';

/** Snapshots: copies of a volume's folder. The state is stored before anything happens; a copy that was cut off begins anew. */
export class Snapshots {
  readonly #cloud: Cloud;
  readonly #store: Ec2Store;

  constructor(cloud: Cloud, store: Ec2Store) {
    this.#cloud = cloud;
    this.#store = store;
  }

  get handlers(): Handlers {
    return {
      CreateSnapshot: (input: CreateSnapshotRequest) => this.#create(input),
      DescribeSnapshots: (input: DescribeSnapshotsRequest) => this.#describe(input),
      DeleteSnapshot: (input: DeleteSnapshotRequest) => this.#delete(input),
    };
  }

  /** Goes on with what was under way. */
  start(): void {
    for (const { id, state } of this.#store.snapshots.values()) if (state === 'pending') void this.#copy(id);
  }

  #create(input: CreateSnapshotRequest): Snapshot {
    onlyMembers('CreateSnapshot', input, ['VolumeId', 'Description', 'TagSpecifications']);
    const volume = this.#store.volumes.get(input.VolumeId ?? '');
    if (volume === undefined || volume.state === 'deleted')
      throw new AwsError('InvalidVolume.NotFound', `The volume '${input.VolumeId}' does not exist.`);
    if (volume.state !== 'available' && volume.state !== 'in-use')
      throw new AwsError('IncorrectState', `Volume '${volume.id}' is in the '${volume.state}' state.`);
    const record: SnapshotRecord = {
      id: newId('snap'),
      volumeId: volume.id,
      sizeGiB: volume.sizeGiB,
      encrypted: volume.encrypted,
      ...(volume.kmsKeyId !== undefined && { kmsKeyId: volume.kmsKeyId }),
      description: input.Description ?? '',
      state: 'pending',
      startedAt: Date.now(),
    };
    this.#store.tags.add(record.id, tagsFor('snapshot', input.TagSpecifications));
    this.#store.snapshots.set(record.id, record);
    void this.#copy(record.id);
    return this.#show(record);
  }

  async #copy(id: string): Promise<void> {
    const { dataFolder } = this.#cloud;
    const record = this.#store.snapshots.get(id);
    if (record === undefined) return;
    const to = snapshotFolder(dataFolder, id);
    const state = await copyDisk(volumeFolder(dataFolder, record.volumeId), to).then(
      () => 'completed' as const,
      (error: Error) => {
        this.#cloud.log(`ec2: ${id}: ${error.message}`);
        return 'error' as const;
      },
    );
    const now = this.#store.snapshots.get(id);
    if (now?.state === 'pending') this.#store.snapshots.set(id, { ...now, state, endedAt: Date.now() });
    // It was deleted meanwhile.
    else if (now === undefined) rmSync(to, { recursive: true, force: true });
  }

  #describe(input: DescribeSnapshotsRequest): object {
    onlyMembers('DescribeSnapshots', input, ['SnapshotIds', 'OwnerIds', 'Filters', 'MaxResults', 'NextToken']);
    const { snapshots, tags } = this.#store;
    const missing = (id: string): AwsError =>
      new AwsError('InvalidSnapshot.NotFound', `The snapshot '${id}' does not exist.`);
    const wanted = input.SnapshotIds?.length
      ? pickIds((id) => snapshots.get(id), input.SnapshotIds, missing)
      : snapshots.values();
    // All snapshots of this cloud are its one account's.
    const isOwn = !input.OwnerIds?.length || input.OwnerIds.some((id) => id === 'self' || id === this.#cloud.accountId);
    const found = filterBy(isOwn ? wanted : [], input.Filters, (snapshot) => ({
      values: {
        'snapshot-id': [snapshot.id],
        'volume-id': [snapshot.volumeId],
        'volume-size': [String(snapshot.sizeGiB)],
        status: [snapshot.state],
        encrypted: [String(snapshot.encrypted)],
        'owner-id': [this.#cloud.accountId],
      },
      tags: tags.of(snapshot.id),
    }));
    const { items, ...rest } = pageOf(found, input);
    return { Snapshots: items.map((snapshot) => this.#show(snapshot)), ...rest };
  }

  #delete(input: DeleteSnapshotRequest): object {
    onlyMembers('DeleteSnapshot', input, ['SnapshotId']);
    const { id } = requireSnapshot(this.#store, input.SnapshotId);
    this.#store.snapshots.delete(id);
    this.#store.tags.forget(id);
    const folder = snapshotFolder(this.#cloud.dataFolder, id);
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
    return {};
  }

  #show(record: SnapshotRecord): Snapshot {
    return {
      SnapshotId: record.id,
      VolumeId: record.volumeId,
      VolumeSize: record.sizeGiB,
      State: record.state,
      Progress: record.state === 'completed' ? '100%' : '0%',
      StartTime: new Date(record.startedAt),
      ...(record.state === 'completed' && record.endedAt !== undefined && { CompletionTime: new Date(record.endedAt) }),
      Description: record.description,
      Encrypted: record.encrypted,
      ...(record.kmsKeyId !== undefined && { KmsKeyId: record.kmsKeyId }),
      OwnerId: this.#cloud.accountId,
      StorageTier: 'standard',
      Tags: this.#store.tags.of(record.id),
    };
  }
}

/**
 * The snapshot that a volume is to be made from; a client token that was used before may name one that is gone.
 * @throws AwsError InvalidSnapshot.NotFound
 */
export function originOf(
  store: Ec2Store,
  { SnapshotId, ClientToken }: CreateVolumeRequest,
): SnapshotRecord | undefined {
  if (SnapshotId === undefined) return undefined;
  const wasUsed = store.volumes.values().some(({ clientToken }) => clientToken === (ClientToken ?? ''));
  return wasUsed ? store.snapshots.get(SnapshotId) : requireSnapshot(store, SnapshotId);
}

/** @throws AwsError IncorrectState */
export function requireCompleted(store: Ec2Store, snapshotId: string): void {
  const { state } = requireSnapshot(store, snapshotId);
  if (state !== 'completed')
    throw new AwsError('IncorrectState', `Snapshot '${snapshotId}' is in the '${state}' state.`);
}

/** The state of a new volume: available, or as on EC2 `error` when the snapshot that it is made from cannot be read. */
export async function restoreDisk(
  cloud: Cloud,
  snapshotId: string | undefined,
  folder: string,
): Promise<'available' | 'error'> {
  if (snapshotId === undefined) return 'available';
  return copyDisk(snapshotFolder(cloud.dataFolder, snapshotId), folder).then(
    () => 'available',
    (error: Error) => {
      cloud.log(`ec2: ${snapshotId}: ${error.message}`);
      return 'error';
    },
  );
}

function requireSnapshot({ snapshots }: Ec2Store, id: string | undefined): SnapshotRecord {
  const snapshot = snapshots.get(id ?? '');
  if (snapshot === undefined) throw new AwsError('InvalidSnapshot.NotFound', `The snapshot '${id}' does not exist.`);
  return snapshot;
}
