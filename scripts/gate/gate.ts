import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaVersionOf } from '../../lib/model/service/config.ts';
import { supportedPackageVersions } from '../../lib/model/service/package-version.ts';
import { fetchJars } from '../../local/images/fetch-jars.ts';
import { optFolder, root } from '../launch/folders.ts';

/** One check of the gate: a tool of this checkout and its arguments. */
interface Check {
  readonly title: string;
  readonly tool: string;
  readonly args: readonly string[];
}

/** What Jest's JSON report tells. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
}

const checks: readonly Check[] = [
  { title: 'Types', tool: 'tsc', args: ['--noEmit', '-p', '.'] },
  { title: 'Style', tool: 'biome', args: ['check', '--error-on-warnings', '.'] },
  {
    title: 'Layers',
    tool: 'depcruise',
    args: ['--config', '.dependency-cruiser.cjs', 'lib', 'functions', 'cli', 'local', 'test', 'scripts'],
  },
  { title: 'Drawings of the state machines', tool: 'node', args: ['scripts/draw-machines.mjs', '--check'] },
  { title: 'Bundles of the functions', tool: 'node', args: ['scripts/bundle-functions.mjs'] },
  { title: 'Bundle of the CLI', tool: 'node', args: ['scripts/bundle-cli.mjs'] },
];

/** The models of the simulation, held to what real brokers and the local cloud do: as slow as those. */
const modelsAndTheReal = ['test/simulation/suite/aws/local-cloud', 'test/simulation/suite/kafka/real'];

/** Jest runs: the fast tests side by side, those with real brokers one after another. */
const jestRuns: readonly { readonly title: string; readonly args: readonly string[] }[] = [
  {
    title: 'Unit, template and state machine tests',
    args: ['test/unit', 'test/template', 'test/asl', 'test/contract', 'test/mutants', '--maxWorkers=2'],
  },
  {
    title: 'Simulation',
    args: ['test/simulation', '--maxWorkers=2', '--testPathIgnorePatterns', ...modelsAndTheReal],
  },
  { title: 'Tests with real brokers', args: ['test/integration', ...modelsAndTheReal, '--runInBand'] },
  { title: 'End to end: cdk deploy on the local cloud, real brokers', args: ['test/e2e', '--runInBand'] },
];

function run(tool: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): boolean {
  const result = spawnSync(join(root, 'node_modules', '.bin', tool), args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment },
  });
  return result.status === 0;
}

function timed(title: string, work: () => boolean): boolean {
  process.stdout.write(`\n== ${title}\n`);
  const startedAt = Date.now();
  const passed = work();
  process.stdout.write(
    `== ${title}: ${passed ? 'passed' : 'FAILED'} in ${((Date.now() - startedAt) / 1000).toFixed(0)} s\n`,
  );
  return passed;
}

function runJest(args: readonly string[], reportFile: string): boolean {
  const jestArgs = [...args, '--ci', '--json', `--outputFile=${reportFile}`];
  return run('jest', jestArgs, { NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' });
}

function readReport(file: string): Report {
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}

/** The whole gate: every check runs, and the last line counts the tests of all runs. */
async function main(): Promise<number> {
  await fetchJars({
    optFolder,
    artifacts: [...supportedPackageVersions.map((version) => `kafka-${kafkaVersionOf(version)}`), 'dynamodb-local'],
    log: (line) => process.stdout.write(`${line}\n`),
  });
  const failedChecks = checks.filter(({ title, tool, args }) => !timed(title, () => run(tool, args)));
  const reports = join(root, '.warden', 'reports');
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const counted = jestRuns.map(({ title, args }, index) => {
    const file = join(reports, `${index}.json`);
    return { passed: timed(title, () => runJest(args, file)), report: readReport(file) };
  });
  const sum = (count: (report: Report) => number) => counted.reduce((total, { report }) => total + count(report), 0);
  const failed = sum((report) => report.numFailedTests);
  for (const { title } of failedChecks) process.stdout.write(`FAILED check: ${title}\n`);
  process.stdout.write(`\nTests: ${sum((report) => report.numPassedTests)} passed, ${failed} failed\n`);
  const allPassed = counted.every(({ passed }) => passed) && sum((report) => report.numPendingTests) === 0;
  return allPassed && failedChecks.length === 0 ? 0 : 1;
}

process.exit(await main());
