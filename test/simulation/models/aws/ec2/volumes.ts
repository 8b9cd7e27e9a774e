import type {
  AttachVolumeCommandInput,
  CreateVolumeCommandInput,
  DeleteVolumeCommandInput,
  DescribeVolumesCommandInput,
  DetachVolumeCommandInput,
} from '@aws-sdk/client-ec2';
import type { Random, SimulatedClock } from '../../../contract.ts';
import { canonicalText, copyOf } from '../copy.ts';
import { failure, onlyMembers } from '../failure.ts';
import { newHex } from '../ids.ts';
import type { Operation } from '../modelled-service.ts';
import { requireAttachable } from './attach-rules.ts';
import { checkCreate } from './create-rules.ts';
import { filterBy, pageOf } from './describe.ts';
import type { InstanceRecord, VolumeRecord } from './records.ts';
import { showAttachment, showVolume } from './show-volume.ts';
import type { Snapshots } from './snapshots.ts';

/** What outlives volumes' attachments: the data on them. Volumes that hosts boot from are no such disks. */
export interface Disks {
  /** Blank, or with what the copy holds. */
  createDisk(volumeId: string, copy?: string): void;
  /** Keeps what is on it now under the copy's name. */
  copyDisk(volumeId: string, copy: string): void;
  destroyDisk(volumeId: string): void;
}

interface VolumePorts {
  readonly clock: SimulatedClock;
  readonly random: Random;
  readonly disks: Disks;
  readonly snapshots: Snapshots;
  readonly requireInstance: (instanceId: string) => InstanceRecord;
  readonly isMounted: (volumeId: string) => boolean;
}

/** EBS volumes. A step (create, attach, detach) takes seconds; a volume that is mounted is not let go. */
export class Volumes {
  readonly #ports: VolumePorts;
  readonly #volumes = new Map<string, VolumeRecord>();
  /** What volumes that are stuck will do once they are released. */
  readonly #stuck = new Map<string, (() => void)[]>();
  #hiddenForMs = 0;

  constructor(ports: VolumePorts) {
    this.#ports = ports;
  }

  get operations(): Readonly<Record<string, Operation>> {
    return {
      CreateVolume: (input: CreateVolumeCommandInput) => this.#create(input),
      DescribeVolumes: (input: DescribeVolumesCommandInput) => this.#describe(input),
      AttachVolume: (input: AttachVolumeCommandInput) => this.#attach(input),
      DetachVolume: (input: DetachVolumeCommandInput) => this.#detach(input),
      DeleteVolume: (input: DeleteVolumeCommandInput) => this.#delete(input),
    };
  }

