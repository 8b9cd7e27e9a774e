import { describe, jest } from '@jest/globals';
import { testDeaths, undisturbed } from './deaths.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

const [one, pair, updated] = [await undisturbed('1'), await undisturbed('1+1'), await undisturbed('updated')];

describe('a service of one node lives on and goes after the death of a process', () => {
  testDeaths('1', one.calls, { when: 'before', at: 'every fourth call' });
});

describe('a service of a broker and a controller lives on and goes after the death of a process', () => {
  testDeaths('1+1', pair.calls, { when: 'before', at: 'every fourth call' });
});

describe('a service that is updated comes to the target, each node restarted once, after the death of a process', () => {
  testDeaths('updated', updated.calls, { when: 'before', at: 'every fourth call' });
});
