import { type ChaosInput, ChaosRefusal, type ChaosVerb } from '../core/chaos.ts';
import { readerOf } from '../core/read-chaos-input.ts';
import type { Cloud } from '../core/service.ts';
import type { Ec2Store } from './store.ts';
import type { Volumes } from './volumes.ts';
import { zonesOf } from './zones.ts';

interface Ports {
  readonly cloud: Cloud;
  readonly store: Ec2Store;
  readonly volumes: Volumes;
}

/** What befalls volumes, and whole zones. */
export function lossVerbs({ cloud, store, volumes }: Ports): Readonly<Record<string, ChaosVerb>> {
  return {
    'volume/lose': (input: ChaosInput) => {
      const reader = readerOf(input, ['volume', 'forgotten']);
      const id = reader.text('volume');
      requireLosable(store, id);
      const isForgotten = reader.flag('forgotten');
      volumes.lose(id, isForgotten ? 'deleted' : 'error');
      return isForgotten
        ? `${id} is gone with all that was on it, and EC2 does not know it any more`
        : `${id} has failed for good: what was on it is lost, and EC2 calls it "error"`;
    },
    'zone/lose': async (input: ChaosInput) => {
      const zone = requireZoneName(cloud, readerOf(input, ['zone']).text('zone'));
      // The mark first: a group must not start instances there in between.
      store.lostZones.set(zone, Date.now());
      const InstanceIds = store.instances
        .values()
        .filter((record) => record.zone === zone && record.state !== 'terminated')
        .map(({ id }) => id);
      if (InstanceIds.length > 0) await cloud.call('ec2', 'TerminateInstances', { InstanceIds, SkipOsShutdown: true });
      const ended = InstanceIds.length === 0 ? 'there was no host' : `${InstanceIds.join(', ')} ended`;
      return `${zone} is lost: ${ended} without a shutdown, and EC2 has no capacity for others until the zone is restored`;
    },
    'zone/restore': (input: ChaosInput) => {
      const zone = requireZoneName(cloud, readerOf(input, ['zone']).text('zone'));
      if (!store.lostZones.delete(zone)) throw new ChaosRefusal(`${zone} is not lost`, 409);
      return `EC2 has capacity in ${zone} again; Auto Scaling groups start their instances`;
    },
  };
}

/** What of it lasts. */
export function showLosses(store: Ec2Store): string[] {
  return store.lostZones
    .keys()
    .map((zone) => `${zone} is lost since ${new Date(store.lostZones.get(zone) ?? 0).toISOString()}`);
}

/** Zones have capacity again; what was lost with them stays so. */
export function restoreZones(store: Ec2Store): void {
  for (const zone of store.lostZones.keys()) store.lostZones.delete(zone);
}

function requireZoneName({ region }: Cloud, zone: string): string {
  const zones = zonesOf(region);
  if (zones.includes(zone)) return zone;
  throw new ChaosRefusal(`There is no zone ${zone}; allowed are ${zones.join(', ')}`, 404);
}

function requireLosable(store: Ec2Store, id: string): void {
  const record = store.volumes.get(id);
  if (record === undefined || record.state === 'deleted') throw new ChaosRefusal(`There is no volume ${id}`, 404);
  if (record.attachment?.isRoot === true)
    throw new ChaosRefusal(`${id} is the root volume of ${record.attachment.instanceId}: terminate that instead`, 409);
}