  all(): readonly VolumeRecord[] {
    return [...this.#volumes.values()];
  }

  ofInstance(instanceId: string): readonly VolumeRecord[] {
    return this.all().filter(({ attachment }) => attachment?.instanceId === instanceId);
  }

  /** The steps that a volume takes from now on do not end until it is released. */
  stick(volumeId: string): void {
    if (!this.#stuck.has(volumeId)) this.#stuck.set(volumeId, []);
  }

  release(volumeId: string): void {
    const acts = this.#stuck.get(volumeId) ?? [];
    this.#stuck.delete(volumeId);
    for (const act of acts) act();
  }

  isStuck(volumeId: string): boolean {
    return this.#stuck.has(volumeId);
  }

  /** A volume is not found by its id for so long after its creation: EC2's answers are eventually consistent. */
  hideFresh(hiddenForMs: number): void {
    this.#hiddenForMs = hiddenForMs;
  }

  /** Its disk fails for good, with all that is on it; EC2 calls it `error` for ever, or forgets it. */
  lose(volumeId: string, how: 'error' | 'forgotten'): void {
    const { attachment: _attachment, ...free } = this.#require(volumeId);
    this.#volumes.set(volumeId, { ...free, state: how === 'error' ? 'error' : 'deleted' });
    this.#ports.disks.destroyDisk(volumeId);
  }

  takeSnapshot(volumeId: string): string {
    const { snapshots, disks } = this.#ports;
    const id = snapshots.take(this.#require(volumeId));
    disks.copyDisk(volumeId, id);
    return id;
  }

  /** The volume that an instance boots from. */
  createRoot({ host }: InstanceRecord): void {
    const id = `vol-${newHex(this.#ports.random, 17)}`;
    const now = this.#ports.clock.now();
    const device = { instanceId: host.instanceId, device: '/dev/xvda', attachedAt: now };
    this.#volumes.set(id, {
      id,
      zone: host.zone,
      sizeGiB: 30,
      encrypted: true,
      state: 'in-use',
      tags: [],
      createdAt: now,
      attachment: { ...device, state: 'attached', isRoot: true },
    });
  }

  /** Its instance is gone for good: nothing holds the volumes any more, and its root volume ends with it. */
  releaseAll(instanceId: string): void {
    for (const { id, attachment } of this.ofInstance(instanceId)) {
      this.#finishDetach(id);
      // It was never announced as a disk, so nobody is told of its end.
      if (attachment?.isRoot === true) this.#change(id, () => ({ state: 'deleted' }));
    }
  }

  /** The last container that mounted it has ended: a detachment that waited for that goes on. */
  unmounted(volumeId: string): void {
    if (this.#volumes.get(volumeId)?.attachment?.state === 'busy')
      this.#later(volumeId, () => this.#tryDetach(volumeId));
  }

  #create(input: CreateVolumeCommandInput): object {
    const { ClientToken, ...asked } = input;
    checkCreate(input);
    const { SnapshotId: snapshotId } = input;
    if (snapshotId !== undefined) this.#ports.snapshots.requireUsable(snapshotId, input.Size);
    const text = canonicalText(asked);
    const known = this.all().find(({ request }) => ClientToken !== undefined && request?.token === ClientToken);
    if (known !== undefined && known.request?.text !== text)
      throw failure(
        'IdempotentParameterMismatch',
        `The client token '${ClientToken}' was used for another request, which made ${known.id}`,
      );
    if (known !== undefined) return showVolume(known);
    const volume: VolumeRecord = {
      id: `vol-${newHex(this.#ports.random, 17)}`,
      zone: input.AvailabilityZone ?? '',
      sizeGiB: input.Size ?? 0,
      encrypted: input.Encrypted ?? false,
      state: 'creating',
      tags: (input.TagSpecifications ?? []).flatMap(({ Tags }) => copyOf(Tags ?? [])),
      createdAt: this.#ports.clock.now(),
      ...(snapshotId === undefined ? {} : { snapshotId }),
      ...(ClientToken === undefined ? {} : { request: { token: ClientToken, text } }),
    };
    this.#volumes.set(volume.id, volume);
    this.#ports.disks.createDisk(volume.id, snapshotId);
    this.#later(volume.id, () =>
      this.#change(volume.id, ({ state }) => (state === 'creating' ? { state: 'available' } : {})),
    );
    return showVolume(volume);
  }

