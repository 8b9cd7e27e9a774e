import type { Fault } from '../faults/faults.ts';
import type { Job } from './job.ts';
import type { Report } from './run-scenario.ts';

/** What many runs came to; sums of tallies are tallies, so that threads can be added up. */
export interface Tally {
  readonly runs: number;
  readonly steps: number;
  readonly calls: number;
  readonly cpuMs: number;
  readonly hits: Readonly<Record<string, number>>;
  /** Processes that were killed at a call, before it or after it. */
  readonly crashedAt: number;
  /** How many of the runs were lives with one death each. */
  readonly crashPoints: number;
  readonly failures: readonly Failure[];
}

/** A run that broke a rule; `again` are the words after `npm run simulate --`. */
export interface Failure {
  readonly again: string;
  readonly run: string;
  readonly rule: string;
  readonly what: string;
  readonly story: readonly string[];
}

export const emptyTally: Tally = {
  runs: 0,
  steps: 0,
  calls: 0,
  cpuMs: 0,
  hits: {},
  crashedAt: 0,
  crashPoints: 0,
  failures: [],
};

export function tallyOf(report: Report, cpuMs: number, job: Job): Tally {
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
    crashPoints: job.type === 'crash' ? 1 : 0,
    failures:
      first === undefined ? [] : [{ ...wordsOf(job), rule: first.rule, what: first.story, story: report.story }],
  };
}

function wordsOf(job: Job): Pick<Failure, 'run' | 'again'> {
  if (job.type === 'seed') return { run: `seed ${job.seed}`, again: `--seed ${job.seed}` };
  const { life, crash } = job;
  return {
    run: `a death ${crash.when} call ${crash.call} of life ${life}`,
    again: `--crash-points --life ${life} --call ${crash.call}`,
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
    crashPoints: left.crashPoints + right.crashPoints,
    failures: [...left.failures, ...right.failures],
  };
}

/** The failure as a person reads it: the rule, the end of the story, and how to see it again. */
export function describeFailure({ run, again, rule, what, story }: Failure): string {
  return [
    `${run} breaks the rule`,
    `  ${rule}`,
    `  ${what}`,
    'What happened, the end of it:',
    ...story.map((line) => `  ${line}`),
    `Again: npm run simulate -- ${again}`,
  ].join('\n');
}

/** The last lines of a run of many seeds or of all crash points. */
export function describeTally(tally: Tally): string {
  const perSecond = tally.cpuMs === 0 ? 0 : (tally.runs * 1000) / tally.cpuMs;
  const { runs, crashPoints, failures } = tally;
  const found = `${failures.length} failures${listOf(failures.map(({ run }) => run))}`;
  const head =
    crashPoints === 0
      ? `${runs} seeds, ${found}`
      : `${crashPoints - failures.length} of ${crashPoints} crash points passed, ${found}`;
  return [
    head,
    `${perSecond.toFixed(1)} schedules per core-second; ${tally.steps} steps, ${tally.calls} calls`,
    `${tally.crashedAt} processes killed at a call`,
    `faults: ${
      Object.entries(tally.hits)
        .map(([name, count]) => `${name} ${count}`)
        .join(', ') || 'none'
    }`,
  ].join('\n');
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? '' : `: ${names.join('; ')}`;
}
