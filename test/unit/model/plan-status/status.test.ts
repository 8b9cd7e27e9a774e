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
