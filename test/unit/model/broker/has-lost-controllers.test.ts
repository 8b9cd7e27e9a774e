import { describe, expect, test } from '@jest/globals';
import { controllerAddresses, hasLostControllers } from '../../../../lib/model/broker/has-lost-controllers.ts';
import { isHeardOf } from '../../../../lib/model/broker/quorum-state.ts';
import type { NodeGoal } from '../../../../lib/model/state.ts';

const hostAt = (address: string) => ({ instanceId: `i-${address}`, containerInstanceArn: 'arn', address, zone: 'a' });

/** Controllers that were placed on 10.0.0.1, 10.0.0.2 …, and are now at these addresses. */
function serviceOf(
  addresses: readonly string[],
  more: { readonly joined?: readonly number[]; readonly zone?: string } = {},
) {
  const ids = addresses.map((_, index) => 1000 + index);
  const { joined = ids, zone } = more;
  const goals = addresses.map((address, index): NodeGoal => {
    const volume = { generation: 1, zone: 'a', sizeGiB: 1, fileSystemMade: true };
    return {
      ...{ service: 'kafka', nodeId: 1000 + index, configId: 'c', attempt: 1, host: hostAt(address) },
      ...{ failures: { count: 0, lastAttempt: 0 } },
      volume: { ...volume, kafkaFormatted: joined.includes(1000 + index) },
    };
  });
  return {
    target: {
      ...{ service: 'kafka', configId: 'c', packageVersion: '1.0.0-4.3.1', clusterId: 'id', createdAt: 1 },
      ...{ brokerIds: [0], controllerIds: ids },
      ...(zone === undefined ? {} : { zone }),
    },
    controllerHosts: {
      service: 'kafka',
      hosts: ids.map((nodeId, index) => ({ nodeId, host: hostAt(`10.0.0.${index + 1}`) })),
    },
    goals,
  };
}

const startedWith = (controllers?: readonly string[]) => ({
  launch: { attempt: 1, request: '{}', requestedAt: 1, ...(controllers === undefined ? {} : { controllers }) },
});

const first = ['10.0.0.1', '10.0.0.2', '10.0.0.3'];

describe('a node that knows the controllers by their addresses', () => {
  test.each([
    ['the one that there is has moved', ['10.0.0.9'], ['10.0.0.1'], true],
    ['the one that there is has not', ['10.0.0.1'], ['10.0.0.1'], false],
    ['one of three has moved', ['10.0.0.9', '10.0.0.2', '10.0.0.3'], first, false],
    ['two of three have moved', ['10.0.0.9', '10.0.0.8', '10.0.0.3'], first, true],
    ['one of two has moved', ['10.0.0.9', '10.0.0.2'], ['10.0.0.1', '10.0.0.2'], true],
    ['two have changed their places with each other', ['10.0.0.2', '10.0.0.1', '10.0.0.3'], first, false],
  ])('has lost them when most have moved: %s', (_what, now, known, expected) => {
    expect(hasLostControllers(serviceOf(now), startedWith(known))).toBe(expected);
  });

  test('counts only those that have joined the quorum: in an install one may stand for all', () => {
    const moved = ['10.0.0.9', '10.0.0.2', '10.0.0.3'];
    expect(hasLostControllers(serviceOf(moved, { joined: [1000] }), startedWith(first))).toBe(true);
    expect(hasLostControllers(serviceOf(moved, { joined: [1000, 1001, 1002] }), startedWith(first))).toBe(false);
    expect(hasLostControllers(serviceOf(moved, { joined: [] }), startedWith(first))).toBe(false);
  });

  test('has never lost them while it knows their names, and tells nothing when an earlier version has started it', () => {
    const moved = serviceOf(['10.0.0.9'], { zone: 'kafka.internal' });
    expect(hasLostControllers(moved, startedWith(['10.0.0.1']))).toBe(false);
    expect(hasLostControllers(serviceOf(['10.0.0.9']), startedWith())).toBe(false);
    expect(hasLostControllers(serviceOf(['10.0.0.9']), {})).toBe(false);
  });

  test('is started with where they are now, and with no addresses where they have names', () => {
    expect(controllerAddresses(serviceOf(['10.0.0.9', '10.0.0.2']))).toEqual(['10.0.0.9', '10.0.0.2']);
    expect(controllerAddresses(serviceOf(['10.0.0.9'], { zone: 'kafka.internal' }))).toBeUndefined();
  });
});

describe('whether the leader hears of a node', () => {
  const replica = (id: number, lastFetchTimestamp: number) => ({
    ...{ id, directoryId: `folder of ${id}`, lastFetchTimestamp, lastCaughtUpTimestamp: -1 },
  });
  const quorum = (observers: readonly ReturnType<typeof replica>[]) => ({
    ...{ leaderId: 1000, voters: [replica(1000, 100_000)], observers },
  });

  test.each([
    ['fetched a moment ago', [replica(0, 99_500)], true],
    ['fetched fifteen seconds ago', [replica(0, 85_000)], true],
    ['fetched before that', [replica(0, 84_999)], false],
    ['never fetched from this leader', [replica(0, -1)], false],
    ['is not listed', [replica(1, 100_000)], false],
    ['fetches with its new disk, while the old one is still listed', [replica(0, 1_000), replica(0, 100_000)], true],
  ])('is told by its fetches: a broker that %s', (_what, observers, expected) => {
    expect(isHeardOf(quorum(observers), 0)).toBe(expected);
  });

  test('is true of the leader itself, which does not fetch', () => {
    expect(isHeardOf({ leaderId: 1000, voters: [replica(1000, -1)], observers: [] }, 1000)).toBe(true);
  });
});
