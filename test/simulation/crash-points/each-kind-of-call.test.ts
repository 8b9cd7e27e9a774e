import { describe, expect, jest, test } from '@jest/globals';
import { kindsOfCalls } from '../run/crash-points.ts';
import { broken, testDeaths, undisturbed } from './deaths.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

const [one, pair, quorum] = [await undisturbed('1'), await undisturbed('1+1'), await undisturbed('3+3')];

describe('a service without faults', () => {
  test('lives and goes without breaking a rule', () => {
    expect(broken(quorum)).toBe('');
  });

  test('starts each node once, and once more after each death, noticed or not', () => {
    expect(Object.fromEntries(quorum.starts)).toEqual({
      'warden/kafka/1000/preparation': 1,
      'warden/kafka/1001/preparation': 1,
      'warden/kafka/1002/preparation': 1,
      'warden/kafka/0/preparation': 1,
      'warden/kafka/1/preparation': 1,
      'warden/kafka/2/preparation': 1,
      'warden/kafka/1000/node': 2,
      'warden/kafka/1001/node': 2,
      'warden/kafka/1002/node': 2,
      'warden/kafka/0/node': 2,
      'warden/kafka/1/node': 3,
      'warden/kafka/2/node': 2,
    });
  });

  test('makes at least the calls whose loss is looked at below', () => {
    for (const operation of [
      'RunTask',
      'CreateVolume',
      'AttachVolume',
      'StopTask',
      'DeleteVolume',
      'unregisterBroker',
      'addVoter',
    ]) {
      expect(quorum.calls.some(({ words }) => words.includes(`.${operation} `))).toBe(true);
    }
  });
});

/**
 * A kind of call that smaller services make too, and die at both ways, by turns before and after. Every other call:
 * `npm run simulate -- --crash-points --life 3+3`.
 */
describe('a service with a quorum of three lives on and goes after the death of a process', () => {
  const alsoOfSmaller = new Set([one, pair].flatMap(({ calls }) => kindsOfCalls(calls).map(({ kind }) => kind)));
  const isTheirTurn = { before: 0, after: 1 } as const;
  for (const when of ['before', 'after'] as const)
    testDeaths('3+3', quorum.calls, {
      ...{ when, at: 'the first call' },
      of: (kind, index) => !alsoOfSmaller.has(kind) || index % 2 === isTheirTurn[when],
    });
});
