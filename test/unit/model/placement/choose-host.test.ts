import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ChoiceInput, chooseHost } from '../../../../lib/model/placement/choose-host.ts';
import type { Host } from '../../../../lib/model/placement/host.ts';
import type { HostOutcome } from '../../../../lib/model/placement/host-outcome.ts';
import { waitingSentence } from '../../../../lib/model/waiting-reason.ts';
import { fakeHost } from '../../../support/fake-hosts.ts';

const needs = { cpuUnits: 1024, memoryMiB: 2048, ports: [9092] };
const choose = (changes: Partial<ChoiceInput>) =>
  chooseHost({ hosts: [fakeHost(0), fakeHost(1), fakeHost(2)], needs, promises: [], neighbours: [], ...changes });
const idOf = (changes: Partial<ChoiceInput>) => {
  const choice = choose(changes);
  return choice.type === 'chosen' ? choice.host.instanceId : choice.hosts.map(failures);
};
/** A host with the explanations of the rules that failed. */
const failures = ({ instanceId, zone, rules }: HostOutcome) => ({
  ...{ instanceId, zone },
  reasons: rules.filter(({ outcome }) => outcome === 'fail').map(({ explanation }) => explanation),
});
const id = (number: number) => fakeHost(number).instanceId;
const promised = (number: number) => ({
  ...{ service: 'other', nodeId: 0, instanceId: id(number), cpuUnits: 1, memoryMiB: 1, ports: [] },
});
const near = (number: number) => ({ instanceId: id(number), zone: fakeHost(number).zone });

describe('a host', () => {
  test('is chosen in the zone with the fewest neighbours, then without one, with most memory, by the lowest id', () => {
    const hosts = [0, 1, 2, 3, 4, 5].map(fakeHost);
    expect(idOf({ hosts, neighbours: [near(0), near(1)] })).toBe(id(2));
    expect(idOf({ hosts, neighbours: [near(0), near(1), near(2)] })).toBe(id(3));
    expect(idOf({ hosts: [fakeHost(0), { ...fakeHost(3), freeMemoryMiB: 9_000 }] })).toBe(id(3));
    expect(idOf({ hosts: [fakeHost(3), fakeHost(0)] })).toBe(id(0));
  });

  test('is refused with each of its reasons', () => {
    const poor: Host = {
      ...fakeHost(0),
      ...{ status: 'DRAINING', agentConnected: false, freeCpuUnits: 100, freeMemoryMiB: 200 },
      ...{ usedPorts: [22, 9092], attachedVolumes: 20 },
    };
    expect(idOf({ hosts: [poor], needs: { ...needs, zone: 'eu-west-1c' } })).toEqual([
      {
        instanceId: id(0),
        zone: 'eu-west-1a',
        reasons: [
          'is DRAINING',
          'has no connected agent',
          'is not in eu-west-1c, where the volume is',
          'has 100 free CPU units, needs 1024',
          'has 200 MiB free memory, needs 2048',
          'has port 9092 in use',
          'has no free slot for a volume',
        ],
      },
    ]);
  });

  test('keeps what is promised to others: CPU, memory, ports and slots for volumes', () => {
    const promise = { ...promised(0), cpuUnits: 3_500, memoryMiB: 7_000, ports: [9092] };
    expect(idOf({ hosts: [fakeHost(0)], promises: [promise] })).toEqual([
      {
        instanceId: id(0),
        zone: 'eu-west-1a',
        reasons: ['has 596 free CPU units, needs 1024', 'has 1192 MiB free memory, needs 2048', 'has port 9092 in use'],
      },
    ]);
  });

  test('has a slot for its root disk and one for the volume of each promise, attached or to come', () => {
    const threeSlots = { ...fakeHost(0), volumeSlots: 3 };
    const refused = [{ instanceId: id(0), zone: 'eu-west-1a', reasons: ['has no free slot for a volume'] }];
    expect(idOf({ hosts: [{ ...threeSlots, attachedVolumes: 1 }], promises: [promised(0)] })).toBe(id(0));
    expect(idOf({ hosts: [{ ...threeSlots, attachedVolumes: 2 }], promises: [promised(0)] })).toBe(id(0));
    expect(idOf({ hosts: [{ ...threeSlots, attachedVolumes: 3 }], promises: [promised(0)] })).toEqual(refused);
    expect(idOf({ hosts: [{ ...threeSlots, attachedVolumes: 1 }], promises: [promised(0), promised(0)] })).toEqual(
      refused,
    );
  });

  test('counts a node once, whether its task runs or is down', () => {
    const promise = { ...promised(0), cpuUnits: 2_048, memoryMiB: 4_096 };
    const running = { ...fakeHost(0), freeCpuUnits: 2_048, freeMemoryMiB: 4_096 };
    expect(idOf({ hosts: [running], promises: [promise], needs: { ...needs, cpuUnits: 2_048 } })).toBe(id(0));
    expect(idOf({ hosts: [fakeHost(0)], promises: [promise], needs: { ...needs, cpuUnits: 2_049 } })).toEqual([
      { instanceId: id(0), zone: 'eu-west-1a', reasons: ['has 2048 free CPU units, needs 2049'] },
    ]);
  });

  test('is not there when there is none: no reasons', () => {
    expect(choose({ hosts: [] })).toEqual({ type: 'none', hosts: [], registered: 0 });
  });
});

