import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openConnection } from '../../../lib/kafka/protocol/connection.ts';
import { sightPartitions } from '../../../lib/kafka/sight-partitions.ts';
import type { KafkaPartition } from '../../../lib/ports/kafka-admin.ts';
import {
  admin,
  begin,
  brokers,
  connectionOptions,
  controllers,
  createTopics,
  finish,
  join,
  kafka,
  node,
  settledPartitions,
  silentAddress,
  until,
  untilAnswered,
  voterOf,
} from './cluster-under-test.ts';

beforeAll(begin, 60_000);

afterAll(finish);

describe('a quorum that grows', () => {
  test('is led by its only voter at first', async () => {
    expect(await admin.describeQuorum(controllers)).toMatchObject({
      type: 'led',
      leaderId: 1000,
      voters: [{ id: 1000, directoryId: node(1000).directoryId() }],
      nodes: [{ id: 1000, listeners: [{ name: 'CONTROLLER', host: '127.50.0.100', port: 21500 }] }],
    });
  });

  test('takes observers as voters, once', async () => {
    await Promise.all([1001, 1002, 0, 1, 2].map((id) => node(id).start()));
    await join(1001);
    await join(1002);
    expect(await admin.addVoter(controllers, voterOf(node(1002)))).toEqual({ type: 'already voter' });
    const quorum = await admin.describeQuorum(controllers);
    if (quorum.type !== 'led') throw new Error(JSON.stringify(quorum));
    expect(quorum.voters.map(({ id }) => id)).toEqual([1000, 1001, 1002]);
    expect(quorum.observers.map(({ id, directoryId }) => ({ id, directoryId }))).toEqual(
      [0, 1, 2].map((id) => ({ id, directoryId: node(id).directoryId() })),
    );
  }, 60_000);

  test('is the quorum that Kafka’s own tool describes', async () => {
    const quorum = await admin.describeQuorum(controllers);
    if (quorum.type !== 'led') throw new Error(JSON.stringify(quorum));
    const args = ['--bootstrap-controller', '127.50.0.100:21500', 'describe', '--status'];
    const printed = await kafka.runTool('org.apache.kafka.tools.MetadataQuorumCommand', args);
    expect(printed).toContain(`LeaderId:               ${quorum.leaderId}\n`);
    expect(printed).toContain(`LeaderEpoch:            ${quorum.leaderEpoch}\n`);
    for (const { id, directoryId } of quorum.voters)
      expect(printed).toContain(`"id": ${id}, "directoryId": "${directoryId}"`);
  });

  test('tells a replaced disk from the voter that it was', async () => {
    const stranger = { ...voterOf(node(1002)), directoryId: 'AAAAAAAAAAAAAAAAAAAAAQ' };
    expect(await admin.addVoter(controllers, stranger)).toEqual({
      type: 'other directory',
      directoryId: node(1002).directoryId(),
    });
    expect(await admin.removeVoter(controllers, stranger)).toEqual({ type: 'no voter' });
  });

  test('lets a voter go, once, and takes it back', async () => {
    expect(await admin.removeVoter(controllers, voterOf(node(1002)))).toEqual({ type: 'removed' });
    expect(await admin.removeVoter(controllers, voterOf(node(1002)))).toEqual({ type: 'no voter' });
    await join(1002);
    expect(await admin.describeControllers(controllers)).toEqual({
      clusterId: kafka.clusterId,
      leaderId: 1000,
      controllers: [
        { id: 1000, host: '127.50.0.100', port: 21500 },
        { id: 1001, host: '127.50.0.101', port: 21500 },
        { id: 1002, host: '127.50.0.102', port: 21500 },
      ],
    });
  });
});

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
        { id: 0, host: '127.50.0.10', port: 21500, rack: 'rack-0', fenced: false, settled: true },
        { id: 1, host: '127.50.0.11', port: 21500, rack: 'rack-1', fenced: false, settled: true },
        { id: 2, host: '127.50.0.12', port: 21500, rack: 'rack-2', fenced: false, settled: true },
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
    const printed = await kafka.runTool('org.apache.kafka.tools.TopicCommand', [
      '--bootstrap-server',
      '127.50.0.10:21500',
      '--describe',
    ]);
    for (const { topic, partition, leader, replicas } of await admin.listPartitions(brokers())) {
      expect(printed).toContain(
        `Topic: ${topic}\tPartition: ${partition}\tLeader: ${leader}\tReplicas: ${replicas.join(',')}\t`,
      );
    }
  });

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
    expect(answer.finalizedFeatures).toContainEqual({ name: 'metadata.version', level: 30 });
    expect(answer.finalizedFeatures).toContainEqual({ name: 'kraft.version', level: 1 });
    expect(answer.supportedFeatures).toContainEqual({ name: 'metadata.version', level: 30 });
    expect(await admin.apiAnswers(silentAddress)).toMatchObject({ type: 'silent' });
  });
});

