import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endedAt, eventsWithin } from '../../../bench/histories.ts';
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
  title:
    'a roll waits for a throttled replica, names it, and costs three history events a minute, and three at the edges of the time',
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

/** Counts what all executions of the plan, ended or not, got into their histories since a moment. */
async function checkHistories(
  { histories, findings, throttledSeconds }: Story,
  planId: string,
  fromMs: number,
): Promise<void> {
  const toMs = Date.now();
  const ofPlan = [...(await histories.ofPlan('update', planId)), ...(await histories.ofPlan('broker', planId))];
  const isAnyOpen = endedAt(ofPlan) === undefined;
  findings.check(
    'executions of the plan are running',
    ofPlan.length > 0 && isAnyOpen,
    ofPlan.map(({ name }) => name),
  );
  const most = mostEvents(throttledSeconds);
  const since = eventsWithin(ofPlan, { fromMs, toMs });
  findings.check(`at most ${most} history events of all executions together`, since.length <= most, {
    events: since.length,
    perMinute: Number(((since.length / (toMs - fromMs)) * 60_000).toFixed(2)),
    types: [...new Set(since.map(({ type }) => type))],
  });
}

/** A window that begins in the middle of a poll holds a part of one more than its minutes. */
function mostEvents(seconds: number): number {
  return eventsPerMinute * (Math.ceil(seconds / 60) + 1);
}
