import { describe, expect, jest, test } from '@jest/globals';
import { createHost } from '../world.ts';
import { minuteMs, tell } from './tell.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

const graceMinutes = 6;
const enabled = {
  enable_replacement: true,
  recover_in_place_grace_period_secs: graceMinutes * 60,
  min_delay_between_recovers_secs: 300,
};

/** Three zones with two hosts each, three brokers and three controllers; broker 0's zone is lost. */
async function lostZone(seed: string, replacement: object) {
  const told = tell(seed, { hosts: 6 });
  const service = { name: 'kafka', ...replacement };
  await told.install('kafka', { service, brokers: { count: 3 }, controllers: { count: 3 } });
  await told.rest();
  const before = told.process('kafka/0');
  const zone = before?.host.zone ?? '';
  for (const host of told.world.aws.hosts()) if (host.zone === zone) told.world.aws.loseHost(host.instanceId);
  return { ...told, before, zone };
}

const liveVolumes = ({ world }: Pick<ReturnType<typeof tell>, 'world'>) =>
  world.aws.volumes().filter(({ isRoot, state }) => !isRoot && state !== 'deleted');

describe('a service that loses a zone for good', () => {
  test('waits with its volumes when replacement is not enabled', async () => {
    const { world, before, process } = await lostZone('lost zone', {});
    await world.clock.pass(60 * minuteMs);
    expect(process('kafka/0')).toBeUndefined();
    expect(liveVolumes({ world }).some(({ id }) => id === before?.volumeId)).toBe(true);
    expect(world.violations).toEqual([]);
  });

  test('runs in the other zones after the grace period when it is enabled, and loses nothing', async () => {
    const { world, before, zone, process, rest, broken } = await lostZone('replaced zone', enabled);
    await world.clock.pass((graceMinutes - 1) * minuteMs);
    expect(process('kafka/0')).toBeUndefined();
    await rest(60 * minuteMs);
    const after = process('kafka/0');
    expect(after?.host.zone).not.toBe(zone);
    expect(after?.volumeId).not.toBe(before?.volumeId);
    await world.clock.pass(10 * minuteMs);
    // A broker and a controller were replaced; nobody but an operator deletes what they had.
    expect(liveVolumes({ world })).toHaveLength(8);
    expect(liveVolumes({ world }).some(({ id }) => id === before?.volumeId)).toBe(true);
    expect(broken()).toEqual([]);
  });

  test('keeps its volumes when the zone comes back within the grace period', async () => {
    const { world, before, zone, process, rest, broken } = await lostZone('zone that comes back', enabled);
    await world.clock.pass(3 * minuteMs);
    const host = [20, 21, 22].map(createHost).find((candidate) => candidate.zone === zone);
    if (host !== undefined) world.aws.addHost(host);
    await rest(40 * minuteMs);
    expect(process('kafka/0')?.volumeId).toBe(before?.volumeId);
    expect(broken()).toEqual([]);
  });
});
