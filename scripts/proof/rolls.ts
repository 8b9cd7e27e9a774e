import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ExecutionHistories } from '../bench/execution-histories.ts';
import { root } from '../launch/folders.ts';
import { chapters } from './rolls/chapters/chapters.ts';
import { Cluster } from './rolls/cluster.ts';
import { Findings } from './rolls/findings.ts';
import { Load } from './rolls/load/load.ts';
import { type ChapterResult, rowsOf, tableOf, writeReport } from './rolls/report.ts';
import { parseRollsArguments, type RollsArguments } from './rolls/rolls-arguments.ts';
import { Service } from './rolls/service.ts';
import { type Chapter, countStarts, type Story } from './rolls/story.ts';
import { checkTallies, verifyRun } from './rolls/verify-run.ts';

/**
 * Updates a service of three brokers and three controllers on a local cloud, under the load of two producers and a
 * verifying consumer, chapter by chapter. Prints for each what was acknowledged, read, lost and started; in the end a
 * fresh consumer reads all of it once more. Ends with 1 when a claim does not hold.
 * Usage: npm run prove:rolls -- [--only roll,stage] [--minutes 10]
 */
const serviceOptions = {
  brokers: { count: 3, cpus: 0.5, mem: 1024, heap: { size: 384 }, disk: 5000 },
  controllers: { count: 3, cpus: 0.25, mem: 512, heap: { size: 256 }, disk: 1000 },
};

const topic = { name: 'load', partitions: 12, librdkafkaRate: 350, kafkajsRate: 60 };

async function main(given: RollsArguments): Promise<number> {
  const { port, keep } = given;
  const dataFolder = given.data === undefined ? mkdtempSync(join(tmpdir(), 'warden-rolls-')) : resolve(given.data);
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
    await prepare(cluster, service);
    const folder = join(dataFolder, 'load');
    // Known before it starts: an end in the middle of its start must find its clients.
    load = new Load({ ...topic, folder, bootstrap: await service.bootstrap(), topic: topic.name });
    await load.start();
    const results = await tell(given, { cluster, service, load, histories: new ExecutionHistories(port) });
    process.stdout.write(`\n${tableOf(results)}\n`);
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
async function prepare(cluster: Cluster, service: Service): Promise<void> {
  const services = (await cluster.call('GET', '/services')).body as readonly { readonly name: string }[];
  if (!services.some(({ name }) => name === service.name)) await service.install(serviceOptions);
  await service.untilSettled(3);
  await cluster.kafkaTool(
    'kafka-topics.sh',
    ...['--bootstrap-server', await service.bootstrap(), '--create', '--if-not-exists', '--topic', topic.name],
    ...['--partitions', String(topic.partitions), '--replication-factor', '3', '--config', 'min.insync.replicas=2'],
  );
}

type World = Pick<Story, 'cluster' | 'service' | 'load' | 'histories'>;

async function tell(given: RollsArguments, world: World): Promise<ChapterResult[]> {
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
  checkTallies(findings, tallies, (toMs - fromMs) / 1000);
  const starts = countStarts(await service.starts(fromMs));
  const machine = { load: loadavg()[0] ?? 0, processors: availableParallelism() };
  const result = { chapter, findings, machine, seconds: (toMs - fromMs) / 1000, load: tallies, starts };
  return { result, toMs };
}

const parsed = parseRollsArguments(process.argv.slice(2), {
  chapters: chapters.map(({ name }) => name),
  report: join(root, '.warden', 'proof-rolls'),
});
if (parsed.type === 'refused') {
  process.stderr.write(`${parsed.message}\n`);
  process.exit(2);
}
process.exit(await main(parsed.arguments));
