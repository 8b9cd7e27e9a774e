import { describe, expect, test } from '@jest/globals';
import { awsBucketsOf } from '../../../../local/chaos/aws-buckets.ts';
import { type BucketLevel, takeTokens } from '../../../../local/chaos/token-bucket.ts';

const NOON = Date.parse('2026-11-21T12:00:00Z');

describe('a bucket', () => {
  test('lets its burst through at once, and then a call whenever it has a token again', () => {
    const size = { burst: 2, ratePerSecond: 0.5 };
    let level: BucketLevel | undefined;
    const callAt = (ms: number): boolean => {
      const taken = takeTokens(level, size, { tokens: 1, now: NOON + ms });
      ({ level } = taken);
      return taken.isTaken;
    };
    // Two tokens at noon; one more after 2 s, which the refused calls do not use up; full again 4 s later, not fuller.
    expect([0, 0, 0, 1_999, 2_000, 2_000, 60_000, 60_000, 60_000].map(callAt)).toEqual([
      ...[true, true, false],
      ...[false, true, false],
      ...[true, true, false],
    ]);
  });

  test('gives all the tokens of a call or none', () => {
    const size = { burst: 10, ratePerSecond: 1 };
    const first = takeTokens(undefined, size, { tokens: 8, now: NOON });
    const second = takeTokens(first.level, size, { tokens: 3, now: NOON });
    const third = takeTokens(second.level, size, { tokens: 2, now: NOON });
    expect([first.isTaken, second.isTaken, third.isTaken]).toEqual([true, false, true]);
  });

  test('does not fill when the clock goes back', () => {
    const size = { burst: 1, ratePerSecond: 1 };
    const first = takeTokens(undefined, size, { tokens: 1, now: NOON });
    expect(takeTokens(first.level, size, { tokens: 1, now: NOON - 5_000 }).isTaken).toBe(false);
  });
});

describe("AWS's buckets", () => {
  // The numbers of AWS's pages on request throttling, November 2026.
  test.each([
    ['ecs', 'RegisterTaskDefinition', {}, [[20, 1, 1]]],
    ['ecs', 'RunTask', {}, [[100, 40, 1]]],
    ['ecs', 'DescribeTasks', {}, [[100, 20, 1]]],
    ['ec2', 'CreateVolume', {}, [[100, 5, 1]]],
    ['ec2', 'AttachVolume', {}, [[50, 5, 1]]],
    ['ec2', 'DescribeVolumes', {}, [[50, 10, 1]]],
    ['ec2', 'DescribeVolumes', { Filters: [] }, [[100, 20, 1]]],
    ['ec2', 'DescribeSubnets', {}, [[100, 20, 1]]],
    [
      'ec2',
      'RunInstances',
      { MaxCount: 3 },
      [
        [5, 2, 1],
        [1000, 2, 3],
      ],
    ],
    [
      'ec2',
      'TerminateInstances',
      { InstanceIds: ['i-1', 'i-2'] },
      [
        [100, 5, 1],
        [1000, 20, 2],
      ],
    ],
    ['sfn', 'StartExecution', {}, [[1300, 300, 1]]],
    ['sqs', 'SendMessage', {}, []],
  ] as const)('of %s %s %j', (service, operation, input, expected) => {
    const uses = awsBucketsOf(service, operation, input);
    expect(uses.map(({ size, tokens }) => [size.burst, size.ratePerSecond, tokens])).toEqual(expected);
  });

  test('of ECS are shared by the actions of a category', () => {
    const keyOf = (operation: string) => awsBucketsOf('ecs', operation, {})[0]?.key;
    expect(keyOf('StopTask')).toBe(keyOf('RunTask'));
    expect(keyOf('RegisterTaskDefinition')).toBe(keyOf('DeregisterTaskDefinition'));
    expect(keyOf('DescribeTasks')).not.toBe(keyOf('RunTask'));
  });
});