describe('dynamic configs', () => {
  const threads = 'background.threads';
  const read = async (id: number) => {
    const query = { resource: { type: 'broker', id }, names: [threads] } as const;
    return (await admin.describeConfigs(brokers(), query))[0];
  };

  test('of one broker are set and deleted through any broker', async () => {
    const resource = { type: 'broker', id: 2 } as const;
    const set = { resource, changes: [{ type: 'set', name: threads, value: '12' }] } as const;
    expect(await admin.incrementalAlterConfigs(brokers(), set)).toEqual({ type: 'altered' });
    const entry = { name: threads, value: '12', source: 'dynamic broker', readOnly: false, sensitive: false };
    expect(
      await until(
        () => read(2),
        (config) => config?.value === '12',
      ),
    ).toEqual(entry);
    expect(await read(1)).toEqual({ ...entry, value: '10', source: 'default' });
    const unset = { resource, changes: [{ type: 'delete', name: threads }] } as const;
    expect(await admin.incrementalAlterConfigs(brokers(), unset)).toEqual({ type: 'altered' });
    expect(
      await until(
        () => read(2),
        (config) => config?.value === '10',
      ),
    ).toMatchObject({ source: 'default' });
  });

  test('of the cluster reach every broker', async () => {
    const alteration = {
      resource: { type: 'cluster default' },
      changes: [{ type: 'set', name: threads, value: '11' }],
    } as const;
    expect(await admin.incrementalAlterConfigs(brokers(), alteration)).toEqual({ type: 'altered' });
    expect(
      await until(
        () => read(0),
        (config) => config?.value === '11',
      ),
    ).toMatchObject({
      source: 'dynamic cluster default',
    });
  });

  test('of a topic are refused with Kafka’s reason, and nothing is changed by a check', async () => {
    const alteration = (value: string) =>
      ({
        resource: { type: 'topic', name: 'orders' },
        changes: [{ type: 'set', name: 'retention.ms', value }],
        validateOnly: true,
      }) as const;
    expect(await admin.incrementalAlterConfigs(brokers(), alteration('soon'))).toEqual({
      type: 'refused',
      codeName: 'INVALID_CONFIG',
      message: expect.stringContaining('retention.ms'),
    });
    expect(await admin.incrementalAlterConfigs(brokers(), alteration('1000'))).toEqual({ type: 'altered' });
    const query = { resource: { type: 'topic', name: 'orders' }, names: ['retention.ms'] } as const;
    expect(await admin.describeConfigs(brokers(), query)).toMatchObject([{ value: '604800000', source: 'default' }]);
  });

  test('of what does not exist are errors that may pass', async () => {
    const topic = { resource: { type: 'topic', name: 'nothing' } } as const;
    await expect(admin.describeConfigs(brokers(), topic)).rejects.toMatchObject({
      name: 'KafkaResponseError',
      codeName: 'UNKNOWN_TOPIC_OR_PARTITION',
      retriable: true,
    });
    const broker = { resource: { type: 'broker', id: 9 } } as const;
    await expect(admin.describeConfigs(brokers(), broker)).rejects.toMatchObject({
      name: 'KafkaUnreachableError',
      message: 'broker 9 is not registered (registered: 0, 1, 2): start it first',
    });
  });
});

describe('a broker that is killed', () => {
  test('loses its leaders when it is unregistered, once', async () => {
    await node(2).kill();
    expect(await admin.unregisterBroker(controllers, 2)).toEqual({ type: 'unregistered' });
    expect(await admin.unregisterBroker(controllers, 2)).toEqual({ type: 'not registered' });
    const cluster = await until(
      () => admin.describeCluster(brokers()),
      ({ brokers }) => brokers.every(({ settled }) => settled),
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

describe('a quorum that shrinks', () => {
  test('has another leader after its leader was killed', async () => {
    await node(1000).kill();
    const quorum = await until(
      () => admin.describeQuorum(controllers),
      ({ type }) => type === 'led',
    );
    expect(quorum.type === 'led' && quorum.leaderId).not.toBe(1000);
    // A leader of the quorum needs a moment to become the active controller.
    expect(await untilAnswered(() => admin.unregisterBroker(controllers, 9))).toEqual({ type: 'not registered' });
  }, 30_000);

  test('has no leader without a majority, and says who answered what', async () => {
    await node(1001).kill();
    const quorum = await until(
      () => admin.describeQuorum(controllers),
      ({ type }) => type === 'no leader',
    );
    if (quorum.type !== 'no leader') throw new Error(JSON.stringify(quorum));
    const answers = new Map(quorum.answers.map(({ address, answer }) => [address.host, answer]));
    expect(answers.get('127.50.0.100')).toContain('ECONNREFUSED');
    expect(answers.get('127.50.0.101')).toContain('ECONNREFUSED');
    expect(answers.get('127.50.0.102')).toBe('NOT_LEADER_OR_FOLLOWER');
    await expect(admin.unregisterBroker(controllers, 2)).rejects.toMatchObject({
      name: 'KafkaNoLeaderError',
      retriable: true,
    });
  }, 30_000);
});
