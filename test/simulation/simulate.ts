import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { readStack, type SimulatedStack } from './cloud/stack.ts';
import { crashSites, lives, runLife } from './run/crash-points.ts';
import type { Job } from './run/job.ts';
import { addTallies, describeFailure, describeTally, emptyTally, type Tally } from './run/tally.ts';

const usage = `npm run simulate -- [--seeds N] [--seed S] [--crash-points] [--threads T]
  --seeds N    how many seeds to run, from S on (default 1000; with --seed alone: 1)
  --seed S     the first seed, a whole number (default 1)
  --crash-points  instead of seeds: one death at each call of a service's life, before and after it
  --threads T  how many threads (default: one a core)`;

interface Arguments {
  readonly first: number;
  readonly count: number;
  readonly crashPoints: boolean;
  readonly threads: number;
}

function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string' },
      seed: { type: 'string' },
      threads: { type: 'string' },
      'crash-points': { type: 'boolean' },
    },
  });
  const count = wholeNumber('--seeds', values.seeds ?? (values.seed === undefined ? '1000' : '1'));
  const threads = wholeNumber('--threads', values.threads ?? String(availableParallelism()));
  const first = wholeNumber('--seed', values.seed ?? '1');
  return { first, count, threads, crashPoints: values['crash-points'] === true };
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,12}$/.test(text) && Number(text) > 0) return Number(text);
  throw new Error(`${name} ${text}: a whole number from 1 on is allowed.\n${usage}`);
}

/** Does the work on all threads; each thread gets the next part when it is through with its last. */
function runAll(jobs: readonly Job[], threads: number, stack: SimulatedStack): Promise<Tally> {
  let total = emptyTally;
  let next = 0;
  const runOn = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: stack });
      const handOut = () => {
        const job = jobs[next++];
        if (job !== undefined) worker.postMessage(job);
        else worker.terminate().then(() => resolve(), reject);
      };
      worker.on('error', reject);
      worker.on('message', (tally: Tally) => {
        total = addTallies(total, tally);
        for (const failure of tally.failures) process.stdout.write(`\n${describeFailure(failure)}\n`);
        if (total.runs % 100 === 0)
          process.stdout.write(`${total.runs} of ${jobs.length}, ${total.failures.length} failures\n`);
        handOut();
      });
      handOut();
    });
  return Promise.all(Array.from({ length: Math.min(threads, jobs.length) }, runOn)).then(() => total);
}

/** One death at each site of each life. */
async function crashJobs(stack: SimulatedStack): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  for (const life of lives) {
    const { calls } = await runLife(life, stack);
    for (const call of crashSites(calls)) {
      for (const when of ['before', 'after'] as const) jobs.push({ type: 'crash', life, crash: { call, when } });
    }
  }
  return jobs;
}

function seedJobs({ first, count }: Arguments): readonly Job[] {
  return Array.from({ length: count }, (_, index) => ({ type: 'seed', seed: String(first + index) }));
}

async function main(): Promise<number> {
  let given: Arguments;
  try {
    given = readArguments(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  const stack = readStack();
  const jobs = given.crashPoints ? await crashJobs(stack) : seedJobs(given);
  const tally = await runAll(jobs, given.threads, stack);
  process.stdout.write(`\n${describeTally(tally)}\n`);
  return tally.failures.length === 0 ? 0 : 1;
}

process.exitCode = await main();
