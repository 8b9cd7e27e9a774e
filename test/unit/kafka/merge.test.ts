import { describe, expect, test } from '@jest/globals';
import { mergeSightings } from '../../../lib/kafka/describe-cluster.ts';
import { mergePartitions } from '../../../lib/kafka/partitions.ts';
import { newestLeader } from '../../../lib/kafka/quorum.ts';
import type { PartitionSighting } from '../../../lib/kafka/sight-partitions.ts';
import { standingOf } from '../../../lib/kafka/voters.ts';

const broker = (id: number, fenced = false) => ({ id, host: `b${id}`, port: 9092, rack: null, fenced });
const sighting = (...brokers: ReturnType<typeof broker>[]) => ({ clusterId: 'c', brokers });

describe('a cluster seen by several brokers', () => {
  test('is settled where all say the same', () => {
    const { brokers } = mergeSightings([sighting(broker(1), broker(0)), sighting(broker(0), broker(1))]);
    expect(brokers).toEqual([
      { id: 0, host: 'b0', port: 9092, rack: null, fenced: false, settled: true },
      { id: 1, host: 'b1', port: 9092, rack: null, fenced: false, settled: true },
    ]);
  });

  test('has a broker fenced when one says so', () => {
    const { brokers } = mergeSightings([sighting(broker(0)), sighting(broker(0, true))]);
    expect(brokers).toMatchObject([{ id: 0, fenced: true, settled: false }]);
  });

  test('has a broker fenced when one does not list it', () => {
    const { brokers } = mergeSightings([sighting(broker(0), broker(1)), sighting(broker(0))]);
    expect(brokers).toMatchObject([
      { id: 0, fenced: false, settled: true },
      { id: 1, fenced: true, settled: false },
    ]);
  });

  test('has a broker unsettled while its address changes', () => {
    const moved = { ...broker(0), host: 'elsewhere' };
    expect(mergeSightings([sighting(broker(0)), sighting(moved)]).brokers).toMatchObject([
      { id: 0, fenced: false, settled: false },
    ]);
  });

  test('must be one cluster', () => {
    expect(() => mergeSightings([sighting(), { clusterId: 'other', brokers: [] }])).toThrow(
      'the addresses lead to 2 clusters (c, other)',
    );
  });
});

describe('partitions seen by several brokers', () => {
  const orders: PartitionSighting = {
    topic: 'orders',
    partition: 0,
    internal: false,
    leader: 0,
    replicas: [0, 1, 2],
    isr: [0, 1, 2],
    offline: [],
    elr: [],
    minIsr: 2,
  };

  test('are settled where all say the same, in whatever order the ISR is', () => {
    const partitions = mergePartitions([[orders], [{ ...orders, isr: [2, 1, 0] }]]);
    expect(partitions).toEqual([{ ...orders, settled: true }]);
  });

  test('keep only what nobody doubts', () => {
    const newer = { ...orders, leader: 1, isr: [1, 2], offline: [0], elr: [0], minIsr: 1 };
    expect(mergePartitions([[orders], [newer]])).toEqual([
      { ...orders, leader: null, isr: [1, 2], offline: [0], elr: [], minIsr: 2, settled: false },
    ]);
  });

  test('keep the leader that all name', () => {
    expect(mergePartitions([[orders], [{ ...orders, isr: [0] }]])).toMatchObject([
      { leader: 0, isr: [0], settled: false },
    ]);
  });

  test('are unsettled when a broker does not know them', () => {
    expect(mergePartitions([[], [orders]])).toEqual([{ ...orders, settled: false }]);
  });

  test('have no eligible replicas to tell when one broker tells none', () => {
    expect(mergePartitions([[orders], [{ ...orders, elr: null }]])).toMatchObject([{ elr: [], settled: false }]);
    expect(mergePartitions([[{ ...orders, elr: null }], [orders]])).toMatchObject([{ elr: null, settled: false }]);
  });

  test('are sorted by topic and by number', () => {
    const at = (topic: string, partition: number) => ({ ...orders, topic, partition });
    const partitions = mergePartitions([[at('b', 0), at('a', 10), at('a', 9)]]);
    expect(partitions.map(({ topic, partition }) => `${topic}-${partition}`)).toEqual(['a-9', 'a-10', 'b-0']);
  });
});

describe('a quorum', () => {
  const replica = { logEndOffset: 1, lastFetchTimestamp: -1, lastCaughtUpTimestamp: -1 };
  const quorum = (leaderId: number, leaderEpoch: number) => ({
    type: 'led' as const,
    leaderId,
    leaderEpoch,
    highWatermark: 1,
    voters: [{ ...replica, id: 1000, directoryId: 'disk-a' }],
    observers: [{ ...replica, id: 1001, directoryId: 'disk-b' }],
    nodes: [],
  });

  test('is believed to the leader with the highest epoch', () => {
    expect(newestLeader([quorum(1000, 4), quorum(1002, 6), quorum(1001, 5)])?.leaderId).toBe(1002);
    expect(newestLeader([])).toBeUndefined();
  });

  test('knows a voter by id and directory', () => {
    const led = quorum(1000, 1);
    expect(standingOf(led, { id: 1000, directoryId: 'disk-a' })).toEqual({ type: 'already voter' });
    expect(standingOf(led, { id: 1000, directoryId: 'disk-c' })).toEqual({
      type: 'other directory',
      directoryId: 'disk-a',
    });
    expect(standingOf(led, { id: 1001, directoryId: 'disk-b' })).toBeUndefined();
  });
});