  #describe(input: DescribeVolumesCommandInput): object {
    onlyMembers('ec2 DescribeVolumes', input, ['VolumeIds', 'Filters', 'MaxResults', 'NextToken']);
    const shown = this.all().filter((volume) => volume.state !== 'deleted' && !this.#isHidden(volume));
    const wanted = input.VolumeIds?.length ? input.VolumeIds.map((id) => this.#require(id, shown)) : shown;
    const found = filterBy(wanted, input.Filters, ({ id, state, zone, attachment, tags }) => ({
      values: {
        'volume-id': [id],
        status: [state],
        'availability-zone': [zone],
        'attachment.instance-id': [attachment?.instanceId],
        'attachment.device': [attachment?.device],
        'attachment.status': [attachment?.state],
      },
      tags,
    }));
    const { items, ...rest } = pageOf(found, input);
    return { Volumes: items.map(showVolume), ...rest };
  }

  #attach(input: AttachVolumeCommandInput): object {
    onlyMembers('ec2 AttachVolume', input, ['VolumeId', 'InstanceId', 'Device']);
    const volume = this.#require(input.VolumeId);
    const instance = this.#ports.requireInstance(input.InstanceId ?? '');
    const { instanceId } = instance.host;
    requireAttachable(volume, instance, { input, attached: this.ofInstance(instanceId) });
    const attachment = {
      ...{ instanceId, device: input.Device ?? '', state: 'attaching' as const },
      ...{ attachedAt: this.#ports.clock.now(), isRoot: false },
    };
    this.#volumes.set(volume.id, { ...volume, state: 'in-use', attachment });
    this.#later(volume.id, () => this.#finishAttach(volume.id));
    return showAttachment(volume.id, attachment);
  }

  #detach(input: DetachVolumeCommandInput): object {
    onlyMembers('ec2 DetachVolume', input, ['VolumeId', 'InstanceId', 'Device']);
    const volume = this.#require(input.VolumeId);
    const { attachment } = volume;
    if (attachment === undefined)
      throw failure('IncorrectState', `Volume '${volume.id}' is in the '${volume.state}' state.`);
    if (attachment.isRoot)
      throw failure(
        'OperationNotPermitted',
        `Unable to detach root volume '${volume.id}' from '${attachment.instanceId}'`,
      );
    const { InstanceId = attachment.instanceId, Device = attachment.device } = input;
    if (InstanceId !== attachment.instanceId || Device !== attachment.device)
      throw failure(
        'InvalidAttachment.NotFound',
        `The volume '${volume.id}' is not attached to instance '${InstanceId}' as device '${Device}'.`,
      );
    const leaving = { ...attachment, state: 'detaching' as const };
    this.#volumes.set(volume.id, { ...volume, attachment: leaving });
    this.#later(volume.id, () => this.#tryDetach(volume.id));
    return showAttachment(volume.id, leaving);
  }

  #delete(input: DeleteVolumeCommandInput): object {
    onlyMembers('ec2 DeleteVolume', input, ['VolumeId']);
    const volume = this.#require(input.VolumeId);
    if (volume.attachment !== undefined)
      throw failure('VolumeInUse', `Volume ${volume.id} is currently attached to ${volume.attachment.instanceId}`);
    this.#volumes.set(volume.id, { ...volume, state: 'deleted' });
    if (volume.state !== 'error') this.#ports.disks.destroyDisk(volume.id);
    return {};
  }

  #finishAttach(id: string): void {
    this.#change(id, ({ attachment }) =>
      attachment?.state === 'attaching' ? { attachment: { ...attachment, state: 'attached' } } : {},
    );
  }

  /** As on EC2, a volume that something mounts is `busy` until it is unmounted. */
  #tryDetach(id: string): void {
    const { attachment } = this.#volumes.get(id) ?? {};
    if (attachment?.state !== 'detaching' && attachment?.state !== 'busy') return;
    if (this.#ports.isMounted(id)) this.#change(id, () => ({ attachment: { ...attachment, state: 'busy' } }));
    else this.#finishDetach(id);
  }

  #finishDetach(id: string): void {
    const volume = this.#volumes.get(id);
    if (volume?.attachment === undefined) return;
    const { attachment: _attachment, ...free } = volume;
    this.#volumes.set(id, { ...free, state: 'available' });
  }

  #change(id: string, change: (volume: VolumeRecord) => Partial<VolumeRecord>): void {
    const volume = this.#volumes.get(id);
    if (volume !== undefined) this.#volumes.set(id, { ...volume, ...change(volume) });
  }

  /** "Most attach/detach operations finish within 1-4 s". Source: the EBS CSI driver's cloud.go. */
  #later(id: string, act: () => void): void {
    const delayMs = 1000 + this.#ports.random.below(3000);
    this.#ports.clock.after(delayMs, `${id} takes its next step`, () => {
      const waiting = this.#stuck.get(id);
      if (waiting === undefined) act();
      else waiting.push(act);
    });
  }

  #isHidden({ createdAt }: VolumeRecord): boolean {
    return this.#ports.clock.now() - createdAt < this.#hiddenForMs;
  }

  #require(id: string | undefined, among: readonly VolumeRecord[] = this.all()): VolumeRecord {
    const volume = among.find((one) => one.id === id);
    if (volume === undefined || volume.state === 'deleted')
      throw failure('InvalidVolume.NotFound', `The volume '${id}' does not exist.`);
    return volume;
  }
}
