import type { PlacedItem } from '../run/node-words.ts';
import type { Scene } from '../run/scene.ts';
import { wantedServices } from '../run/services.ts';
import type { Invariant } from './invariant.ts';

/** A volume that no node names costs money, and nobody ever finds it again. */
export function everyVolumeHasItsNode({ world, sent }: Pick<Scene, 'world' | 'sent'>): Invariant {
  return {
    rule: 'I10: each volume is named by a node',
    atRest() {
      const lives = new Set(wantedServices(world).map(({ name }) => name));
      const named = new Set(
        world.aws.items().flatMap((item) => {
          if (!String(item['sk']).startsWith('GOAL#')) return [];
          const { id }: { id?: string } = Object(item['volume']);
          const { discarded = [] }: PlacedItem = Object(item);
          return [...(id === undefined ? [] : [id]), ...discarded.map((volume) => volume.id)];
        }),
      );
      const kept = (name: string) =>
        sent.some((request) => request.type === 'uninstall' && request.service === name && request.keepVolumes);
      const orphans = world.aws.volumes().filter(({ id, isRoot, state, tags }) => {
        const service = tags['warden:service'];
        if (isRoot || state === 'deleted' || service === undefined || !lives.has(service)) return false;
        return !named.has(id) && !(state === 'available' && kept(service));
      });
      return orphans.length === 0
        ? undefined
        : orphans.map(({ id, state }) => `${id} is ${state} and no node's`).join(', ');
    },
  };
}
