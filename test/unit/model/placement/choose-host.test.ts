import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ChoiceInput, chooseHost } from '../../../../lib/model/placement/choose-host.ts';
import type { Host } from '../../../../lib/model/placement/host.ts';
import { fakeHost } from '../../../support/fake-hosts.ts';

const needs = { cpuUnits: 1024, memoryMiB: 2048, ports: [9092] };
const choose = (changes: Partial<ChoiceInput>) =>
  chooseHost({ hosts: [fakeHost(0), fakeHost(1), fakeHost(2)], needs, commitments: [], neighbours: [], ...changes });
const idOf = (changes: Partial<ChoiceInput>) => {
  const choice = choose(changes);
  return choice.type === 'chosen' ? choice.host.instanceId : choice.refusals;
};
const id = (number: number) => fakeHost(number).instanceId;
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
      ...{ usedPorts: [22, 9092], freeVolumeSlots: 0 },
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
    const promise = { instanceId: id(0), cpuUnits: 3_500, memoryMiB: 7_000, ports: [9092] };
    expect(idOf({ hosts: [fakeHost(0)], commitments: [promise] })).toEqual([
      {
        instanceId: id(0),
        zone: 'eu-west-1a',
        reasons: ['has 596 free CPU units, needs 1024', 'has 1192 MiB free memory, needs 2048', 'has port 9092 in use'],
      },
    ]);
    const small = { instanceId: id(0), cpuUnits: 1, memoryMiB: 1, ports: [] };
    const oneSlot = { ...fakeHost(0), freeVolumeSlots: 1, volumeIds: ['vol-1'] };
    expect(idOf({ hosts: [oneSlot], commitments: [{ ...small, volumeId: 'vol-1' }] })).toBe(id(0));
    expect(Array.isArray(idOf({ hosts: [oneSlot], commitments: [{ ...small, volumeId: 'vol-2' }] }))).toBe(true);
    expect(Array.isArray(idOf({ hosts: [oneSlot], commitments: [small] }))).toBe(true);
  });

  test('is not there when there is none: no reasons', () => {
    expect(choose({ hosts: [] })).toEqual({ type: 'none', refusals: [] });
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
    freeVolumeSlots: fc.nat({ max: 2 }),
  });
  const inputs = fc.record({
    hosts: fc.uniqueArray(host, { maxLength: 6, selector: ({ number }) => number }),
    zone: fc.option(fc.constantFrom('eu-west-1a', 'eu-west-1b', 'eu-west-1c'), { nil: undefined }),
    commitments: fc.array(
      fc.record({ number: fc.nat({ max: 8 }), cpuUnits: fc.nat({ max: 900 }), memoryMiB: fc.nat({ max: 900 }) }),
    ),
    neighbours: fc.array(fc.nat({ max: 8 })),
  });
  const inputOf = (drawn: Parameters<Parameters<typeof inputs.map>[0]>[0]): ChoiceInput => ({
    hosts: drawn.hosts.map(({ number, ...fields }) => ({ ...fakeHost(number), ...fields })),
    needs: drawn.zone === undefined ? needs : { ...needs, zone: drawn.zone },
    commitments: drawn.commitments.map(({ number, ...rest }) => ({ ...rest, instanceId: id(number), ports: [] })),
    neighbours: drawn.neighbours.map(near),
  });
  /** The rule once more, as slowly and plainly as it can be said. */
  const fits = ({ commitments, needs: wanted }: ChoiceInput, candidate: Host): boolean => {
    let { freeCpuUnits, freeMemoryMiB, freeVolumeSlots } = candidate;
    for (const promise of commitments) {
      if (promise.instanceId !== candidate.instanceId) continue;
      freeCpuUnits -= promise.cpuUnits;
      freeMemoryMiB -= promise.memoryMiB;
      freeVolumeSlots -= 1;
    }
    const isThere = candidate.status === 'ACTIVE' && candidate.agentConnected;
    const isRoomy = freeCpuUnits >= 1024 && freeMemoryMiB >= 2048 && freeVolumeSlots >= 1;
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
        else
          expect({ possible, refused: choice.refusals.length }).toEqual({ possible: [], refused: input.hosts.length });
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
