import { describe, expect, jest, test } from '@jest/globals';
import { readStack } from './cloud/stack.ts';
import { runSeed } from './run/run-seed.ts';
import { describeFailure, tallyOf } from './run/tally.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

const stack = readStack();

async function failureOf(seed: string): Promise<string> {
  const [failure] = tallyOf(await runSeed(seed, stack), 0, { type: 'seed', seed }).failures;
  return failure === undefined ? '' : describeFailure(failure);
}

describe('a seed', () => {
  test('tells the same story each time, to the letter', async () => {
    const first = await runSeed('5', stack);
    const second = await runSeed('5', stack);
    expect(second.fingerprint).toBe(first.fingerprint);
    expect(second.story).toEqual(first.story);
  });

  test('tells another story than the next one', async () => {
    expect((await runSeed('6', stack)).fingerprint).not.toBe((await runSeed('7', stack)).fingerprint);
  });
});

/** `npm run simulate` runs as many as you like; these are what each change has to pass. */
const seedCount = 60;

describe('no rule is broken by', () => {
  test.each(Array.from({ length: seedCount }, (_, index) => String(index + 1)))('seed %s', async (seed) => {
    expect(await failureOf(seed)).toBe('');
  });
});
