import type { Watch } from './invariant.ts';
import { keyOf, writtenBy } from './written-items.ts';

/** Two nodes that name one volume would write each other's logs. */
export const aVolumeBelongsToOneNode: Watch = ({ onServed }) => {
  const owners = new Map<string, string>();
  const broken: string[] = [];
  onServed((call) => {
    const { put, deleted } = writtenBy(call);
    if (deleted.length > 0) {
      const gone = new Set(deleted.map(keyOf));
      for (const [volumeId, owner] of owners) if (gone.has(owner)) owners.delete(volumeId);
    }
    for (const item of put) {
      if (!String(item['sk']).startsWith('GOAL#')) continue;
      const { id }: { id?: string } = Object(item['volume']);
      if (id === undefined) continue;
      const owner = owners.get(id);
      if (owner !== undefined && owner !== keyOf(item))
        broken.push(`${id} is the volume of ${owner} and ${keyOf(item)}`);
      owners.set(id, keyOf(item));
    }
  });
  return { rule: 'I2: a volume belongs to one node', afterStep: () => broken[0] };
};
