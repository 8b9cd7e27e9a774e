import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { until } from '../../rights/installation.ts';
import { brokers, brokersOnly, type Chapter, checkStarts, once, type Story } from '../story.ts';

const records = 20_000;
const recordBytes = 1_000;
const slowBytesPerSecond = 2_000;
const rateProperty = 'leader.replication.throttled.rate';
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

/**
 * A partition that broker 2 has fallen behind of and may copy only slowly. Kafka throttles no replica that is in sync:
 * broker 2 is held still until it is out of the ISR, as by a long pause of its JVM, and misses what is written meanwhile.
 * The throttle stands on the leader's side, since Warden takes back what others set on a broker that it works on.
 */
async function makeSlowReplica(story: Story): Promise<string> {
  const { cluster, service } = story;
  const topic = `slow-${story.fresh()}`;
  const bootstrap = await service.bootstrap();
  await cluster.kafkaTool(
    'kafka-topics.sh',
    ...['--bootstrap-server', bootstrap, '--create', '--topic', topic, '--replica-assignment', '0:1:2'],
    ...['--config', 'leader.replication.throttled.replicas=*'],
  );
  for (const leader of ['0', '1'])
    await throttle(story, leader, ['--add-config', `${rateProperty}=${slowBytesPerSecond}`]);
  const broker = (await service.starts(0)).findLast(
    ({ nodeId, stoppingAt }) => nodeId === 2 && stoppingAt === undefined,
  );
  const held = broker && cluster.processOf(broker.taskArn);
  if (held === undefined) throw new Error('broker 2 has no process');
  process.kill(held.pid, 'SIGSTOP');
  try {
    await until('broker 2 is out of the ISR', 120, async () =>
      (await inSync(story, topic)).includes(2) ? undefined : true,
    );
    await cluster.kafkaTool(
      'kafka-producer-perf-test.sh',
      ...['--topic', topic, '--num-records', String(records), '--record-size', String(recordBytes)],
      ...['--throughput', '-1', '--producer-props', `bootstrap.servers=${bootstrap}`, 'acks=all'],
    );
  } finally {
    process.kill(held.pid, 'SIGCONT');
  }
  await service.untilSettled(3);
  return topic;
}

async function letGo(story: Story, topic: string): Promise<void> {
  for (const leader of ['0', '1']) await throttle(story, leader, ['--delete-config', rateProperty]);
  await until('broker 2 is in sync again', 300, async () =>
    (await inSync(story, topic)).includes(2) ? true : undefined,
  );
}

async function throttle({ cluster, service }: Story, broker: string, change: readonly string[]): Promise<void> {
  await cluster.kafkaTool(
    'kafka-configs.sh',
    ...['--bootstrap-server', await service.bootstrap(), '--alter', '--entity-type', 'brokers'],
    ...['--entity-name', broker, ...change],
  );
}

/** The ISR of the topic's one partition, by Kafka's own tool. */
async function inSync({ cluster, service }: Story, topic: string): Promise<readonly number[]> {
  const text = await cluster.kafkaTool(
    'kafka-topics.sh',
    ...['--bootstrap-server', await service.bootstrap(), '--describe', '--topic', topic],
  );
  const isr = /Isr: ([\d,]+)/.exec(text)?.[1];
  if (isr === undefined) throw new Error(`kafka-topics.sh shows no ISR of ${topic}: ${text}`);
  return isr.split(',').map(Number);
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
