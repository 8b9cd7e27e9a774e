import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../launch/folders.ts';
import type { StartOptions } from '../launch/start-options.ts';
import { type BenchArguments, benchHelp, parseBenchArguments } from './bench-arguments.ts';
import { type BenchReport, reportText, writeReport } from './bench-report.ts';
import { type BundleLoad, heaviest, loadBundles, loadTime } from './bundle-loads.ts';
import { type Figure, isUnharmed, ratioFigure, ratioRows, valueFigure } from './figures.ts';
import type { ExecutionCost } from './histories.ts';
import { createTopic } from './kafka-tool.ts';
import { processorsAtWork } from './processors-at-work.ts';
import { options, Rounds } from './rounds.ts';
import { costOfWaiting } from './wait-cost.ts';
import { WardenSide } from './warden-side.ts';

/**
 * Measures deploys and rolls by Warden on a local cloud against bare scripts that start the same processes on the same
 * machine, in one run and in alternating order; see docs/benchmark.md. Times decide nothing: it ends with 1 only when
 * something breaks, or when records are lost or fail.
 */
async function main(given: BenchArguments): Promise<number> {
  const machine = { processors: availableParallelism(), model: cpus()[0]?.model ?? 'unknown', atWorkBefore: 0 };
  const startedAt = new Date().toISOString();
  const folder = mkdtempSync(join(tmpdir(), 'warden-bench-'));
  const warden = new WardenSide(startOptions(given, join(folder, 'warden')));
  const rounds = new Rounds(given, warden, folder);
  const end = async () => {
    await rounds.end();
    await warden.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      void end().finally(() => {
        rmSync(folder, { recursive: true, force: true });
        process.exit(130);
      });
    });
  let waiting: ExecutionCost | undefined;
  let bundles: readonly BundleLoad[] = [];
  const report = (): BenchReport => ({
    ...{ startedAt, machine, rounds: given.rounds },
    figures: figuresOf(rounds, waiting, bundles),
    measurements: rounds.measurements,
    evidence: { options, restarts: rounds.costs, waiting, bundles },
  });
  try {
    await warden.start();
    machine.atWorkBefore = await processorsAtWork();
    if (given.parts.includes('bundles')) bundles = await loadBundles();
    await rounds.run(() => writeReport(given.report, report()));
    if (given.parts.includes('wait')) {
      await warden.deploy(options);
      await createTopic(await warden.service.bootstrap());
      waiting = await costOfWaiting(warden, rounds.freshChange(), given.waitMinutes);
    }
    await end();
  } catch (error) {
    await end();
    process.stderr.write(`What the run leaves behind: ${folder}\n`);
    throw error;
  }
  writeReport(given.report, report());
  process.stdout.write(`\n${reportText(report())}\nSee ${given.report}\n`);
  const isGood = rounds.measurements.every(({ clients = [] }) => clients.every(isUnharmed));
  if (isGood) rmSync(folder, { recursive: true });
  else process.stderr.write(`What the run leaves behind: ${folder}\n`);
  return isGood ? 0 : 1;
}

function startOptions({ port, addresses }: BenchArguments, dataFolder: string): StartOptions {
  return {
    ...{ dataFolder, port, apiPort: port + 1, zones: 3, hostsPerZone: 1 },
    ...{ addressPrefix: addresses, withService: false },
  };
}

function figuresOf(
  { measurements, costs }: Rounds,
  waiting: ExecutionCost | undefined,
  bundles: readonly BundleLoad[],
): readonly Figure[] {
  const perRestart = (title: string, value: (cost: ExecutionCost) => number, limits: { bar?: number; aim?: number }) =>
    valueFigure({ title, unit: '', values: costs.map(value), ...limits });
  const perMinute = (title: string, value: (cost: ExecutionCost) => number, bar: number) =>
    valueFigure({ title, unit: '/min', values: waiting === undefined ? [] : [value(waiting)], bar });
  return [
    ...ratioRows.map((row) => ratioFigure(row, measurements)),
    perRestart('state transitions of a broker restart', ({ transitions }) => transitions, { bar: 15, aim: 8 }),
    perRestart('history events of a broker restart', ({ historyEvents }) => historyEvents, { bar: 90, aim: 50 }),
    perMinute('state transitions while waiting', ({ transitions }) => transitions, 1),
    perMinute('history events while waiting', ({ historyEvents }) => historyEvents, 3),
    ...bundleFigures(
      bundles.filter(({ callsEc2 }) => !callsEc2),
      { what: 'largest bundle', bars: [500, 120], aims: [250, 60] },
    ),
    ...bundleFigures(
      bundles.filter(({ callsEc2 }) => callsEc2),
      { what: 'bundle that calls EC2', bars: [1000, 200], aims: [] },
    ),
  ];
}

function bundleFigures(
  bundles: readonly BundleLoad[],
  { what, bars, aims }: { readonly what: string; readonly bars: readonly number[]; readonly aims: readonly number[] },
): readonly Figure[] {
  const largest = heaviest(bundles, ({ kilobytes }) => kilobytes);
  const slowest = heaviest(bundles, loadTime);
  const limits = (index: number) => ({
    ...(bars[index] === undefined ? {} : { bar: bars[index] }),
    ...(aims[index] === undefined ? {} : { aim: aims[index] }),
  });
  const size = largest === undefined ? [] : [largest.kilobytes];
  return [
    valueFigure({ title: `${what} (${largest?.name ?? '–'})`, unit: 'kB', values: size, ...limits(0) }),
    valueFigure({
      ...{ title: `load time: ${what} (${slowest?.name ?? '–'})`, unit: 'ms', values: slowest?.loadMs ?? [] },
      ...limits(1),
    }),
  ];
}

const parsed = parseBenchArguments(process.argv.slice(2), join(root, '.warden', 'bench'));
if (parsed.type === 'help') {
  process.stdout.write(benchHelp);
  process.exit(0);
}
if (parsed.type === 'refused') {
  process.stderr.write(`${parsed.message}\n\n${benchHelp}`);
  process.exit(2);
}
process.exit(await main(parsed.arguments));
