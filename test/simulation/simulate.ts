import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { readStack, type SimulatedStack } from './cloud/stack.ts';
import { addTallies, describeFailure, describeTally, emptyTally, type Tally } from './run/tally.ts';

const usage = `npm run simulate -- [--seeds N] [--seed S] [--threads T]
  --seeds N    how many seeds to run, from S on (default 1000; with --seed alone: 1)
  --seed S     the first seed, a whole number (default 1)
  --threads T  how many threads (default: one a core)`;

interface Arguments {
  readonly first: number;
  readonly count: number;
  readonly threads: number;
}

function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: { seeds: { type: 'string' }, seed: { type: 'string' }, threads: { type: 'string' } },
  });
  const count = wholeNumber('--seeds', values.seeds ?? (values.seed === undefined ? '1000' : '1'));
  const threads = wholeNumber('--threads', values.threads ?? String(availableParallelism()));
  return { first: wholeNumber('--seed', values.seed ?? '1'), count, threads: Math.min(threads, count) };
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,12}$/.test(text) && Number(text) > 0) return Number(text);
  throw new Error(`${name} ${text}: a whole number from 1 on is allowed.\n${usage}`);
}

/** Runs the seeds on all threads; each thread gets the next seed when it is through with its last. */
function runAll({ first, count, threads }: Arguments, stack: SimulatedStack): Promise<Tally> {
  let total = emptyTally;
  let next = first;
  const runOn = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: stack });
      const handOut = () => {
        if (next < first + count) worker.postMessage(String(next++));
        else worker.terminate().then(() => resolve(), reject);
      };
      worker.on('error', reject);
      worker.on('message', (tally: Tally) => {
        total = addTallies(total, tally);
        for (const failure of tally.failures) process.stdout.write(`\n${describeFailure(failure)}\n`);
        if (total.runs % 100 === 0)
          process.stdout.write(`${total.runs} of ${count}, ${total.failures.length} failures\n`);
        handOut();
      });
      handOut();
    });
  return Promise.all(Array.from({ length: threads }, runOn)).then(() => total);
}

async function main(): Promise<number> {
  let given: Arguments;
  try {
    given = readArguments(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  const tally = await runAll(given, readStack());
  process.stdout.write(`\n${describeTally(tally)}\n`);
  return tally.failures.length === 0 ? 0 : 1;
}

process.exitCode = await main();
