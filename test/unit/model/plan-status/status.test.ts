import { describe, expect, test } from '@jest/globals';
import { blockStatus, rollUpStatus, type Status } from '../../../../lib/model/plan/status.ts';

function serial(...children: readonly Status[]): Status {
  return rollUpStatus({ strategy: 'serial', children, errors: [] });
}

function parallel(...children: readonly Status[]): Status {
  return rollUpStatus({ strategy: 'parallel', children, errors: [] });
}

describe('the status of a parent', () => {
  test('is ERROR with errors of its own, whatever its children are', () => {
    expect(rollUpStatus({ strategy: 'serial', children: ['COMPLETE'], errors: ['broken'] })).toBe('ERROR');
  });

  test('is ERROR with a child in ERROR', () => {
    expect(parallel('COMPLETE', 'ERROR', 'PREPARED')).toBe('ERROR');
  });

  test('is COMPLETE when all children are, and when there are none', () => {
    expect(serial('COMPLETE', 'COMPLETE')).toBe('COMPLETE');
    expect(serial()).toBe('COMPLETE');
  });

  test('is DELAYED when all children are', () => {
    expect(parallel('DELAYED', 'DELAYED')).toBe('DELAYED');
  });

  test('is IN_PROGRESS with any child PREPARED', () => {
    expect(serial('PENDING', 'PREPARED')).toBe('IN_PROGRESS');
  });

  test('is WAITING with a candidate that waits', () => {
    expect(parallel('IN_PROGRESS', 'WAITING')).toBe('WAITING');
    expect(serial('IN_PROGRESS', 'WAITING')).toBe('IN_PROGRESS');
  });

  test('of children one after another is that of the one under way, wherever it stands', () => {
    expect(serial('PENDING', 'STARTED', 'PENDING')).toBe('STARTED');
    expect(serial('PENDING', 'STARTED', 'COMPLETE')).toBe('IN_PROGRESS');
    expect(serial('PENDING', 'PENDING')).toBe('PENDING');
  });

  test.each(['PENDING', 'STARTING', 'STARTED'] as const)(
    'is IN_PROGRESS after a complete child before one %s',
    (next) => {
      expect(serial('COMPLETE', next, 'PENDING')).toBe('IN_PROGRESS');
    },
  );

  test('is that of the first child until one is complete', () => {
    expect(serial('PENDING', 'PENDING')).toBe('PENDING');
    expect(serial('STARTING', 'PENDING')).toBe('STARTING');
    expect(serial('STARTED', 'PENDING')).toBe('STARTED');
  });

  test('is PENDING in parallel while one child is pending', () => {
    expect(parallel('STARTED', 'PENDING')).toBe('PENDING');
  });

  test('is WAITING with a child that waits further on', () => {
    expect(serial('STARTING', 'WAITING')).toBe('WAITING');
  });

  test('is DELAYED with a delayed step after complete ones', () => {
    expect(serial('COMPLETE', 'DELAYED', 'PENDING')).toBe('DELAYED');
  });
});

describe('the status of a parent that an operator holds back', () => {
  const statusOf = (children: readonly Status[], more: { isInterrupted?: boolean; heldBack?: number } = {}) =>
    rollUpStatus({ strategy: 'serial-canary', children, errors: [], ...more });

  test.each<readonly [readonly Status[], Status]>([
    [['PENDING', 'PENDING'], 'WAITING'],
    [['COMPLETE', 'PENDING'], 'WAITING'],
    [['PREPARED', 'PENDING'], 'WAITING'],
    [['DELAYED', 'DELAYED'], 'WAITING'],
    [['COMPLETE', 'COMPLETE'], 'COMPLETE'],
    [['COMPLETE', 'ERROR'], 'ERROR'],
  ])('with %j is %s when it is interrupted', (children, expected) => {
    expect(statusOf(children, { isInterrupted: true })).toBe(expected);
  });

  test('is that of the children which may go on', () => {
    const children: readonly Status[] = ['STARTED', 'PENDING', 'PENDING'];
    const parallel = { strategy: 'parallel-canary' as const, children, errors: [] };
    expect(rollUpStatus({ ...parallel, heldBack: 2 })).toBe('STARTED');
    expect(rollUpStatus(parallel)).toBe('PENDING');
    expect(statusOf(['DELAYED', 'PENDING', 'PENDING'], { heldBack: 2 })).toBe('DELAYED');
  });

  test('takes the children of a serial canary one after another', () => {
    expect(statusOf(['STARTING', 'PENDING'])).toBe('STARTING');
  });
});

test.each([
  ['PENDING', 'Pending'],
  ['PREPARED', 'InProgress'],
  ['STARTING', 'InProgress'],
  ['STARTED', 'InProgress'],
  ['IN_PROGRESS', 'InProgress'],
  ['DELAYED', 'InProgress'],
  ['WAITING', 'Waiting'],
  ['COMPLETE', 'Complete'],
  ['ERROR', 'Error'],
] as const)('1.x clients read %s as %s', (status, name) => {
  expect(blockStatus(status)).toBe(name);
});
