import { describe, expect, test } from '@jest/globals';
import { checkPayload, matchesError } from '../../../../local/stepfunctions/interpreter/failure.ts';

describe('a Retry or Catch', () => {
  test.each<[readonly string[], string, boolean]>([
    [['NotReady'], 'NotReady', true],
    [['NotReady'], 'Other', false],
    [['States.ALL'], 'Anything', true],
    [['States.ALL'], 'States.Timeout', true],
    [['States.ALL'], 'States.QueryEvaluationError', true],
    [['States.ALL'], 'States.DataLimitExceeded', false],
    [['States.ALL'], 'States.Runtime', false],
    [['States.Runtime'], 'States.Runtime', false],
    [['States.DataLimitExceeded'], 'States.DataLimitExceeded', true],
    [['States.TaskFailed'], 'NotReady', true],
    [['States.TaskFailed'], 'States.Timeout', false],
    [['States.TaskFailed'], 'States.HeartbeatTimeout', true],
    [['States.TaskFailed'], 'States.DataLimitExceeded', false],
    [['States.Timeout'], 'States.HeartbeatTimeout', true],
    [['States.HeartbeatTimeout'], 'States.Timeout', false],
  ])('for %j meets %s: %s', (names, error, expected) => {
    expect(matchesError(names, error)).toBe(expected);
  });
});

describe('a payload', () => {
  test('may have 262144 bytes', () => {
    expect(() => checkPayload('x'.repeat(262_142), 'It')).not.toThrow();
  });

  test('may not have one byte more', () => {
    expect(() => checkPayload('x'.repeat(262_143), 'It')).toThrow('262145 bytes');
  });

  test('is counted in UTF-8 bytes', () => {
    expect(() => checkPayload('ä'.repeat(131_072), 'It')).toThrow('States.DataLimitExceeded');
  });
});
