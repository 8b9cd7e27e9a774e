import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
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

const reports = join(root, '.warden', 'reports');

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

/** One run of Jest. */
interface JestRun {
  readonly title: string;
  readonly args: readonly string[];
  /** Leaves the processors to others that want them, and prints when it is over. */
  readonly gentle?: true;
}

const fastTests: JestRun = {
  title: 'Unit, template and state machine tests',
  args: ['test/unit', 'test/template', 'test/asl', 'test/contract', 'test/mutants', '--maxWorkers=2'],
};

/** Its time is its own, so that slow processors do it no harm: it takes what real brokers leave, which wait half of the time. */
const simulation: JestRun = {
  title: 'Simulation',
  args: ['test/simulation', '--maxWorkers=2', '--testPathIgnorePatterns', ...modelsAndTheReal],
  gentle: true,
};

/** One after another: each has clusters of its own. */
const withRealBrokers: readonly JestRun[] = [
  { title: 'Tests with real brokers', args: ['test/integration', ...modelsAndTheReal, '--runInBand'] },
  { title: 'End to end: cdk deploy on the local cloud, real brokers', args: ['test/e2e', '--runInBand'] },
];

/** How a run of Jest ended. */
interface Outcome {
  readonly passed: boolean;
  readonly report: Report;
}

function passes({ title, tool, args }: Check): boolean {
  process.stdout.write(`\n== ${title}\n`);
  const startedAt = Date.now();
  const file = join(root, 'node_modules', '.bin', tool);
  const { status } = spawnSync(file, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  process.stdout.write(verdict(title, status === 0, startedAt));
  return status === 0;
}

function verdict(title: string, passed: boolean, startedAt: number): string {
  return `== ${title}: ${passed ? 'passed' : 'FAILED'} in ${((Date.now() - startedAt) / 1000).toFixed(0)} s\n`;
}

async function runJest({ title, args, gentle }: JestRun): Promise<Outcome> {
  const outputFile = join(reports, `${title.replaceAll(/\W+/g, '-')}.json`);
  process.stdout.write(`\n== ${title}${gentle ? ' (beside what follows; told when it is over)' : ''}\n`);
  const startedAt = Date.now();
  const jest = spawn(
    join(root, 'node_modules', '.bin', 'jest'),
    [...args, '--ci', '--json', `--outputFile=${outputFile}`],
    {
      cwd: root,
      stdio: ['ignore', gentle ? 'pipe' : 'inherit', gentle ? 'pipe' : 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' },
    },
  );
  if (gentle && jest.pid !== undefined) setPriority(jest.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const told: Buffer[] = [];
  for (const stream of [jest.stdout, jest.stderr]) stream?.on('data', (chunk: Buffer) => told.push(chunk));
  const [status] = (await once(jest, 'close')) as [number | null];
  process.stdout.write(Buffer.concat(told));
  process.stdout.write(verdict(title, status === 0, startedAt));
  return { passed: status === 0, report: readReport(outputFile) };
}

async function oneAfterAnother(runs: readonly JestRun[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const run of runs) outcomes.push(await runJest(run));
  return outcomes;
}

/** A run that ended before it could write one has failed, and the others go on. */
function readReport(file: string): Report {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Report;
  return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numFailedTestSuites: 1 };
}

/** The whole gate: every check runs, and the last line counts the tests of all runs. */
async function main(): Promise<number> {
  await fetchJars({
    optFolder,
    artifacts: [...supportedPackageVersions.map((version) => `kafka-${kafkaVersionOf(version)}`), 'dynamodb-local'],
    log: (line) => process.stdout.write(`${line}\n`),
  });
  const failedChecks = checks.filter((check) => !passes(check));
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const fast = await runJest(fastTests);
  const [simulated, ...real] = await Promise.all([runJest(simulation), oneAfterAnother(withRealBrokers)]);
  const counted = [fast, simulated, ...real.flat()];
  const sum = (count: (report: Report) => number) => counted.reduce((total, { report }) => total + count(report), 0);
  const failed = sum((report) => report.numFailedTests);
  for (const { title } of failedChecks) process.stdout.write(`FAILED check: ${title}\n`);
  process.stdout.write(`\nTests: ${sum((report) => report.numPassedTests)} passed, ${failed} failed\n`);
  const allPassed = counted.every(({ passed }) => passed) && sum((report) => report.numPendingTests) === 0;
  return allPassed && failedChecks.length === 0 ? 0 : 1;
}

process.exit(await main());
