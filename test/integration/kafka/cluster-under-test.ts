import { expect } from '@jest/globals';
import { createKafkaAdmin } from '../../../lib/kafka/kafka-admin.ts';
import { KafkaError } from '../../../lib/kafka/kafka-errors.ts';
import { openConnection } from '../../../lib/kafka/protocol/connection.ts';
import type { KafkaPartition } from '../../../lib/ports/kafka-admin.ts';
import { createRealKafka, type RealNode } from '../../support/real-kafka.ts';

export const kafka = createRealKafka({ network: '127.50.0', port: 21500, controllerCount: 3 });
export const admin = createKafkaAdmin({ clientId: 'test' });
export const controllers = kafka.controllerAddresses;
export const connectionOptions = { clientId: 'test', connectTimeoutMs: 3_000, requestTimeoutMs: 20_000 };
const nodes = new Map<number, RealNode>();
export const brokers = () => [node(0), node(1), node(2)].map(({ address }) => address);
export const silentAddress = { host: '127.50.0.250', port: 21500 };

export function node(id: number): RealNode {
  const found = nodes.get(id);
  if (found === undefined) throw new Error(`node ${id} was not made`);
  return found;
}

let isOver = false;

/** Ends the nodes and whatever still looks at them, for a test that timed out goes on looking. */
export async function finish(): Promise<void> {
  isOver = true;
  await kafka.end();
}

/** Looks until the look satisfies; jest's own timeout is the limit. */
export async function until<Value>(look: () => Promise<Value>, satisfies: (value: Value) => boolean): Promise<Value> {
  while (!isOver) {
    const value = await look();
    if (satisfies(value)) return value;
  }
  throw new Error('the tests ended while one still looked');
}

/** Repeats what fails with an error that may pass. */
export async function untilAnswered<Value>(ask: () => Promise<Value>): Promise<Value> {
  while (!isOver) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof KafkaError && error.retriable)) throw error;
    }
  }
  throw new Error('the tests ended while one still asked');
}

export const settledPartitions = (satisfies: (partitions: readonly KafkaPartition[]) => boolean) =>
  until(
    () => admin.listPartitions(brokers()),
    (partitions) => partitions.every(({ settled }) => settled) && satisfies(partitions),
  );

export const voterOf = ({ id, address, directoryId }: RealNode) => ({
  id,
  directoryId: directoryId(),
  listeners: [{ name: 'CONTROLLER', ...address }],
});

export async function join(id: number): Promise<void> {
  await until(
    () => admin.addVoter(controllers, voterOf(node(id))),
    ({ type }) => type !== 'not ready',
  );
}

/** Formats all nodes and starts the first controller. */
export async function begin(): Promise<void> {
  const ids = [1000, 1001, 1002, 0, 1, 2];
  const made = await Promise.all(ids.map((id) => kafka.createNode(id, id === 1000 ? 'standalone' : 'joining')));
  for (const each of made) nodes.set(each.id, each);
  await node(1000).start();
}

/** `orders` has three replicas of three partitions, `single` one of one. */
export async function createTopics(): Promise<void> {
  const connection = await openConnection(node(0).address, connectionOptions);
  const topic = (name: string, brokerIds: readonly (readonly number[])[], minIsr?: string) => ({
    name,
    numPartitions: -1,
    replicationFactor: -1,
    assignments: brokerIds.map((ids, partitionIndex) => ({ partitionIndex, brokerIds: ids })),
    configs: minIsr === undefined ? [] : [{ name: 'min.insync.replicas', value: minIsr }],
  });
  const assignments = [
    [0, 1, 2],
    [1, 2, 0],
    [2, 0, 1],
  ];
  const topics = [topic('orders', assignments, '2'), topic('single', [[1]])];
  const answer = await connection.call('CreateTopics', { topics, timeoutMs: 10_000 });
  connection.close();
  expect(answer.topics.map(({ name, errorCode }) => ({ name, errorCode }))).toEqual([
    { name: 'orders', errorCode: 0 },
    { name: 'single', errorCode: 0 },
  ]);
}
