import { isToBeReplaced, type NodeWishItem, nodeWishes, type PlacedItem, placedItem } from '../run/node-words.ts';
import { wantedServices } from '../run/services.ts';
import type { Watch } from './invariant.ts';
import { keyOf, type WrittenItem, writtenBy } from './written-items.ts';

/**
 * A node gets another volume only when somebody has asked for that, of the very volume that it has, and while others hold
 * what is on it; the old one is deleted only by its name in that wish. In the end each such wish is answered, and no volume
 * of before is left.
 */
export const aVolumeIsGivenUpOnlyByAWish: Watch = ({ onServed, aws, kafka }) => {
  const known = new Map<string, PlacedItem>();
  const broken: string[] = [];
  const clusterIdOf = (service: string): string =>
    wantedServices({ aws }).find(({ name }) => name === service)?.clusterId ?? '';
  const wishOf = (item: WrittenItem): NodeWishItem | undefined =>
    nodeWishes({ aws }, String(item['service'])).find(({ nodeId }) => nodeId === Number(item['nodeId']));

  const takeUp = (item: WrittenItem): void => {
    const { volume, adopted }: PlacedItem = Object(item);
    const { volume: before, adopted: adoptedBefore } = known.get(keyOf(item)) ?? {};
    known.set(keyOf(item), {
      ...(volume === undefined ? {} : { volume }),
      ...(adopted === undefined ? {} : { adopted }),
    });
    // What an operator adopts is what the cloud has.
    if (adopted !== adoptedBefore) return;
    if (before === undefined || volume === undefined || volume.generation <= before.generation) return;
    const of = `node ${String(item['nodeId'])} of ${String(item['service'])}`;
    const replace = wishOf(item)?.replace;
    if (replace === undefined || ![replace.volumeId, ...(replace.earlierVolumeIds ?? [])].includes(before.id))
      broken.push(`${of} was to give up ${before.id}, which no wish names`);
    const brokerId = Number(item['nodeId']);
    for (const { name, replicas, isr } of kafka.view(clusterIdOf(String(item['service']))).partitions) {
      if (replace?.force === true || !replicas.includes(brokerId)) continue;
      const others = replicas.filter((id) => id !== brokerId);
      if (others.length === 0 || (isr.length > 0 && !isr.some((id) => id !== brokerId)))
        broken.push(`${of} gave up its volume while ${name} has ISR ${isr.join(', ')}`);
    }
  };

  onServed((call) => {
    const { put, deleted } = writtenBy(call);
    for (const item of deleted) known.delete(keyOf(item));
    for (const item of put) if (String(item['sk']).startsWith('GOAL#')) takeUp(item);
    if (call.service !== 'ec2' || call.operation !== 'DeleteVolume') return;
    const {
      service = '',
      nodeId,
      step,
    }: { service?: string; nodeId?: number; step?: string } = Object(call.invocation.event);
    if (step === 'Delete volume') return;
    const id = String(call.input['VolumeId']);
    const wish = nodeWishes({ aws }, service).find((candidate) => candidate.nodeId === nodeId);
    const named = [wish?.replace?.volumeId, ...(wish?.replace?.earlierVolumeIds ?? [])];
    // A function that is late asks for what was done before, and the service may be gone by now.
    const isThere = aws.volumes().some((volume) => volume.id === id && volume.state !== 'deleted');
    if (isThere && !named.includes(id))
      broken.push(`${id} of node ${nodeId} of ${service} was deleted, and no wish names it`);
    if (isThere && wish !== undefined && placedItem({ aws }, wish).volume?.id === id)
      broken.push(`${id} was deleted, and is the volume of node ${nodeId} of ${service}`);
  });
  return {
    rule: 'I20: a volume is given up only by a wish, and never with the last replica in sync',
    afterStep: () => broken[0],
    atRest() {
      for (const { name, leaves } of wantedServices({ aws })) {
        for (const wish of leaves ? [] : nodeWishes({ aws }, name)) {
          const placed = placedItem({ aws }, wish);
          if (isToBeReplaced(wish, placed))
            return `replacement ${wish.replace?.times} of node ${wish.nodeId} of ${name} was not done`;
          const left = placed.discarded?.filter(({ kept }) => kept !== true) ?? [];
          if (left.length > 0)
            return `${left.map(({ id }) => id).join(', ')} of node ${wish.nodeId} of ${name} was not deleted`;
        }
      }
      return undefined;
    },
  };
};