describe('a placement constraint', () => {
  const onePerHost = { ...needs, constraints: [{ field: 'hostname', most: 1 } as const] };
  const twoPerZone = { ...needs, constraints: [{ field: 'zone', most: 2 } as const] };

  test('keeps a second broker off a host, though all else is better there', () => {
    const hosts = [fakeHost(0), { ...fakeHost(3), freeMemoryMiB: 2_048 }];
    expect(idOf({ hosts, needs: onePerHost, neighbours: [near(0)] })).toBe(id(3));
    expect(idOf({ hosts: [fakeHost(0)], needs: onePerHost, neighbours: [near(0)] })).toEqual([
      {
        instanceId: id(0),
        zone: 'eu-west-1a',
        reasons: ['has 1 of the brokers on it, hostname:MAX_PER:1 allows 1'],
      },
    ]);
  });

  test('counts a zone by all its hosts', () => {
    const hosts = [fakeHost(6)];
    expect(idOf({ hosts, needs: twoPerZone, neighbours: [near(0), near(1)] })).toBe(id(6));
    expect(idOf({ hosts, needs: twoPerZone, neighbours: [near(0), near(3)] })).toEqual([
      {
        instanceId: id(6),
        zone: 'eu-west-1a',
        reasons: ['has 2 of the brokers in eu-west-1a, zone:MAX_PER:2 allows 2'],
      },
    ]);
  });

  test('is none where none is given: nodes share the only host', () => {
    expect(idOf({ hosts: [fakeHost(0)], neighbours: [near(0), near(0)] })).toBe(id(0));
  });
});

describe('the outcome of a choice that no host can take', () => {
  test('shows every rule of a host, passed and failed', () => {
    const choice = choose({ hosts: [{ ...fakeHost(0), freeMemoryMiB: 100 }], needs: { ...needs, zone: 'eu-west-1a' } });
    expect(choice).toEqual({
      type: 'none',
      registered: 1,
      hosts: [
        {
          instanceId: id(0),
          zone: 'eu-west-1a',
          rules: [
            { rule: 'active', outcome: 'pass', explanation: 'is ACTIVE' },
            { rule: 'agent', outcome: 'pass', explanation: 'has a connected agent' },
            { rule: 'zone', outcome: 'pass', explanation: 'is in eu-west-1a, where the volume is' },
            { rule: 'cpu', outcome: 'pass', explanation: 'has 4096 free CPU units, needs 1024' },
            { rule: 'memory', outcome: 'fail', explanation: 'has 100 MiB free memory, needs 2048' },
            { rule: 'ports', outcome: 'pass', explanation: 'has port 9092 free' },
            { rule: 'volumes', outcome: 'pass', explanation: 'has free slots for volumes: 19' },
          ],
        },
      ],
    });
  });

  test('stays small with many hosts: those that nearly fit first and in full, the rest by one failed rule', () => {
    const full = (number: number): Host => ({ ...fakeHost(number), freeCpuUnits: 0, freeMemoryMiB: 0 });
    const hosts = Array.from({ length: 250 }, (_, number) => full(number));
    const nearly = { ...fakeHost(777), usedPorts: [9092] };
    const choice = choose({ hosts: [...hosts, nearly] });
    if (choice.type !== 'none') throw new Error('no host can take the node');
    expect(choice.registered).toBe(251);
    expect(choice.hosts[0]?.instanceId).toBe(id(777));
    expect(choice.hosts.length).toBe(100);
    expect(choice.hosts.map(({ rules }) => rules.length)).toEqual([...Array(10).fill(6), ...Array(90).fill(1)]);
    expect(JSON.stringify(choice).length).toBeLessThan(25_000);
    const sentence = waitingSentence({ ...choice, type: 'capacity', role: 'broker' });
    expect(sentence).toBe(
      `waits for a host: ${id(777)} (eu-west-1a) has port 9092 in use; ${id(0)} (eu-west-1a) has 0 free CPU units, needs 1024, has 0 MiB free memory, needs 2048; ${id(1)} (eu-west-1b) has 0 free CPU units, needs 1024, has 0 MiB free memory, needs 2048; 248 more hosts fail by cpu, memory. It goes on by itself when a host joins or frees resources`,
    );
  });
});

