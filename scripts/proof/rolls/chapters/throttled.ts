import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { until } from '../../rights/installation.ts';
import { brokers, brokersOnly, type Chapter, checkStarts, once, type Story } from '../story.ts';

const records = 20_000;
const recordBytes = 1_000;
const slowBytesPerSecond = 2_000;
const fastBytesPerSecond = 100_000_000;
/** One poll of a minute that ends, and the next one that begins. */
const eventsPerMinute = 3;

/** A replica that a throttle holds back is waited for, for as long as it takes, and cheaply. */
export const throttled: Chapter = {
  name: 'throttled',
  title: 'a roll waits for a throttled replica, names it, and costs at most three history events a minute',
  run: async (story) => {
    const { service, findings, throttledSeconds } = story;
    const topic = await makeSlowReplica(story);
    const startedAt = Date.now();
    const { planId } = await service.update(brokersOnly(story));
    try {
      await checkSentence(story, planId, `${topic}-0`);
      const fromMs = Date.now();
      await new Promise((done) => setTimeout(done, throttledSeconds * 1000));
      await checkHistories(story, planId, fromMs);
      await checkSentence(story, planId, `${topic}-0`);
      await checkStarts(story, startedAt, {});
      const failed = (await service.plan(planId)).errors;
      findings.check('the plan has no errors while it waits', failed.length === 0, failed);
    } finally {
      await letGo(story, topic);
    }
    await service.untilComplete(planId);
    await checkStarts(story, startedAt, once(brokers));
  },
};

/** A partition of brokers 0 and 1 that broker 2 copies too slowly to be in sync. */
async function makeSlowReplica(story: Story): Promise<string> {
  const { cluster, service, findings } = story;
  const topic = `slow-${story.fresh()}`;
  const bootstrap = await service.bootstrap();
  await cluster.kafkaTool(
    'kafka-topics.sh',
    ...['--bootstrap-server', bootstrap, '--create', '--topic', topic, '--replica-assignment', '0:1'],
  );
  await cluster.kafkaTool(
    'kafka-producer-perf-test.sh',
    ...['--topic', topic, '--num-records', String(records), '--record-size', String(recordBytes), '--throughput', '-1'],
    ...['--producer-props', `bootstrap.servers=${bootstrap}`, 'acks=all'],
  );
  const output = await reassign(story, topic, ['--execute', '--throttle', String(slowBytesPerSecond)]);
  findings.keep('reassignment', output);
  return topic;
}

async function letGo(story: Story, topic: string): Promise<void> {
  await reassign(story, topic, ['--execute', '--additional', '--throttle', String(fastBytesPerSecond)]);
  // --verify also takes the throttles away.
  await until('the reassignment is complete', 300, async () => {
    const output = await reassign(story, topic, ['--verify']);
    return /is complete/.test(output) ? true : undefined;
  });
}

async function reassign({ cluster, service }: Story, topic: string, args: readonly string[]): Promise<string> {
  const file = join(cluster.options.dataFolder, `${topic}.json`);
  const partitions = [{ topic, partition: 0, replicas: [0, 1, 2] }];
  writeFileSync(file, JSON.stringify({ version: 1, partitions }));
  const common = ['--bootstrap-server', await service.bootstrap(), '--reassignment-json-file', file];
  return cluster.kafkaTool('kafka-reassign-partitions.sh', ...common, ...args);
}

async function checkSentence({ service, findings }: Story, planId: string, partition: string): Promise<void> {
  const waiting = await service.untilPlan('a step says what it waits for', planId, (plan) =>
    plan.phases
      .flatMap(({ steps }) => steps)
      .map(({ waiting }) => waiting)
      .find((candidate) => candidate?.reason.type === 'roll safety'),
  );
  const namesBoth = waiting.sentence.includes(partition) && /\b2\b/.test(waiting.sentence.replace(partition, ''));
  findings.check(`the waiting reason names ${partition} and broker 2`, namesBoth, waiting.sentence);
}

/** Counts what the running executions of the plan wrote into their histories since a moment. */
async function checkHistories(
  { cluster, findings, throttledSeconds }: Story,
  planId: string,
  fromMs: number,
): Promise<void> {
  const most = eventsPerMinute * (throttledSeconds / 60 + 1);
  const histories = new Map<string, readonly HistoryEvent[]>();
  for (const machine of ['update', 'broker'])
    for (const [name, events] of await cluster.runningHistories(machine, planId)) histories.set(name, events);
  findings.check('executions of the plan are running', histories.size > 0, [...histories.keys()]);
  for (const [name, events] of histories) {
    const since = events.filter(({ timestamp }) => (timestamp?.getTime() ?? 0) >= fromMs);
    const perMinute = (since.length / throttledSeconds) * 60;
    findings.check(`at most ${most} history events of ${name}`, since.length <= most, {
      events: since.length,
      perMinute: Number(perMinute.toFixed(2)),
      types: [...new Set(since.map(({ type }) => type))],
    });
  }
}
