import { beforeAll, describe, expect, test } from '@jest/globals';
import { openConnection } from '../../../lib/kafka/protocol/connection.ts';
import { sightPartitions } from '../../../lib/kafka/sight-partitions.ts';
import type { KafkaPartition } from '../../../lib/ports/kafka-admin.ts';
import { type ClusterUnderTest, connectionOptions } from './cluster-under-test.ts';

/** 3.9-IV0, 4.1-IV1, 4.3-IV0. Source: MetadataVersion.java of Kafka. */
const metadataVersions: Readonly<Record<string, number>> = { '3.9.2': 21, '4.1.2': 27, '4.3.1': 30 };

/** What is known of brokers and partitions while all is well. */
export function describeTopics({
  version,
  admin,
  kafka,
  node,
  brokers,
  silentAddress,
  until,
  settledPartitions,
  createTopics,
}: ClusterUnderTest): void {
  describe('brokers and their topics', () => {
    beforeAll(createTopics, 30_000);

    test('are all listed, a silent address is named', async () => {
      const cluster = await until(
        () => admin.describeCluster([...brokers(), silentAddress]),
        ({ brokers }) => brokers.length === 3 && brokers.every(({ settled }) => settled),
      );
      expect(cluster).toEqual({
        clusterId: kafka.clusterId,
        brokers: [
          { id: 0, host: '127.50.0.10', port: 9092, rack: 'zone-0', fenced: false, settled: true },
          { id: 1, host: '127.50.0.11', port: 9092, rack: 'zone-1', fenced: false, settled: true },
          { id: 2, host: '127.50.0.12', port: 9092, rack: 'zone-2', fenced: false, settled: true },
        ],
        answered: expect.arrayContaining(brokers()),
        silent: [{ address: silentAddress, reason: expect.stringContaining('ECONNREFUSED') }],
      });
    });

    test('every partition is listed with its minimum of in-sync replicas', async () => {
      const common = { internal: false, offline: [], elr: [], settled: true };
      const inSync = (partitions: readonly KafkaPartition[]) =>
        partitions.length === 4 && partitions.every(({ isr, replicas }) => isr.length === replicas.length);
      const partitions = await settledPartitions(inSync);
      expect(partitions.map((partition) => ({ ...partition, isr: partition.isr.toSorted() }))).toEqual([
        { ...common, topic: 'orders', partition: 0, leader: 0, replicas: [0, 1, 2], isr: [0, 1, 2], minIsr: 2 },
        { ...common, topic: 'orders', partition: 1, leader: 1, replicas: [1, 2, 0], isr: [0, 1, 2], minIsr: 2 },
        { ...common, topic: 'orders', partition: 2, leader: 2, replicas: [2, 0, 1], isr: [0, 1, 2], minIsr: 2 },
        { ...common, topic: 'single', partition: 0, leader: 1, replicas: [1], isr: [1], minIsr: 1 },
      ]);
    });

    test('the partitions are those that Kafka’s own tool describes', async () => {
      const printed = await kafka.runTool('kafka-topics.sh', ['--bootstrap-server', '127.50.0.10:9092', '--describe']);
      for (const { topic, partition, leader, replicas } of await admin.listPartitions(brokers())) {
        expect(printed).toContain(
          `Topic: ${topic}\tPartition: ${partition}\tLeader: ${leader}\tReplicas: ${replicas.join(',')}\t`,
        );
      }
    }, 60_000);

    test('pages of one answer and of many hold the same partitions', async () => {
      const connection = await openConnection(node(0).address, connectionOptions);
      const paged = await sightPartitions(connection, 1);
      expect(paged).toHaveLength(4);
      expect(paged).toEqual(await sightPartitions(connection));
      connection.close();
    });

    test('nothing is being reassigned', async () => {
      expect(await admin.listReassignments(brokers())).toEqual([]);
    });

    test('a node that runs answers, one that does not is silent', async () => {
      const answer = await admin.apiAnswers(node(0).address);
      if (answer.type !== 'answers') throw new Error(answer.reason);
      expect(answer.finalizedFeatures).toContainEqual({ name: 'metadata.version', level: metadataVersions[version] });
      expect(answer.finalizedFeatures).toContainEqual({ name: 'kraft.version', level: 1 });
      expect(answer.supportedFeatures).toContainEqual({ name: 'metadata.version', level: metadataVersions[version] });
      expect(await admin.apiAnswers(silentAddress)).toMatchObject({ type: 'silent' });
    });
  });
}

/** Broker 2 is killed and comes back. */
export function describeKilledBroker({
  admin,
  controllers,
  node,
  brokers,
  until,
  settledPartitions,
}: ClusterUnderTest): void {
  describe('a broker that is killed', () => {
    test('loses its leaders when it is unregistered, once', async () => {
      await node(2).kill();
      expect(await admin.unregisterBroker(controllers, 2)).toEqual({ type: 'unregistered' });
      expect(await admin.unregisterBroker(controllers, 2)).toEqual({ type: 'not registered' });
      const cluster = await until(
        () => admin.describeCluster(brokers()),
        // A broker learns of it a moment after the controller that answered.
        ({ brokers }) => brokers.every(({ id, settled }) => settled && id !== 2),
      );
      expect(cluster.brokers.map(({ id }) => id)).toEqual([0, 1]);
      const partitions = await settledPartitions((listed) => listed.every(({ leader }) => leader !== 2));
      expect(partitions[2]).toMatchObject({
        topic: 'orders',
        partition: 2,
        leader: 0,
        replicas: [2, 0, 1],
        offline: [2],
      });
      expect(partitions[2]?.isr.toSorted()).toEqual([0, 1]);
      expect(await admin.electPreferredLeaders(brokers())).toMatchObject({
        changed: [],
        failed: [{ topic: 'orders', partition: 2, codeName: 'PREFERRED_LEADER_NOT_AVAILABLE' }],
      });
    });

    test('gets its leaders back by an election when it is in sync again', async () => {
      await node(2).start();
      await settledPartitions((listed) => listed.every(({ isr, replicas }) => isr.length === replicas.length));
      expect(await admin.electPreferredLeaders(brokers())).toEqual({
        changed: [{ topic: 'orders', partition: 2 }],
        failed: [],
      });
      expect(await admin.electPreferredLeaders(brokers())).toEqual({ changed: [], failed: [] });
      await settledPartitions((listed) => listed[2]?.leader === 2);
    }, 30_000);
  });
}
