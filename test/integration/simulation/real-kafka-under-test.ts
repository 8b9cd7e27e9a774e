import { createKafkaAdmin } from '../../../lib/kafka/kafka-admin.ts';
import { KafkaError } from '../../../lib/kafka/kafka-errors.ts';
import type { KafkaUnderTest } from '../../simulation/suite/kafka/kafka-under-test.ts';
import { Kafka, logLevel } from '../../support/kafka-client.ts';
import { createRealKafka, type RealKafkaOptions, type RealNode } from '../../support/real-kafka.ts';

const topic = 'orders';
const timers = { sessionTimeoutMs: 6000, heartbeatMs: 500 };

/** Real brokers as the suite sees them. A producer that is refused does not try again: the suite counts refusals. */
export function createRealKafkaUnderTest(
  options: RealKafkaOptions & { readonly brokerIds: readonly number[] },
): KafkaUnderTest {
  const real = createRealKafka({
    ...options,
    properties: {
      'broker.session.timeout.ms': timers.sessionTimeoutMs,
      'broker.heartbeat.interval.ms': timers.heartbeatMs,
      ...options.properties,
    },
  });
  const admin = createKafkaAdmin({ clientId: 'test' });
  const addressOf = (id: number) => real.addressOf(id);
  const client = new Kafka({
    clientId: 'test',
    brokers: options.brokerIds.map((id) => `${addressOf(id).host}:${addressOf(id).port}`),
    logLevel: logLevel.NOTHING,
    retry: { retries: 3, initialRetryTime: 100 },
  });
  const nodes = new Map<number, RealNode>();
  const nodeOf = (id: number): RealNode => {
    const node = nodes.get(id);
    if (node === undefined) throw new Error(`node ${id} has no disk`);
    return node;
  };
  let partitions = 0;
  let acknowledged = 0;
  let isOver = false;
  const withClientAdmin = async <Value>(use: (admin: ReturnType<Kafka['admin']>) => Promise<Value>): Promise<Value> => {
    const clientAdmin = client.admin();
    await clientAdmin.connect();
    try {
      return await use(clientAdmin);
    } finally {
      await clientAdmin.disconnect();
    }
  };
  return {
    ...timers,
    ...{ admin, addressOf, clusterId: real.clusterId, now: Date.now },
    directoryOf: (id) => nodeOf(id).directoryId(),
    async createDisk(id, kind) {
      nodes.set(id, await real.createNode(id, kind));
    },
    start: (id) => nodeOf(id).start(),
    stop: (id) => nodeOf(id).stop(),
    kill: (id) => nodeOf(id).kill(),
    async createTopic(name, count) {
      partitions = count;
      await withClientAdmin((clientAdmin) =>
        clientAdmin.createTopics({
          waitForLeaders: false,
          topics: [{ topic: name, numPartitions: count, replicationFactor: -1 }],
        }),
      );
    },
    async produce() {
      const producer = client.producer({ retry: { retries: 3, initialRetryTime: 100 } });
      await producer.connect();
      // One partition for each send: kafkajs may forget a partition of several when a leader moves.
      const sends = Array.from({ length: partitions }, (_, partition) =>
        producer.send({ topic, acks: -1, messages: [{ partition, value: 'record' }] }),
      );
      const outcomes = await Promise.allSettled(sends);
      await producer.disconnect();
      const taken = outcomes.filter(({ status }) => status === 'fulfilled').length;
      acknowledged += taken;
      return { acknowledged: taken, refused: outcomes.length - taken };
    },
    async lost() {
      const offsets = await withClientAdmin((clientAdmin) => clientAdmin.fetchTopicOffsets(topic));
      const held = offsets.reduce((total, { high }) => total + Number(high), 0);
      return Math.max(0, acknowledged - held);
    },
    async until(look, satisfies) {
      while (!isOver) {
        const value = await look().catch((error: unknown) => {
          if (error instanceof KafkaError && error.retriable) return undefined;
          throw error;
        });
        if (value !== undefined && satisfies(value)) return value;
      }
      throw new Error('the tests ended while one still looked');
    },
    async end() {
      isOver = true;
      await real.end();
    },
  };
}
