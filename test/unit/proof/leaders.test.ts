import { describe, expect, test } from '@jest/globals';
import type { KafkaPartition } from '../../../lib/ports/kafka-admin.ts';
import { addressesOf, areInSync, areLedByOthers } from '../../../scripts/proof/heals/leaders.ts';

function partition(leader: number | null, isr: readonly number[] = [0, 1, 2]): KafkaPartition {
  return {
    ...{ topic: 'load', partition: 0, internal: false, leader, replicas: [0, 1, 2], isr, offline: [] },
    ...{ elr: [], minIsr: 2, settled: true },
  };
}

describe('the leaders of a dead broker', () => {
  test('have moved when it leads nothing and every partition has one', () => {
    expect(areLedByOthers([partition(0), partition(2)], 1)).toBe(true);
    expect(areLedByOthers([partition(0), partition(1)], 1)).toBe(false);
    expect(areLedByOthers([partition(0), partition(null)], 1)).toBe(false);
  });
});

describe('partitions', () => {
  test('are in sync when all replicas of all of them are', () => {
    expect(areInSync([partition(0), partition(1)])).toBe(true);
    expect(areInSync([partition(0), partition(1, [0, 2])])).toBe(false);
    expect(areInSync([partition(null)])).toBe(false);
    expect(areInSync([])).toBe(false);
  });
});

test('the addresses of a bootstrap list leave one host out', () => {
  expect(addressesOf('127.76.1.10:9092,127.76.2.10:9093', '127.76.1.10')).toEqual([
    { host: '127.76.2.10', port: 9093 },
  ]);
});
