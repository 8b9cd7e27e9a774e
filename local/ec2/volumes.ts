import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type {
  AttachVolumeRequest,
  CreateVolumeRequest,
  DescribeVolumesRequest,
  DetachVolumeRequest,
  Volume,
  VolumeAttachment,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../core/aws-error.ts';
import type { Cloud, Handlers } from '../core/service.ts';
import { devicePath, hostRoot, volumeFolder } from '../hosts/host-folder.ts';
import { isMounted } from '../hosts/mounts.ts';
import { onlyMembers } from '../hosts/only-members.ts';
import { killTask } from '../hosts/power.ts';
import { requireAttachable } from './attach-rules.ts';
import { filterBy, pageOf } from './describe.ts';
import { newId } from './ids.ts';
import type { Attachment, InstanceRecord, VolumeRecord } from './records.ts';
import { ROOT_DEVICE } from './show-instance.ts';
import { showAttachment, showVolume } from './show-volume.ts';
import { originOf, requireCompleted, restoreDisk } from './snapshots.ts';
import type { Ec2Store } from './store.ts';
import { tagsFor } from './tags.ts';
import { parseVolumeRequest, requestHash } from './volume-request.ts';
import { requireZone } from './zones.ts';

/** How long EBS takes for a step here; on AWS it is seconds. */
const STEP_MS = 40;
/** How often a volume that is mounted is looked at again. */
const BUSY_MS = 150;

/** EBS volumes: folders that a host sees while they are attached. Every state is stored before anything happens. */
export class Volumes {
  readonly #cloud: Cloud;
  readonly #store: Ec2Store;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(cloud: Cloud, store: Ec2Store) {
    this.#cloud = cloud;
    this.#store = store;
  }

  get handlers(): Handlers {
    return {
      CreateVolume: (input: CreateVolumeRequest) => this.#create(input),
      DescribeVolumes: (input: DescribeVolumesRequest) => this.#describe(input),
      AttachVolume: (input: AttachVolumeRequest) => this.#attach(input),
      DetachVolume: (input: DetachVolumeRequest) => this.#detach(input),
      DeleteVolume: (input: { readonly VolumeId?: string }) => this.#delete(input),
    };
  }

  /** Goes on with what was under way. */
  start(): void {
    for (const { id, state, attachment } of this.#store.volumes.values()) {
      if (state === 'creating') this.#later(STEP_MS, () => this.#finishCreate(id));
      if (attachment?.state === 'attaching') this.#later(STEP_MS, () => this.#finishAttach(id));
      if (attachment?.state === 'detaching' || attachment?.state === 'busy')
        this.#later(STEP_MS, () => this.#tryDetach(id));
    }
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** The volume that an instance boots from; idempotent. */
  createRoot(instance: InstanceRecord): void {
    const isThere = this.#store.volumes
      .values()
      .some(({ attachment }) => attachment?.isRoot === true && attachment.instanceId === instance.id);
    if (isThere) return;
    const id = newId('vol');
    const wanted = parseVolumeRequest({
      AvailabilityZone: instance.zone,
      Size: instance.rootSizeGiB,
      VolumeType: 'gp3',
      Encrypted: true,
    });
    const now = Date.now();
    const attachment: Attachment = {
      instanceId: instance.id,
      device: ROOT_DEVICE,
      state: 'attached',
      attachedAt: now,
      isRoot: true,
    };
    this.#store.volumes.set(id, {
      ...wanted,
      id,
      zone: instance.zone,
      state: 'in-use',
      requestHash: '',
      createdAt: now,
      attachment,
    });
  }

  /** Its instance is gone for good: nothing holds the volumes any more, and its root volume ends with it. */
  releaseAll(instanceId: string): void {
    for (const { id, attachment } of this.#store.volumes.values()) {
      if (attachment?.instanceId !== instanceId) continue;
      this.#finishDetach(id);
      if (attachment.isRoot === true) this.#delete({ VolumeId: id });
    }
  }

  #create(input: CreateVolumeRequest): Volume {
    const wanted = parseVolumeRequest(input, originOf(this.#store, input));
    const zone = requireZone(this.#cloud.region, input.AvailabilityZone ?? '');
    const hash = requestHash(input);
    const known = this.#store.volumes
      .values()
      .find(({ clientToken }) => clientToken !== undefined && clientToken === input.ClientToken);
    if (known !== undefined && known.requestHash !== hash) {
      throw new AwsError(
        'IdempotentParameterMismatch',
        `The client token '${input.ClientToken}' was used for another request, which made ${known.id}`,
      );
    }
    if (known !== undefined) return showVolume(this.#store, known);
    if (wanted.snapshotId !== undefined) requireCompleted(this.#store, wanted.snapshotId);
    const record: VolumeRecord = {
      ...wanted,
      id: newId('vol'),
      zone,
      state: 'creating',
      requestHash: hash,
      createdAt: Date.now(),
      ...(input.ClientToken !== undefined && { clientToken: input.ClientToken }),
    };
    // The tags come first: a volume that nobody could find by its tags would be lost.
    this.#store.tags.add(record.id, tagsFor('volume', input.TagSpecifications));
    this.#store.volumes.set(record.id, record);
    this.#later(STEP_MS, () => this.#finishCreate(record.id));
    return showVolume(this.#store, record);
  }

  #describe(input: DescribeVolumesRequest): object {
    onlyMembers('DescribeVolumes', input, ['VolumeIds', 'Filters', 'MaxResults', 'NextToken']);
    const live = this.#store.volumes.values().filter(({ state }) => state !== 'deleted');
    const wanted = input.VolumeIds?.length ? input.VolumeIds.map((id) => this.#require(id)) : live;
    const found = filterBy(wanted, input.Filters, (volume) => ({
      values: {
        'volume-id': [volume.id],
        status: [volume.state],
        'snapshot-id': [volume.snapshotId],
        'availability-zone': [volume.zone],
        'volume-type': [volume.type],
        size: [String(volume.sizeGiB)],
        encrypted: [String(volume.encrypted)],
        'attachment.instance-id': [volume.attachment?.instanceId],
        'attachment.device': [volume.attachment?.device],
        'attachment.status': [volume.attachment?.state],
      },
      tags: this.#store.tags.of(volume.id),
    }));
    const { items, ...rest } = pageOf(found, input);
    return { Volumes: items.map((volume) => showVolume(this.#store, volume)), ...rest };
  }

  #attach(input: AttachVolumeRequest): VolumeAttachment {
    onlyMembers('AttachVolume', input, ['VolumeId', 'InstanceId', 'Device']);
    const volume = this.#require(input.VolumeId);
    const instance = requireAttachable(this.#store, volume, input);
    const attachment: Attachment = {
      instanceId: instance.id,
      device: input.Device ?? '',
      state: 'attaching',
      attachedAt: Date.now(),
    };
    this.#store.volumes.set(volume.id, { ...volume, state: 'in-use', attachment });
    this.#later(STEP_MS, () => this.#finishAttach(volume.id));
    return showAttachment(volume.id, attachment);
  }

  #detach(input: DetachVolumeRequest): VolumeAttachment {
    onlyMembers('DetachVolume', input, ['VolumeId', 'InstanceId', 'Device', 'Force']);
    const volume = this.#require(input.VolumeId);
    const { attachment } = volume;
    if (attachment === undefined)
      throw new AwsError('IncorrectState', `Volume '${volume.id}' is in the '${volume.state}' state.`);
    if (attachment.isRoot === true)
      throw new AwsError(
        'OperationNotPermitted',
        `Unable to detach root volume '${volume.id}' from instance '${attachment.instanceId}'`,
      );
    const isOther =
      (input.InstanceId ?? attachment.instanceId) !== attachment.instanceId ||
      (input.Device ?? attachment.device) !== attachment.device;
    if (isOther) {
      throw new AwsError(
        'InvalidAttachment.NotFound',
        `The volume '${volume.id}' is not attached to instance '${input.InstanceId}' as device '${input.Device ?? attachment.device}', but to '${attachment.instanceId}' as '${attachment.device}'.`,
      );
    }
    const leaving: Attachment = { ...attachment, state: 'detaching' };
    this.#store.volumes.set(volume.id, { ...volume, attachment: leaving });
    if (input.Force === true) this.#tearOut(volume.id, attachment.instanceId);
    this.#later(STEP_MS, () => this.#tryDetach(volume.id));
    return showAttachment(volume.id, leaving);
  }

  #delete(input: { readonly VolumeId?: string }): object {
    onlyMembers('DeleteVolume', input, ['VolumeId']);
    const volume = this.#require(input.VolumeId);
    if (volume.attachment !== undefined) {
      throw new AwsError('VolumeInUse', `Volume ${volume.id} is currently attached to ${volume.attachment.instanceId}`);
    }
    this.#store.volumes.set(volume.id, { ...volume, state: 'deleted' });
    this.#store.tags.forget(volume.id);
    rmSync(volumeFolder(this.#cloud.dataFolder, volume.id), { recursive: true, force: true });
    return {};
  }

  async #finishCreate(id: string): Promise<void> {
    const volume = this.#store.volumes.get(id);
    if (volume?.state !== 'creating') return;
    const folder = volumeFolder(this.#cloud.dataFolder, id);
    mkdirSync(folder, { recursive: true });
    const state = await restoreDisk(this.#cloud, volume.snapshotId, folder);
    const now = this.#store.volumes.get(id);
    if (now?.state === 'creating') this.#store.volumes.set(id, { ...now, state });
  }

  /** The disk is lost with all that is on it: whatever uses it ends by errors, and nothing of it comes back. */
  lose(id: string, state: 'error' | 'deleted'): void {
    const volume = this.#require(id);
    if (volume.attachment !== undefined) {
      this.#tearOut(id, volume.attachment.instanceId);
      this.#finishDetach(id);
    }
    const { attachment: _lost, ...free } = volume;
    this.#store.volumes.set(id, { ...free, state });
    if (state === 'deleted') this.#store.tags.forget(id);
    rmSync(volumeFolder(this.#cloud.dataFolder, id), { recursive: true, force: true });
  }

  #finishAttach(id: string): void {
    const volume = this.#store.volumes.get(id);
    if (volume?.attachment?.state !== 'attaching') return;
    const link = this.#deviceLink(id, volume.attachment.instanceId);
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(volumeFolder(this.#cloud.dataFolder, id), link);
    this.#store.volumes.set(id, { ...volume, attachment: { ...volume.attachment, state: 'attached' } });
  }

  /** As on AWS, a volume that something mounts is not let go until it is unmounted. */
  #tryDetach(id: string): void {
    const volume = this.#store.volumes.get(id);
    if (volume?.attachment === undefined || !/detaching|busy/.test(volume.attachment.state)) return;
    if (!isMounted(volumeFolder(this.#cloud.dataFolder, id))) {
      this.#finishDetach(id);
      return;
    }
    if (volume.attachment.state !== 'busy')
      this.#store.volumes.set(id, { ...volume, attachment: { ...volume.attachment, state: 'busy' } });
    this.#later(BUSY_MS, () => this.#tryDetach(id));
  }

  #finishDetach(id: string): void {
    const volume = this.#store.volumes.get(id);
    if (volume?.attachment === undefined) return;
    rmSync(this.#deviceLink(id, volume.attachment.instanceId), { force: true });
    const { attachment: _attachment, ...free } = volume;
    this.#store.volumes.set(id, { ...free, state: 'available' });
  }

  /** Force: the device vanishes under whatever uses it, and each use of it fails from then on. */
  #tearOut(id: string, instanceId: string): void {
    const mounts = join(volumeFolder(this.#cloud.dataFolder, id), 'mounts');
    for (const name of existsSync(mounts) ? readdirSync(mounts) : []) {
      killTask(this.#cloud.dataFolder, instanceId, name.split('.')[1] ?? '');
      rmSync(join(mounts, name), { force: true });
    }
  }

  #deviceLink(id: string, instanceId: string): string {
    return join(hostRoot(this.#cloud.dataFolder, instanceId), devicePath(id));
  }

  #require(id: string | undefined): VolumeRecord {
    const volume = this.#store.volumes.get(id ?? '');
    if (volume === undefined || volume.state === 'deleted')
      throw new AwsError('InvalidVolume.NotFound', `The volume '${id}' does not exist.`);
    return volume;
  }

  #later(ms: number, act: () => void | Promise<void>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void act();
    }, ms);
    this.#timers.add(timer);
  }
}
