import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { readStack, type SimulatedStack } from './cloud/stack.ts';
import { type LifeName, lifeNames, lives, runLife } from './run/crash-points.ts';
import type { Job } from './run/job.ts';
import { addTallies, describeFailure, describeTally, emptyTally, type Tally } from './run/tally.ts';

const usage = `npm run simulate -- [--seeds N] [--seed S] [--threads T]
npm run simulate -- --crash-points [--life L] [--call C] [--threads T]
  --seeds N       how many seeds to run, from S on (default 1000; with --seed alone: 1)
  --seed S        the first seed, a whole number (default 1)
  --crash-points  instead of seeds: one death at each call of a service's life, before it and after it
  --life L        only the life of the service with L brokers and controllers: ${lifeNames.join(', ')}
                  (1: one node is both; updated: 1+1, and its options change; moved: 3+3, its nodes
                  are replaced, it hibernates and is resumed)
  --call C        only the deaths at call C of each life
  --threads T     how many threads (default: one a core)`;

interface Arguments {
  readonly first: number;
  readonly count: number;
  readonly crashPoints?: CrashPoints;
  readonly threads: number;
}

/** Which crash points: without `call` all of these lives. */
interface CrashPoints {
  readonly lives: readonly LifeName[];
  readonly call?: number;
}

/** @throws Error with a sentence for whoever called */
function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string' },
      seed: { type: 'string' },
      threads: { type: 'string' },
      'crash-points': { type: 'boolean' },
      life: { type: 'string' },
      call: { type: 'string' },
    },
  });
  const threads = wholeNumber('--threads', values.threads ?? String(availableParallelism()));
  const count = wholeNumber('--seeds', values.seeds ?? (values.seed === undefined ? '1000' : '1'));
  const first = wholeNumber('--seed', values.seed ?? '1');
  const ofSeeds = values.seeds ?? values.seed;
  const ofCrashPoints = values.life ?? values.call;
  if (values['crash-points'] !== true) {
    if (ofCrashPoints !== undefined) throw new Error(`--life and --call go with --crash-points only.\n${usage}`);
    return { first, count, threads };
  }
  if (ofSeeds !== undefined) throw new Error(`--seed and --seeds do not go with --crash-points.\n${usage}`);
  const call = values.call === undefined ? {} : { call: wholeNumber('--call', values.call, 0) };
  return { first, count, threads, crashPoints: { lives: livesOf(values.life), ...call } };
}

function livesOf(text: string | undefined): readonly LifeName[] {
  if (text === undefined) return lifeNames;
  const known = lifeNames.find((name) => name === text);
  if (known !== undefined) return [known];
  throw new Error(`--life ${text}: one of ${lifeNames.join(', ')} is allowed.\n${usage}`);
}

function wholeNumber(name: string, text: string, least = 1): number {
  if (/^\d{1,12}$/.test(text) && Number(text) >= least) return Number(text);
  throw new Error(`${name} ${text}: a whole number from ${least} on is allowed.\n${usage}`);
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

/** One death before and one after each call of each life. @throws Error when no life has this call */
async function crashJobs(wanted: CrashPoints, stack: SimulatedStack): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  for (const life of wanted.lives) {
    const { calls } = await runLife(lives[life], stack);
    process.stdout.write(`life ${life}: ${calls.length} calls\n`);
    for (const call of calls.keys()) {
      if (wanted.call !== undefined && wanted.call !== call) continue;
      for (const when of ['before', 'after'] as const) jobs.push({ type: 'crash', life, crash: { call, when } });
    }
  }
  if (jobs.length === 0) throw new Error(`--call ${wanted.call}: there are not so many calls.`);
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
  const jobs = given.crashPoints === undefined ? seedJobs(given) : await crashJobs(given.crashPoints, stack);
  const tally = await runAll(jobs, given.threads, stack);
  process.stdout.write(`\n${describeTally(tally)}\n`);
  return tally.failures.length === 0 ? 0 : 1;
}

process.exitCode = await main();
