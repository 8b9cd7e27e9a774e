import { describe, expect, jest, test } from '@jest/globals';
import { minuteMs, secondMs, type Told, tell } from './tell.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

/** How often each node of the service was started, as `kafka/0: 1`. */
function startsOf({ world }: Told): readonly string[] {
  const counts = new Map<string, number>();
  for (const { startedBy } of world.starts) {
    const node = /^warden\/(.+)\/node\//.exec(startedBy)?.[1];
    if (node !== undefined) counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  return [...counts].map(([node, count]) => `${node}: ${count}`).sort();
}

/** What Warden restarted by itself, and why. */
function toldRestarts({ world }: Told): readonly unknown[] {
  const lines = world.aws
    .items()
    .filter(({ sk, kind }) => String(sk).startsWith('OPERATION#') && kind === 'restart node');
  return lines.map(({ pod, requestedBy, why }) => [pod, requestedBy, why]).sort();
}

const why = 'the controllers have moved, and it looks for them at the address that they had before';

/** Brokers on other hosts than the controllers, so that a host takes a controller alone. */
function loseHostOf({ world, process }: Told, node: string): void {
  world.aws.loseHost(process(node)?.host.instanceId ?? '');
}

function areApart({ process }: Told, controller: string, brokers: readonly string[]): boolean {
  const hosts = brokers.map((broker) => process(broker)?.host.instanceId);
  return !hosts.includes(process(controller)?.host.instanceId);
}

describe('a service without names', () => {
  test('with one controller follows it when its host is lost: each broker is restarted once, and the history says why', async () => {
    const told = tell('one controller moves', { hosts: 12 });
    await told.install('kafka', { brokers: { count: 3 }, controllers: { count: 1 } });
    await told.rest();
    expect(areApart(told, 'kafka/1000', ['kafka/0', 'kafka/1', 'kafka/2'])).toBe(true);
    loseHostOf(told, 'kafka/1000');
    await told.world.clock.pass(10 * minuteMs);
    await told.rest();
    expect(startsOf(told)).toEqual(['kafka/0: 2', 'kafka/1000: 2', 'kafka/1: 2', 'kafka/2: 2']);
    expect(toldRestarts(told)).toEqual([
      ['kafka-0', 'warden', why],
      ['kafka-1', 'warden', why],
      ['kafka-2', 'warden', why],
    ]);
    expect(told.broken()).toEqual([]);
  });

  test('with one controller is installed though its host is lost while the first broker starts', async () => {
    const told = tell('one controller moves in an install', { hosts: 12 });
    await told.install('kafka', { brokers: { count: 3 }, controllers: { count: 1 } });
    await told.until('the start of broker 0', () => told.process('kafka/0') !== undefined);
    loseHostOf(told, 'kafka/1000');
    await told.rest(40 * minuteMs);
    expect(startsOf(told)).toEqual(['kafka/0: 2', 'kafka/1000: 2', 'kafka/1: 1', 'kafka/2: 1']);
    expect(toldRestarts(told)).toEqual([['kafka-0', 'warden', why]]);
    expect(told.broken()).toEqual([]);
  });

  test('with three controllers restarts nobody when one moves, nor when another one does later', async () => {
    const told = tell('one of three moves', { hosts: 12 });
    await told.install('kafka', { brokers: { count: 3 }, controllers: { count: 3 } });
    await told.rest();
    for (const controller of ['kafka/1000', 'kafka/1001']) {
      expect(areApart(told, controller, ['kafka/0', 'kafka/1', 'kafka/2', 'kafka/1002'])).toBe(true);
      loseHostOf(told, controller);
      await told.world.clock.pass(10 * minuteMs);
      await told.rest();
    }
    await told.world.clock.pass(30 * secondMs);
    expect(toldRestarts(told)).toEqual([]);
    expect(startsOf(told)).toEqual([
      ...['kafka/0: 1', 'kafka/1000: 2', 'kafka/1001: 2', 'kafka/1002: 1'],
      ...['kafka/1: 1', 'kafka/2: 1'],
    ]);
    expect(told.broken()).toEqual([]);
  });

  test.each(['8', '11', '26'])(
    'with two voters yet moves the second one when the quorum knows where the first one has moved (%s)',
    async (seed) => {
      const told = tell(`two of two move, ${seed}`, { hosts: 12 });
      const { world } = told;
      await told.install('kafka', { brokers: { count: 1 }, controllers: { count: 3 } });
      const isThrough = () => world.aws.items().some(({ sk, released }) => sk === 'LEASE#1001' && released === true);
      await told.until('two voters', isThrough);
      loseHostOf(told, 'kafka/1000');
      // The other one leads no more, and no recovery is under way yet.
      await world.clock.pass(2_500);
      const path = '/service/kafka/v1/pod/controller-1/replace';
      void told.scene.send({ method: 'POST', path });
      await told.rest(40 * minuteMs);
      expect(startsOf(told)).toContain('kafka/1001: 2');
      expect(told.broken()).toEqual([]);
    },
  );
});
