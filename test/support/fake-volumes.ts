import type { VolumeSnapshot } from '../../lib/model/volume-snapshot.ts';
import type { Volumes, VolumeView } from '../../lib/ports/volumes.ts';
import type { HandClock } from './hand-clock.ts';

export interface FakeVolumes extends Volumes {
  list(): readonly VolumeView[];
  /** A volume is not shown by its id for so long after its creation. */
  hideFresh(hiddenForMs: number): void;
  /** EC2 tells that the instance is terminated, and nothing holds its volumes any more. */
  endHost(instanceId: string): void;
  /** The next attachment stays under way for ever. */
  stickNext(): void;
  /** EC2 calls it `error` for ever, or does not know it any more. */
  lose(volumeId: string, how: 'error' | 'gone'): void;
  addSnapshot(snapshot: VolumeSnapshot): void;
}

const attachMs = 700;
const detachMs = 500;

/** EBS in memory: client tokens, one attachment at a time, states that take their time. */
export function createFakeVolumes(clock: HandClock): FakeVolumes {
  const volumes = new Map<string, VolumeView>();
  const tokens = new Map<string, string>();
  const shownFrom = new Map<string, number>();
  const snapshots: VolumeSnapshot[] = [];
  const endedHosts = new Set<string>();
  let hiddenForMs = 0;
  let sticksNext = false;
  const isShown = (volumeId: string): boolean => clock.clock() >= (shownFrom.get(volumeId) ?? 0);
  const held = (volumeId: string): VolumeView => {
    const view = volumes.get(volumeId);
    if (view === undefined) throw new Error(`InvalidVolume.NotFound: ${volumeId}`);
    return view;
  };
  return {
    list: () => [...volumes.values()],
    hideFresh(ms) {
      hiddenForMs = ms;
    },
    stickNext() {
      sticksNext = true;
    },
    endHost(instanceId) {
      endedHosts.add(instanceId);
      for (const { id, zone, attachment } of [...volumes.values()]) {
        if (attachment?.instanceId === instanceId) volumes.set(id, { id, zone, state: 'available' });
      }
    },
    lose(volumeId, how) {
      if (how === 'gone') volumes.delete(volumeId);
      else volumes.set(volumeId, { ...held(volumeId), state: 'error' });
    },
    addSnapshot: (snapshot) => snapshots.push(snapshot),
    listSnapshots: async (volumeIds) => snapshots.filter(({ volumeId }) => volumeIds.includes(volumeId)),
    async create(request) {
      const known = tokens.get(request.clientToken);
      if (known !== undefined) return known;
      if (request.clientToken.length > 64) throw new Error(`client token too long: ${request.clientToken}`);
      const id = `vol-${String(tokens.size + 1).padStart(17, '0')}`;
      tokens.set(request.clientToken, id);
      shownFrom.set(id, clock.clock() + hiddenForMs);
      volumes.set(id, { id, zone: request.zone, state: 'creating', tags: request.tags, createdAt: clock.clock() });
      clock.after(300, () => {
        if (volumes.has(id)) volumes.set(id, { ...held(id), state: 'available' });
      });
      return id;
    },
    describe: async (volumeId) => (isShown(volumeId) ? volumes.get(volumeId) : undefined),
    listTagged: async (tags) =>
      [...volumes.values()].filter(
        (view) => isShown(view.id) && Object.entries(tags).every(([key, value]) => view.tags?.[key] === value),
      ),
    listAll: async (most) => {
      const found = [...volumes.values()].filter(({ id }) => isShown(id));
      return { volumes: found.slice(0, most), hasMore: found.length > most };
    },
    async attach(volumeId, instanceId) {
      if (endedHosts.has(instanceId)) return { type: 'no host', instanceState: 'terminated' };
      const view = held(volumeId);
      // Somebody else was faster: as in EC2 an error that the adapter turns into a look.
      if (view.state !== 'available') return { type: 'asked' };
      const attachment = { instanceId, state: 'attaching', device: '/dev/xvdaa', since: clock.clock() };
      volumes.set(volumeId, { ...view, state: 'in-use', attachment });
      const isStuck = sticksNext;
      sticksNext = false;
      if (isStuck) return { type: 'asked' };
      clock.after(attachMs, () => {
        if (held(volumeId).attachment?.state !== 'attaching') return;
        volumes.set(volumeId, { ...held(volumeId), attachment: { ...attachment, state: 'attached' } });
      });
      return { type: 'asked' };
    },
    async detach(volumeId, from) {
      const { attachment, ...view } = held(volumeId);
      if (attachment === undefined || (from !== undefined && from !== attachment.instanceId)) return;
      volumes.set(volumeId, { ...view, attachment: { ...attachment, state: 'detaching' } });
      clock.after(detachMs, () => {
        if (volumes.has(volumeId)) volumes.set(volumeId, { ...view, state: 'available' });
      });
    },
    async remove(volumeId) {
      if (!isShown(volumeId)) return false;
      const view = volumes.get(volumeId);
      if (view?.attachment !== undefined) throw new Error(`VolumeInUse: ${volumeId}`);
      return volumes.delete(volumeId);
    },
  };
}
