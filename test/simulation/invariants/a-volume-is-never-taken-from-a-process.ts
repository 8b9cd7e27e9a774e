import type { Watch } from './invariant.ts';
import { keyOf, writtenBy } from './written-items.ts';

/** A volume follows its node: it is let go only where nothing has it mounted, and no move exchanges it. */
export const aVolumeIsNeverTakenFromAProcess: Watch = ({ onServed, aws }) => {
  const volumes = new Map<string, string>();
  const broken: string[] = [];
  onServed((call) => {
    if (call.service === 'ec2' && call.operation === 'DetachVolume') {
      const volume = aws.volumes().find(({ id }) => id === call.input['VolumeId']);
      if (volume !== undefined && volume.mountedBy.length > 0)
        broken.push(`${volume.id} was to be detached while ${volume.mountedBy.join(', ')} had it mounted`);
    }
    const { put, deleted } = writtenBy(call);
    for (const item of put.filter(({ sk }) => String(sk).startsWith('GOAL#'))) {
      const { id, generation }: { id?: string; generation?: number } = Object(item['volume']);
      const key = `${keyOf(item)} ${generation}`;
      const before = volumes.get(key);
      if (before !== undefined && before !== id) broken.push(`${keyOf(item)} had ${before}, and now has ${id}`);
      if (id !== undefined) volumes.set(key, id);
    }
    // A node of the next service of the name begins anew.
    for (const item of deleted)
      for (const known of volumes.keys()) if (known.startsWith(`${keyOf(item)} `)) volumes.delete(known);
  });
  return { rule: 'I15: a volume follows its node, and is never taken from a process', afterStep: () => broken[0] };
};
