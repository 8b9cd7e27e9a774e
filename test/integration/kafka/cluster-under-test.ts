import { expect } from '@jest/globals';
import { createKafkaAdmin } from '../../../lib/kafka/kafka-admin.ts';
import { KafkaError } from '../../../lib/kafka/kafka-errors.ts';
import { openConnection } from '../../../lib/kafka/protocol/connection.ts';
import type { KafkaPartition } from '../../../lib/ports/kafka-admin.ts';
import type { RealNode } from '../../support/kafka-process.ts';
import { createRealService, type RealServiceOptions } from '../../support/real-service.ts';

export const connectionOptions = { clientId: 'test', connectTimeoutMs: 3_000, requestTimeoutMs: 20_000 };

const topicsOfTests = [
  {
    name: 'orders',
    brokerIds: [
      [0, 1, 2],
      [1, 2, 0],
      [2, 0, 1],
    ],
    minIsr: '2',
  },
  { name: 'single', brokerIds: [[1]], minIsr: '1' },
];

export type ClusterUnderTest = ReturnType<typeof createCluster>;

/** A service of three brokers and three controllers, of which the first one is started by `begin`. */
export function createCluster(options: RealServiceOptions) {
  const kafka = createRealService(options);
  const admin = createKafkaAdmin({ clientId: 'test' });
  const controllers = kafka.controllerAddresses;
  const nodes = new Map([1000, 1001, 1002, 0, 1, 2].map((id) => [id, kafka.createNode(id)]));
  let isOver = false;

  const node = (id: number): RealNode => {
    const found = nodes.get(id);
    if (found === undefined) throw new Error(`node ${id} was not made`);
    return found;
  };
  const brokers = () => [node(0), node(1), node(2)].map(({ address }) => address);
  /** Looks until the look satisfies; jest's own timeout is the limit. */
  const until = async <Value>(look: () => Promise<Value>, satisfies: (value: Value) => boolean): Promise<Value> => {
    while (!isOver) {
      const value = await look();
      if (satisfies(value)) return value;
    }
    throw new Error('the tests ended while one still looked');
  };
  /** Repeats what fails with an error that may pass. */
  const untilAnswered = async <Value>(ask: () => Promise<Value>): Promise<Value> => {
    while (!isOver) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof KafkaError && error.retriable)) throw error;
      }
    }
    throw new Error('the tests ended while one still asked');
  };
  const settledPartitions = (satisfies: (partitions: readonly KafkaPartition[]) => boolean) =>
    until(
      () => admin.listPartitions(brokers()),
      (partitions) => partitions.every(({ settled }) => settled) && satisfies(partitions),
    );
  const voterOf = ({ id, address, directoryId }: RealNode) => ({
    id,
    directoryId: directoryId(),
    listeners: [{ name: 'CONTROLLER', ...address }],
  });
  return {
    ...{ version: options.version, kafka, admin, controllers, node, brokers },
    ...{ until, untilAnswered, settledPartitions, voterOf },
    silentAddress: { host: `${options.network}.250`, port: 9092 },
    begin: () => node(1000).start(),
    /** Ends the nodes and whatever still looks at them, for a test that timed out goes on looking. */
    finish: async (): Promise<void> => {
      isOver = true;
      await kafka.end();
    },
    join: async (id: number): Promise<void> => {
      await until(
        () => admin.addVoter(controllers, voterOf(node(id))),
        ({ type }) => type !== 'not ready',
      );
    },
    /** `orders` has three replicas of three partitions, `single` one of one. */
    createTopics: async (): Promise<void> => {
      const connection = await openConnection(node(0).address, connectionOptions);
      const topics = topicsOfTests.map(({ name, brokerIds, minIsr }) => ({
        ...{ name, numPartitions: -1, replicationFactor: -1 },
        assignments: brokerIds.map((ids, partitionIndex) => ({ partitionIndex, brokerIds: ids })),
        configs: [{ name: 'min.insync.replicas', value: minIsr }],
      }));
      const answer = await connection.call('CreateTopics', { topics, timeoutMs: 10_000 });
      connection.close();
      expect(answer.topics.map(({ name, errorCode }) => ({ name, errorCode }))).toEqual([
        { name: 'orders', errorCode: 0 },
        { name: 'single', errorCode: 0 },
      ]);
    },
  };
}
