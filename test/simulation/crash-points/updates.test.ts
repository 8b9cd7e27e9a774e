import { describe, expect, jest, test } from '@jest/globals';
import { broken, undisturbed } from './deaths.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

const updated = await undisturbed('updated');

describe('a service that is updated', () => {
  test('starts each node once, and once more for what Kafka only reads at a start', () => {
    expect(broken(updated)).toBe('');
    expect(Object.fromEntries(updated.starts)).toEqual({
      'warden/kafka/1000/preparation': 1,
      'warden/kafka/0/preparation': 1,
      'warden/kafka/1000/node': 2,
      'warden/kafka/0/node': 2,
    });
  });

  test('makes at least the calls before and after which processes die', () => {
    for (const operation of ['StopTask', 'incrementalAlterConfigs', 'describeConfigs', 'electPreferredLeaders']) {
      expect(updated.calls.some(({ words }) => words.includes(`.${operation} `))).toBe(true);
    }
  });
});
