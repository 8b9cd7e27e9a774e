import { expect, test } from '@jest/globals';
import type { MadeCall } from '../cloud/external-calls.ts';
import { readStack } from '../cloud/stack.ts';
import type { CrashPoint } from '../faults/one-crash.ts';
import { kindsOfCalls, type LifeName, type LifeReport, lives, runLife } from '../run/crash-points.ts';
import { runJob } from '../run/job.ts';
import { describeFailure, tallyOf } from '../run/tally.ts';

const stack = readStack();

/** A life in which nobody dies but those whose death belongs to it. */
export function undisturbed(life: LifeName): Promise<LifeReport> {
  return runLife(lives[life], stack);
}

/** What a run broke, with its story; empty when all is well. */
export function broken({ violations, story }: LifeReport): string {
  if (violations.length === 0) return '';
  return [...violations.map(({ rule, story: what }) => `${rule}: ${what}`), ...story].join('\n');
}

/** What breaks when a process dies so. A run in which not exactly one died shows nothing, and is wrong too. */
async function brokenBy(life: LifeName, crash: CrashPoint): Promise<string> {
  const job = { type: 'crash', life, crash } as const;
  const { crashedAt, failures } = tallyOf(await runJob(job, stack), 0, job);
  const counted = crashedAt === 1 ? [] : [`${crashedAt} processes died ${crash.when} call ${crash.call}`];
  return [...counted, ...failures.map(describeFailure)].join('\n');
}

/** How often processes die at the calls of one kind. */
type Spread = 'every fourth call' | 'the first call';

/** A test for each kind of call of a life: a process dies at every fourth of its calls, or at the first one. */
export function testDeaths(
  life: LifeName,
  calls: readonly MadeCall[],
  { when, at, of = () => true }: DeathsToTest,
): void {
  const cases = kindsOfCalls(calls)
    .filter(({ kind }, index) => of(kind, index))
    .map(({ kind, calls: [first, ...others] }): [string, readonly number[]] => [
      kind,
      at === 'the first call' ? [first] : everyFourth([first, ...others], when),
    ]);
  test.each(cases)(`${when} ${at} of %s`, async (_, positions) => {
    for (const call of positions) expect(await brokenBy(life, { call, when })).toBe('');
  });
}

interface DeathsToTest {
  readonly when: CrashPoint['when'];
  readonly at: Spread;
  /** Which kinds of calls; absent: all. */
  readonly of?: (kind: string, index: number) => boolean;
}

/**
 * Before the first, the fifth, the ninth … and after the third, the seventh …, so that each kind is met both ways: of two
 * calls after the second, and of one before and after it. Both deaths at each call:
 * `npm run simulate -- --crash-points`.
 */
function everyFourth(calls: readonly [number, ...number[]], when: CrashPoint['when']): readonly number[] {
  if (when === 'before') return calls.filter((_, index) => index % 4 === 0);
  return calls.length < 3 ? calls.slice(-1) : calls.filter((_, index) => index % 4 === 2);
}
