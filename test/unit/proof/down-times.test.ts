import { describe, expect, test } from '@jest/globals';
import { downTimes, downTogether } from '../../../scripts/proof/rolls/down-times.ts';

const start = (nodeId: number, startedAt: number, stoppingAt?: number) => ({
  nodeId,
  taskArn: `arn-${nodeId}-${startedAt}`,
  startedAt,
  ...(stoppingAt === undefined ? {} : { stoppingAt }),
});

describe('when nodes were away', () => {
  test('a node is down from the stop of one task until its next is in sync', () => {
    const starts = [start(1, 500), start(0, 100, 200), start(0, 230, 400), start(0, 450)];
    const inSync = [
      { nodeId: 0, at: 150 },
      { nodeId: 1, at: 235 },
      { nodeId: 0, at: 290 },
      { nodeId: 0, at: 480 },
    ];
    expect(downTimes(starts, inSync)).toEqual([
      { nodeId: 0, from: 200, to: 290 },
      { nodeId: 0, from: 400, to: 480 },
    ]);
  });

  test('a node that was never seen in sync again is down for good', () => {
    const starts = [start(0, 100, 200), start(0, 230)];
    expect(downTimes(starts, [{ nodeId: 0, at: 190 }])).toEqual([
      { nodeId: 0, from: 200, to: Number.POSITIVE_INFINITY },
    ]);
  });

  test('nodes whose down times overlap were down together', () => {
    const first = { nodeId: 0, from: 100, to: 200 };
    const second = { nodeId: 1, from: 150, to: 250 };
    expect(downTogether([first, second])).toEqual([[first, second]]);
  });

  test('nodes that go down one after the other were not down together', () => {
    const times = [
      { nodeId: 0, from: 100, to: 200 },
      { nodeId: 1, from: 200, to: 300 },
      { nodeId: 2, from: 301, to: 400 },
    ];
    expect(downTogether(times)).toEqual([]);
  });
});
