import type { Fault } from '../faults/faults.ts';
import type { Report } from './run-scenario.ts';

/** What many runs came to; sums of tallies are tallies, so that threads can be added up. */
export interface Tally {
  readonly runs: number;
  readonly steps: number;
  readonly calls: number;
  readonly cpuMs: number;
  readonly hits: Readonly<Record<string, number>>;
  /** Kinds of calls that a process was killed at, before or after. */
  readonly crashedAt: number;
  readonly failures: readonly Failure[];
}

export interface Failure {
  readonly seed: string;
  readonly rule: string;
  readonly what: string;
  readonly story: readonly string[];
}

export const emptyTally: Tally = { runs: 0, steps: 0, calls: 0, cpuMs: 0, hits: {}, crashedAt: 0, failures: [] };

export function tallyOf(report: Report, cpuMs: number): Tally {
  const [first] = report.violations;
  const hits = Object.fromEntries(report.hits);
  const crashes: readonly Fault[] = ['crash before', 'crash after'];
  return {
    runs: 1,
    steps: report.steps,
    calls: report.calls.length,
    cpuMs,
    hits,
    crashedAt: crashes.reduce((sum, fault) => sum + (hits[fault] ?? 0), 0),
    failures:
      first === undefined ? [] : [{ seed: report.seed, rule: first.rule, what: first.story, story: report.story }],
  };
}

export function addTallies(left: Tally, right: Tally): Tally {
  const names = new Set([...Object.keys(left.hits), ...Object.keys(right.hits)]);
  return {
    runs: left.runs + right.runs,
    steps: left.steps + right.steps,
    calls: left.calls + right.calls,
    cpuMs: left.cpuMs + right.cpuMs,
    hits: Object.fromEntries([...names].sort().map((name) => [name, (left.hits[name] ?? 0) + (right.hits[name] ?? 0)])),
    crashedAt: left.crashedAt + right.crashedAt,
    failures: [...left.failures, ...right.failures],
  };
}

/** The failure as a person reads it: the rule, the end of the story, and how to see it again. */
export function describeFailure({ seed, rule, what, story }: Failure): string {
  return [
    `seed ${seed} breaks the rule`,
    `  ${rule}`,
    `  ${what}`,
    'What happened, the end of it:',
    ...story.map((line) => `  ${line}`),
    /^\d+$/.test(seed) ? `Again: npm run simulate -- --seed ${seed}` : 'Again: npm run simulate -- --crash-points',
  ].join('\n');
}

/** The last lines of a run of many seeds. */
export function describeTally(tally: Tally): string {
  const perSecond = tally.cpuMs === 0 ? 0 : (tally.runs * 1000) / tally.cpuMs;
  return [
    `${tally.runs} seeds, ${tally.failures.length} failures${listOf(tally.failures.map(({ seed }) => seed))}`,
    `${perSecond.toFixed(1)} schedules per core-second; ${tally.steps} steps, ${tally.calls} calls`,
    `${tally.crashedAt} processes killed at a call`,
    `faults: ${
      Object.entries(tally.hits)
        .map(([name, count]) => `${name} ${count}`)
        .join(', ') || 'none'
    }`,
  ].join('\n');
}

function listOf(seeds: readonly string[]): string {
  return seeds.length === 0 ? '' : `: ${seeds.join(', ')}`;
}
