import { expect, test } from '@jest/globals';
import { workBetween } from '../../../scripts/bench/processors-at-work.ts';

const processor = (user: number, sys: number, idle: number) => ({ times: { user, nice: 0, sys, idle, irq: 0 } });

test('processors at work are the sum of the shares in which each was not idle', () => {
  const before = [processor(1000, 500, 9000), processor(0, 0, 0)];
  // The first one: 300 + 100 of 500 ms. The second one: 50 of 500 ms.
  const after = [processor(1300, 600, 9100), processor(50, 0, 450)];
  expect(workBetween(before, after)).toBeCloseTo(0.9, 6);
});

test('counters that have not moved are no work', () => {
  const same = [processor(10, 10, 10)];
  expect(workBetween(same, same)).toBe(0);
});