describe('any choice', () => {
  const host = fc.record({
    number: fc.nat({ max: 8 }),
    status: fc.constantFrom('ACTIVE', 'ACTIVE', 'DRAINING'),
    agentConnected: fc.constantFrom(true, true, false),
    freeCpuUnits: fc.nat({ max: 3_000 }),
    freeMemoryMiB: fc.nat({ max: 5_000 }),
    usedPorts: fc.subarray([9092, 9093, 9094]),
    attachedVolumes: fc.integer({ min: 17, max: 20 }),
  });
  const inputs = fc.record({
    hosts: fc.uniqueArray(host, { maxLength: 6, selector: ({ number }) => number }),
    zone: fc.option(fc.constantFrom('eu-west-1a', 'eu-west-1b', 'eu-west-1c'), { nil: undefined }),
    promises: fc.array(
      fc.record({ number: fc.nat({ max: 8 }), cpuUnits: fc.nat({ max: 900 }), memoryMiB: fc.nat({ max: 900 }) }),
    ),
    neighbours: fc.array(fc.nat({ max: 8 })),
  });
  const inputOf = (drawn: Parameters<Parameters<typeof inputs.map>[0]>[0]): ChoiceInput => ({
    hosts: drawn.hosts.map(({ number, ...fields }) => ({ ...fakeHost(number), ...fields })),
    needs: drawn.zone === undefined ? needs : { ...needs, zone: drawn.zone },
    promises: drawn.promises.map(({ number, ...rest }) => ({ ...promised(number), ...rest })),
    neighbours: drawn.neighbours.map(near),
  });
  /** The rule once more, as slowly and plainly as it can be said. */
  const fits = ({ promises, needs: wanted }: ChoiceInput, candidate: Host): boolean => {
    let [cpuUnits, memoryMiB, slots] = [4096, 8192, 20 - 1];
    for (const promise of promises) {
      if (promise.instanceId !== candidate.instanceId) continue;
      cpuUnits -= promise.cpuUnits;
      memoryMiB -= promise.memoryMiB;
      slots -= 1;
    }
    const isThere = candidate.status === 'ACTIVE' && candidate.agentConnected;
    const isRoomyForEcs =
      candidate.freeCpuUnits >= 1024 && candidate.freeMemoryMiB >= 2048 && candidate.attachedVolumes < 20;
    const isRoomy = isRoomyForEcs && cpuUnits >= 1024 && memoryMiB >= 2048 && slots >= 1;
    const isFree = !candidate.usedPorts.includes(9092);
    return isThere && isRoomy && isFree && (wanted.zone === undefined || wanted.zone === candidate.zone);
  };

  test('meets every need, and is made whenever some host meets them', () => {
    fc.assert(
      fc.property(inputs, (drawn) => {
        const input = inputOf(drawn);
        const choice = chooseHost(input);
        const possible = input.hosts.filter((candidate) => fits(input, candidate));
        if (choice.type === 'chosen') expect(possible).toContain(choice.host);
        else expect({ possible, refused: choice.hosts.length }).toEqual({ possible: [], refused: input.hosts.length });
      }),
      { numRuns: 400 },
    );
  });

  test('has no more neighbours in its zone than any other possible host', () => {
    fc.assert(
      fc.property(inputs, (drawn) => {
        const input = inputOf(drawn);
        const choice = chooseHost(input);
        if (choice.type === 'none') return;
        const inZone = (zone: string) => input.neighbours.filter((neighbour) => neighbour.zone === zone).length;
        const fewest = Math.min(...input.hosts.filter((other) => fits(input, other)).map(({ zone }) => inZone(zone)));
        expect(inZone(choice.host.zone)).toBe(fewest);
      }),
      { numRuns: 200 },
    );
  });

  test('does not depend on the order of the hosts', () => {
    fc.assert(
      fc.property(inputs, (drawn) => {
        const input = inputOf(drawn);
        const turned = chooseHost({ ...input, hosts: input.hosts.toReversed() });
        const straight = chooseHost(input);
        expect(turned.type === 'chosen' && turned.host).toEqual(straight.type === 'chosen' && straight.host);
      }),
      { numRuns: 200 },
    );
  });
});
