import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../launch/folders.ts';
import { type Kill, killBySimulation, killByTests } from './killers.ts';
import { applyMutant, type Mutant, parseMutant } from './mutant.ts';
import { copySources, type SourceCopy } from './source-copy.ts';

const usage = `npm run mutants -- [--seeds N] [--only NAME] [--threads T]
  --seeds N    how many seeds of the simulation may notice a fault (default 200)
  --only NAME  this fault alone; several by --only A --only B
  --threads T  how many faults are looked at side by side (default: one a core)`;

interface Arguments {
  readonly seeds: number;
  readonly threads: number;
  readonly mutants: readonly Mutant[];
}

/** What became of a fault in the hands of those that must notice it. */
interface Outcome {
  readonly mutant: Mutant;
  readonly simulation: Kill;
  readonly test: Kill;
}

const folder = join(root, 'test', 'mutants', 'faults');

function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: { seeds: { type: 'string' }, only: { type: 'string', multiple: true }, threads: { type: 'string' } },
  });
  const names = readdirSync(folder).map((file) => file.replace(/\.mutant$/, ''));
  const chosen = values.only ?? names;
  const unknown = chosen.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`--only ${unknown.join(', ')}: allowed are ${names.join(', ')}.\n${usage}`);
  return {
    seeds: wholeNumber('--seeds', values.seeds ?? '200'),
    threads: wholeNumber('--threads', values.threads ?? String(availableParallelism())),
    mutants: chosen.map((name) => parseMutant(name, readFileSync(join(folder, `${name}.mutant`), 'utf8'))),
  };
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text) && Number(text) > 0) return Number(text);
  throw new Error(`${name} ${text}: a whole number from 1 on is allowed.\n${usage}`);
}

async function lookAt(copy: SourceCopy, mutant: Mutant, seeds: number): Promise<Outcome> {
  return copy.withMutant(mutant, async () => ({
    mutant,
    test: await killByTests(copy.folder),
    simulation: await killBySimulation(copy.folder, seeds, mutant),
  }));
}

/** Sources without a fault must pass: otherwise every fault would seem to be noticed. */
async function failureWithoutFault(copy: SourceCopy, seeds: number): Promise<string | undefined> {
  const found = (await killByTests(copy.folder)) ?? (await killBySimulation(copy.folder, seeds));
  return found?.by;
}

async function runAll({ seeds, threads, mutants }: Arguments): Promise<readonly Outcome[]> {
  const waiting = [...mutants];
  const outcomes: Outcome[] = [];
  const runLane = async (): Promise<void> => {
    const copy = copySources(root);
    try {
      for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
        const outcome = await lookAt(copy, mutant, seeds);
        outcomes.push(outcome);
        process.stdout.write(`${describe(outcome)}\n`);
      }
    } finally {
      copy.remove();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, mutants.length) }, runLane));
  return outcomes;
}

function isKilled({ simulation, test }: Outcome): boolean {
  return simulation !== undefined || test !== undefined;
}

function describe(outcome: Outcome): string {
  const { mutant, simulation, test } = outcome;
  return [
    `${isKilled(outcome) ? 'killed  ' : 'SURVIVED'} ${mutant.name}: ${mutant.breaks}`,
    `  simulation: ${simulation === undefined ? 'noticed nothing' : `${simulation.at ?? ''}: ${simulation.by}`}`,
    `  tests:      ${test?.by ?? 'noticed nothing'}`,
  ].join('\n');
}

function table(outcomes: readonly Outcome[]): string {
  const rows = outcomes
    .toSorted((left, right) => left.mutant.name.localeCompare(right.mutant.name))
    .map(({ mutant, simulation, test }) => [
      mutant.name,
      simulation?.by ?? '-',
      simulation?.at ?? '-',
      test?.by ?? '-',
    ]);
  const all = [['mutant', 'rule of the simulation', 'seen first at', 'test'], ...rows];
  return all.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

async function main(): Promise<number> {
  let given: Arguments;
  try {
    given = readArguments(process.argv.slice(2));
    // Fails at once, before hours of work, when a patch has lost its place.
    for (const mutant of given.mutants) applyMutant(mutant, (file) => readFileSync(join(root, file), 'utf8'));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  const sound = copySources(root);
  const failure = await failureWithoutFault(sound, given.seeds).finally(() => sound.remove());
  if (failure !== undefined) {
    process.stderr.write(`without any fault something fails already, so nothing is proven: ${failure}\n`);
    return 1;
  }
  const outcomes = await runAll(given);
  const survivors = outcomes.filter((outcome) => !isKilled(outcome));
  process.stdout.write(`\n${table(outcomes)}\n\n${outcomes.length} mutants, ${survivors.length} survived\n`);
  return survivors.length === 0 ? 0 : 1;
}

process.exitCode = await main();
