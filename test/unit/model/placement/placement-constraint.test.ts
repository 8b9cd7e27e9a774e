import { describe, expect, test } from '@jest/globals';
import { constraintsText, readConstraints } from '../../../../lib/model/placement/placement-constraint.ts';

const onePerHost = { field: 'hostname', most: 1 };
const twoPerZone = { field: 'zone', most: 2 };

describe('a placement constraint', () => {
  test.each([
    ['[["hostname", "MAX_PER", "1"]]', [onePerHost]],
    [[['hostname', 'MAX_PER', '1']], [onePerHost]],
    [[['hostname', 'MAX_PER', 1]], [onePerHost]],
    [['hostname', 'UNIQUE'], [onePerHost]],
    ['["hostname", "UNIQUE"]', [onePerHost]],
    ['hostname:UNIQUE', [onePerHost]],
    ['hostname:unique', [onePerHost]],
    ['hostname:UNIQUE, @zone:MAX_PER:2', [onePerHost, twoPerZone]],
    [
      [
        ['@zone', 'MAX_PER', '2'],
        ['hostname', 'UNIQUE', ''],
      ],
      [twoPerZone, onePerHost],
    ],
    ['zone:MAX_PER:100', [{ field: 'zone', most: 100 }]],
    ['', []],
    ['[]', []],
    [[], []],
    ['[[]]', undefined],
    ['hostname', undefined],
    ['hostname:UNIQUE:1', undefined],
    ['hostname:MAX_PER', undefined],
    ['hostname:MAX_PER:101', undefined],
    ['hostname:MAX_PER:-1', undefined],
    ['hostname:MAX_PER:1.5', undefined],
    ['hostname:MAX_PER:1:2', undefined],
    ['hostname:LIKE:10.0.0.159|10.0.1.202', undefined],
    ['@region:IS:eu', undefined],
    ['rack_id:UNIQUE', undefined],
    ['[["hostname", "UNIQUE"]', undefined],
    ['{"hostname": 1}', undefined],
    [[['hostname', 'UNIQUE'], 'zone'], undefined],
    [Array.from({ length: 11 }, () => ['hostname', 'UNIQUE']), undefined],
    [7, undefined],
    [null, undefined],
    [[[{}, []]], undefined],
  ])('%j reads as %j', (given, expected) => {
    const reading = readConstraints(given);
    expect(reading.type === 'valid' ? reading.constraints : undefined).toEqual(expected);
  });

  test('that Marathon has and Warden does not is told from a slip of the pen', () => {
    expect(readConstraints('zone:GROUP_BY:3')).toEqual({
      type: 'invalid',
      message: 'this version of Warden does not have the operator GROUP_BY yet',
      hint: 'use MAX_PER or UNIQUE',
    });
    expect(readConstraints('zone:MAXPER:3')).toEqual({ type: 'invalid', message: '"MAXPER" is no operator' });
  });

  test('is kept in one spelling, which reads as what it says', () => {
    const text = constraintsText([
      { field: 'hostname', most: 1 },
      { field: 'zone', most: 2 },
    ]);
    expect(text).toBe('[["hostname","MAX_PER","1"],["zone","MAX_PER","2"]]');
    expect(readConstraints(text)).toEqual({ type: 'valid', constraints: [onePerHost, twoPerZone] });
  });
});
