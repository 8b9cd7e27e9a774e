import { expect, test } from '@jest/globals';
import type { MadeCall } from '../cloud/external-calls.ts';
import { readStack } from '../cloud/stack.ts';
import type { CrashPoint } from '../faults/one-crash.ts';
import { kindsOfCalls, type LifeName, type LifeReport, lives, runLife } from '../run/crash-points.ts';

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
  const report = await runLife(lives[life], stack, crash);
  const deaths = report.hits.get(`crash ${crash.when}`) ?? 0;
  const wrong = deaths === 1 ? broken(report) : `${deaths} processes died at a call`;
  return wrong === '' ? '' : `death ${crash.when} call ${crash.call} of life ${life}: ${wrong}`;
}

/** A test for each kind of call of a life: a process dies at each of its calls, or at the first one. */
export function testDeaths(
  life: LifeName,
  calls: readonly MadeCall[],
  { when, at }: { readonly when: CrashPoint['when']; readonly at: 'each call' | 'the first call' },
): void {
  const cases = kindsOfCalls(calls).map(({ kind, calls: [first, ...others] }): [string, readonly number[]] => [
    kind,
    at === 'each call' ? [first, ...others] : [first],
  ]);
  test.each(cases)(`${when} ${at} of %s`, async (_, positions) => {
    for (const call of positions) expect(await brokenBy(life, { call, when })).toBe('');
  });
}
