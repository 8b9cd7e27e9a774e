import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ExecutionHistories } from '../../bench/execution-histories.ts';
import { Cluster } from './cluster.ts';
import { Findings } from './findings.ts';
import { Load } from './load/load.ts';
import { type ChapterResult, endLine, rowsOf, tableOf, writeReport } from './report.ts';
import type { RollsArguments } from './rolls-arguments.ts';
import { Service } from './service.ts';
import { type Chapter, countStarts, type Story } from './story.ts';
import { checkTallies, verifyRun } from './verify-run.ts';

const serviceOptions = {
  brokers: { count: 3, cpus: 0.5, mem: 1024, heap: { size: 384 }, disk: 5000 },
  controllers: { count: 3, cpus: 0.25, mem: 512, heap: { size: 256 }, disk: 1000 },
};

const topic = { name: 'load', partitions: 12, librdkafkaRate: 350, kafkajsRate: 60 };

/** What a proof is made of. */
export interface Proof {
  /** In the order in which they are told. */
  readonly chapters: readonly Chapter[];
  /** Sections of the service's options document beside those of its nodes, for example `service`. */
  readonly options: object;
}

/**
 * Brings up a cloud and a service of three brokers and three controllers, tells the chapters under the load, and has a
 * fresh consumer read all of it once more. Resolves with the program's exit code: 1 when a claim does not hold.
 */
export async function runProof(name: string, given: RollsArguments, proof: Proof): Promise<number> {
  const { port, keep } = given;
  const dataFolder = given.data === undefined ? mkdtempSync(join(tmpdir(), `warden-${name}-`)) : resolve(given.data);
  const cluster = new Cluster({
    ...{ dataFolder, port, apiPort: port + 1, addressPrefix: given.addresses },
    ...{ zones: 3, hostsPerZone: 1, withService: false },
  });
  let load: Load | undefined;
  const endAll = async () => {
    await load?.stop();
    if (!keep) await cluster.stop();
  };
  const clear = () => {
    if (!keep && given.data === undefined) rmSync(dataFolder, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      void endAll()
        .then(clear)
        .finally(() => process.exit(130));
    });
  try {
    await cluster.start();
    const service = new Service(cluster, 'kafka');
    await prepare(cluster, service, { ...serviceOptions, ...proof.options });
    const folder = join(dataFolder, 'load');
    // Known before it starts: an end in the middle of its start must find its clients.
    load = new Load({ ...topic, folder, bootstrap: await service.bootstrap(), topic: topic.name });
    await load.start();
    const results = await tell(given, proof, { cluster, service, load, histories: new ExecutionHistories(port) });
    process.stdout.write(`\n${tableOf(results)}\n\n${endLine(results)}\n`);
    const isGood = results.every(({ findings }) => findings.isGood);
    await endAll();
    if (isGood) clear();
    if (!isGood) process.stdout.write(`\nSee ${given.report} and ${dataFolder}\n`);
    return isGood ? 0 : 1;
  } catch (error) {
    await endAll();
    process.stderr.write(`What the run leaves behind: ${dataFolder}\n`);
    throw error;
  }
}

/** The service and its topic; what is there of an earlier run is used again. */
async function prepare(cluster: Cluster, service: Service, options: object): Promise<void> {
  const services = (await cluster.call('GET', '/services')).body as readonly { readonly name: string }[];
  if (!services.some(({ name }) => name === service.name)) await service.install(options);
  await service.untilSettled(3);
  await cluster.kafkaTool(
    'kafka-topics.sh',
    ...['--bootstrap-server', await service.bootstrap(), '--create', '--if-not-exists', '--topic', topic.name],
    ...['--partitions', String(topic.partitions), '--replication-factor', '3', '--config', 'min.insync.replicas=2'],
  );
}

type World = Pick<Story, 'cluster' | 'service' | 'load' | 'histories'>;

async function tell(given: RollsArguments, { chapters }: Proof, world: World): Promise<ChapterResult[]> {
  // Later runs on the same installation must ask for other values too.
  let number = Math.floor(Date.now() / 1000) % 1000;
  const fresh = () => number++;
  const results: ChapterResult[] = [];
  const keep = (result: ChapterResult) => {
    results.push(result);
    writeReport(given.report, results);
    process.stdout.write(`${rowsOf(result).join('\n')}\n`);
  };
  let fromMs = Date.now();
  for (const chapter of chapters.filter(({ name }) => given.only.includes(name))) {
    process.stdout.write(`\n${chapter.name}: ${chapter.title}\n`);
    const throttledSeconds = given.minutes * 60;
    const told = await tellOne(chapter, { ...world, findings: new Findings(), fresh, throttledSeconds }, fromMs);
    keep(told.result);
    // What is offered while one chapter is counted belongs to the next.
    fromMs = told.toMs;
  }
  process.stdout.write('\nthe whole run: read once more from the beginning to the end\n');
  keep(await verifyRun(world.load, results));
  return results;
}

/** One chapter that breaks off must not hide what the others show. */
async function tellOne(
  chapter: Chapter,
  story: Story,
  fromMs: number,
): Promise<{ readonly result: ChapterResult; readonly toMs: number }> {
  const { service, load, findings } = story;
  try {
    await chapter.run(story);
    await service.untilSettled(3);
  } catch (error) {
    findings.check(
      'the chapter came to its end',
      false,
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
  }
  const toMs = Date.now();
  const tallies = await load.tally(fromMs, toMs);
  checkTallies(findings, tallies, { seconds: (toMs - fromMs) / 1000, mayFail: chapter.mayFail === true });
  const starts = countStarts(await service.starts(fromMs));
  const machine = { load: loadavg()[0] ?? 0, processors: availableParallelism() };
  const result = { chapter, findings, machine, seconds: (toMs - fromMs) / 1000, load: tallies, starts };
  return { result, toMs };
}
