import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './mutant.ts';

/** What noticed a fault, and the crash or the seed of the simulation at which it did; undefined when nothing did. */
export type Kill = { readonly by: string; readonly at?: string } | undefined;

/** Whatever runs longer hangs, and a test that hangs has noticed the fault too. */
const limitMs = 10 * 60_000;
const tests = ['test/unit/operations', 'test/unit/model', 'test/unit/functions-steps', 'test/contract/model-store'];

/** The simulation: crash after crash, then seed after seed, until a rule is broken. @throws Error when it cannot run at all. */
export async function killBySimulation(folder: string, seeds: number, mutant?: Mutant): Promise<Kill> {
  const stackFile = join(folder, '.mutants-stack.json');
  const changesStack =
    mutant?.edits.some(({ file }) => /^(statemachines|lib\/(stacks|contract))\//.test(file)) === true;
  if (changesStack) rmSync(stackFile, { force: true });
  const { code, output } = await run(folder, 'node', ['test/mutants/hunt.ts', String(seeds), stackFile]);
  if (changesStack) rmSync(stackFile, { force: true });
  if (code === 0) return undefined;
  if (code === 'timeout') return { by: `the simulation did not end within ${limitMs / 60_000} minutes` };
  const line = output.split('\n').find((each) => each.startsWith('{"noticed"'));
  if (line === undefined) throw new Error(`the simulation itself broke:\n${output.slice(-3000)}`);
  const { seed, crash, rule } = JSON.parse(line) as Noticed;
  return seed === undefined ? { by: rule, at: `death ${crash}` } : { by: rule, at: `seed ${seed}` };
}

/** What test/mutants/hunt.ts prints: one of `seed` and `crash` is there. */
interface Noticed {
  readonly rule: string;
  readonly seed?: number;
  readonly crash?: string;
}

interface Report {
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** The unit tests and the contract of the store; the first one that fails. @throws Error when they cannot run at all. */
export async function killByTests(folder: string): Promise<Kill> {
  const reportFile = join(folder, '.mutants-report.json');
  rmSync(reportFile, { force: true });
  // A busy machine must not look like a fault that was noticed.
  const args = [
    ...tests,
    '--bail=1',
    '--runInBand',
    '--testTimeout=120000',
    '--ci',
    '--json',
    `--outputFile=${reportFile}`,
  ];
  const { code, output } = await run(folder, 'jest', args);
  if (code === 0) return undefined;
  if (code === 'timeout') return { by: `the tests did not end within ${limitMs / 60_000} minutes` };
  const report = existsSync(reportFile) ? (JSON.parse(readFileSync(reportFile, 'utf8')) as Report) : undefined;
  const failed = report?.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === 'failed');
  if (failed === undefined) throw new Error(`the tests themselves broke:\n${output.slice(-3000)}`);
  return { by: failed.fullName };
}

interface Ended {
  readonly code: number | null | 'timeout';
  readonly output: string;
}

function run(folder: string, tool: string, args: readonly string[]): Promise<Ended> {
  const programs = join(folder, 'node_modules', '.bin');
  const child = spawn(join(programs, tool), args, {
    cwd: folder,
    env: {
      ...process.env,
      PATH: `${programs}:${process.env['PATH'] ?? ''}`,
      NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
      // Stripping the types of all sources takes longer than a few seeds; only the broken file is done again.
      NODE_COMPILE_CACHE: join(folder, '.compile-cache'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-100_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, limitMs);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code: isLate ? 'timeout' : code, output });
    });
  });
}
