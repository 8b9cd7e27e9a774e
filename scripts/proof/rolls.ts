import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../launch/folders.ts';
import type { StartOptions } from '../launch/start-options.ts';
import { chapters } from './rolls/chapters/chapters.ts';
import { Cluster } from './rolls/cluster.ts';
import { Findings } from './rolls/findings.ts';
import { Load } from './rolls/load/load.ts';
import { type ChapterResult, rowsOf, tableOf, writeReport } from './rolls/report.ts';
import { Service } from './rolls/service.ts';
import { type Chapter, countStarts, type Story } from './rolls/story.ts';

/**
 * Updates a service of three brokers and three controllers on a local cloud, under the load of two producers and a
 * verifying consumer, chapter by chapter. Prints for each what was acknowledged, read, lost and started; ends with 1 when
 * a claim does not hold. Usage: npm run prove:rolls -- [--only roll,stage] [--minutes 10]
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    minutes: { type: 'string', default: '1' },
    data: { type: 'string' },
    report: { type: 'string', default: join(root, '.warden', 'proof-rolls') },
    port: { type: 'string', default: '22700' },
    addresses: { type: 'string', default: '127.74' },
    keep: { type: 'boolean', default: false },
  },
});

const options: StartOptions = {
  dataFolder: values.data === undefined ? mkdtempSync(join(tmpdir(), 'warden-rolls-')) : resolve(values.data),
  port: Number(values.port),
  apiPort: Number(values.port) + 1,
  zones: 3,
  hostsPerZone: 1,
  addressPrefix: values.addresses,
  withService: false,
};

const serviceOptions = {
  brokers: { count: 3, cpus: 0.5, mem: 1024, heap: { size: 384 }, disk: 5000 },
  controllers: { count: 3, cpus: 0.25, mem: 512, heap: { size: 256 }, disk: 1000 },
};

const topic = { name: 'load', partitions: 12, librdkafkaRate: 350, kafkajsRate: 60 };

function chosenChapters(): readonly Chapter[] {
  const names = values.only?.split(',');
  const unknown = names?.find((name) => !chapters.some((chapter) => chapter.name === name));
  if (unknown !== undefined)
    throw new Error(
      `--only ${unknown}: there is no such chapter; there are ${chapters.map(({ name }) => name).join(', ')}`,
    );
  return chapters.filter(({ name }) => names === undefined || names.includes(name));
}

async function main(): Promise<number> {
  const chosen = chosenChapters();
  const cluster = new Cluster(options);
  let load: Load | undefined;
  const endAll = async () => {
    await load?.stop();
    if (!values.keep) await cluster.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      void endAll().finally(() => process.exit(130));
    });
  try {
    await cluster.start();
    const service = new Service(cluster, 'kafka');
    await prepare(cluster, service);
    load = await startLoad(service);
    const results = await tell(chosen, { cluster, service, load });
    process.stdout.write(`\n${tableOf(results)}\n`);
    const isGood = results.every(({ findings }) => findings.isGood);
    if (!isGood) process.stdout.write(`\nSee ${values.report} and ${options.dataFolder}\n`);
    await endAll();
    if (isGood && !values.keep && values.data === undefined) rmSync(options.dataFolder, { recursive: true });
    return isGood ? 0 : 1;
  } catch (error) {
    await endAll();
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

async function startLoad(service: Service): Promise<Load> {
  const bootstrap = await service.bootstrap();
  return Load.start({ ...topic, folder: join(options.dataFolder, 'load'), bootstrap, topic: topic.name });
}

async function tell(
  chosen: readonly Chapter[],
  world: Pick<Story, 'cluster' | 'service' | 'load'>,
): Promise<ChapterResult[]> {
  // Later runs on the same installation must ask for other values too.
  let number = Math.floor(Date.now() / 1000) % 1000;
  const fresh = () => number++;
  const results: ChapterResult[] = [];
  for (const chapter of chosen) {
    process.stdout.write(`\n${chapter.name}: ${chapter.title}\n`);
    const findings = new Findings();
    const throttledSeconds = Number(values.minutes) * 60;
    results.push(await tellOne(chapter, { ...world, findings, fresh, throttledSeconds }));
    writeReport(values.report, results);
    process.stdout.write(`${rowsOf(results.at(-1) as ChapterResult).join('\n')}\n`);
  }
  return results;
}

/** One chapter that breaks off must not hide what the others show. */
async function tellOne(chapter: Chapter, story: Story): Promise<ChapterResult> {
  const { service, load, findings } = story;
  const fromMs = Date.now();
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
  for (const [client, tally] of Object.entries(tallies)) {
    findings.check(
      `${client}: nothing that was acknowledged is lost`,
      tally.lost.length === 0,
      tally.lost.slice(0, 20),
    );
    findings.check(`${client}: every record was acknowledged within 30 s`, tally.failed + tally.unanswered === 0, {
      failed: tally.failed,
      unanswered: tally.unanswered,
    });
  }
  const rate = (tallies.librdkafka.offered / (toMs - fromMs)) * 1000;
  findings.check('at least 300 records per second were offered', rate >= 300, Math.round(rate));
  const starts = countStarts(await service.starts(fromMs));
  const machine = { load: loadavg()[0] ?? 0, processors: availableParallelism() };
  return { chapter, findings, machine, seconds: (toMs - fromMs) / 1000, load: tallies, starts };
}

process.exit(await main());
