import { describe, expect, jest, test } from '@jest/globals';
import { broken, testDeaths, undisturbed } from './deaths.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

const quorum = await undisturbed('3+3');

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

/** Every other call: `npm run simulate -- --crash-points --life 3+3`. */
describe('a service with a quorum of three lives on and goes after the death of a process', () => {
  testDeaths('3+3', quorum.calls, { when: 'before', at: 'the first call' });
  testDeaths('3+3', quorum.calls, { when: 'after', at: 'the first call' });
});
