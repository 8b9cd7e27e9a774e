import { afterEach, describe, expect, test } from '@jest/globals';
import { createKafkaAdmin } from '../../../lib/kafka/kafka-admin.ts';
import { createScriptedNode, type Script, type TestServer } from './scripted-node.ts';

const admin = createKafkaAdmin();
const servers: TestServer[] = [];
const directoryId = 'AAAAAAAAAAAAAAAAAAAAAQ';
const voter = { id: 1001, directoryId, listeners: [{ name: 'CONTROLLER', host: 'c1', port: 9093 }] };

async function node(script: Script, versions: Parameters<typeof createScriptedNode>[1] = {}) {
  const server = await createScriptedNode(script, versions);
  servers.push(server);
  return server.address;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const replica = (replicaId: number, replicaDirectoryId: string) => ({
  replicaId,
  replicaDirectoryId,
  logEndOffset: 10,
  lastFetchTimestamp: 1,
  lastCaughtUpTimestamp: 2,
});

const leads = (leaderId: number, voters: readonly ReturnType<typeof replica>[], leaderEpoch = 3): Script => ({
  DescribeQuorum: () => ({
    topics: [
      {
        topicName: '__cluster_metadata',
        partitions: [
          {
            partitionIndex: 0,
            errorCode: 0,
            errorMessage: null,
            leaderId,
            leaderEpoch,
            highWatermark: 10,
            currentVoters: voters,
            observers: [],
          },
        ],
      },
    ],
  }),
});

const follows: Script = { DescribeQuorum: () => ({ errorCode: 6 }) };
const firstVoter = replica(1000, 'AAAAAAAAAAAAAAAAAAAAAA');

describe('the quorum', () => {
  test('is the one of the leader with the higher epoch when two believe that they lead', async () => {
    const controllers = [
      await node(leads(1000, [firstVoter], 3)),
      await node(leads(1002, [firstVoter], 4)),
      await node(follows),
    ];
    expect(await admin.describeQuorum(controllers)).toMatchObject({ type: 'led', leaderId: 1002, leaderEpoch: 4 });
  });

  test('without a leader is told with every answer', async () => {
    const down = { host: '127.50.0.202', port: 21512 };
    const quorum = await admin.describeQuorum([await node(follows), down]);
    if (quorum.type !== 'no leader') throw new Error(JSON.stringify(quorum));
    expect(quorum.answers.map(({ answer }) => answer).sort()).toEqual([
      '127.50.0.202:21512 is not reached: connect ECONNREFUSED 127.50.0.202:21512',
      'NOT_LEADER_OR_FOLLOWER',
    ]);
  });

  test('is that of the next leader when an election is waited for, and ends within that time', async () => {
    let looks = 0;
    const elected: Script = {
      DescribeQuorum: (...call) => {
        looks += 1;
        return (looks > 2 ? leads(1001, [firstVoter]) : follows)['DescribeQuorum']?.(...call) ?? {};
      },
    };
    expect(await admin.describeQuorum([await node(elected)], { leaderWithinMs: 60_000 })).toMatchObject({
      type: 'led',
      leaderId: 1001,
    });
    expect(looks).toBe(3);
  });

  test('without an error and without a leader is no answer', async () => {
    const controllers = [await node({ DescribeQuorum: () => ({}) })];
    expect(await admin.describeQuorum(controllers)).toMatchObject({
      type: 'no leader',
      answers: [{ answer: expect.stringContaining('without the leader') }],
    });
  });
});

describe('a new voter', () => {
  const addAnswering = async (errorCode: number, errorMessage: string | null = null) => {
    const script = { ...leads(1000, [firstVoter]), AddRaftVoter: () => ({ errorCode, errorMessage }) };
    return admin.addVoter([await node(follows), await node(script)], voter);
  };

  test('is added by the leader alone', async () => {
    expect(await addAnswering(0)).toEqual({ type: 'added' });
  });

  test('that lags is not ready, with Kafka’s words', async () => {
    const message = 'Aborted add voter operation because the voter was lagging behind';
    expect(await addAnswering(7, message)).toEqual({ type: 'not ready', message });
  });

  test('of a quorum with static voters is an error that stays', async () => {
    await expect(addAnswering(35)).rejects.toMatchObject({
      name: 'KafkaResponseError',
      code: 'WARDEN_KAFKA_RESPONSE',
      errorCode: 35,
      codeName: 'UNSUPPORTED_VERSION',
      retriable: false,
      message: 'AddRaftVoter of node 1001 was answered with UNSUPPORTED_VERSION (35)',
    });
  });

  test('that votes already is not asked for', async () => {
    const script = leads(1000, [firstVoter, replica(1001, directoryId)]);
    expect(await admin.addVoter([await node(script)], voter)).toEqual({ type: 'already voter' });
  });

  test('that another caller added meanwhile is a voter', async () => {
    let voters = [firstVoter];
    const script: Script = {
      DescribeQuorum: (request, version) => leads(1000, voters).DescribeQuorum?.(request, version),
      AddRaftVoter: () => {
        voters = [firstVoter, replica(1001, directoryId)];
        return { errorCode: 126 };
      },
    };
    expect(await admin.addVoter([await node(script)], voter)).toEqual({ type: 'already voter' });
  });

  test('has no leader to ask while all follow', async () => {
    await expect(admin.addVoter([await node(follows), await node(follows)], voter)).rejects.toMatchObject({
      name: 'KafkaNoLeaderError',
      code: 'WARDEN_KAFKA_NO_LEADER',
      retriable: true,
    });
  });
});

describe('a voter that leaves', () => {
  const removeAnswering = async (errorCode: number, errorMessage: string | null = null) => {
    const voters = [firstVoter, replica(1001, directoryId)];
    const script = { ...leads(1000, voters), RemoveRaftVoter: () => ({ errorCode, errorMessage }) };
    return admin.removeVoter([await node(script)], voter);
  };

  test('is removed, gone already, not yet to be removed, or an error', async () => {
    expect(await removeAnswering(0)).toEqual({ type: 'removed' });
    expect(await removeAnswering(127)).toEqual({ type: 'no voter' });
    expect(await removeAnswering(7, 'wait')).toEqual({ type: 'not ready', message: 'wait' });
    await expect(removeAnswering(31)).rejects.toThrow('CLUSTER_AUTHORIZATION_FAILED (31)');
  });
});

describe('brokers of Kafka 3.9', () => {
  test('are asked for brokers without the fenced ones, which they cannot list', async () => {
    const script: Script = {
      DescribeCluster: () => ({
        clusterId: 'c',
        brokers: [{ brokerId: 0, host: 'b0', port: 9092, rack: null, isFenced: false }],
      }),
    };
    const cluster = await admin.describeCluster([await node(script, { DescribeCluster: [0, 1] })]);
    expect(cluster.brokers).toEqual([{ id: 0, host: 'b0', port: 9092, rack: null, fenced: false, settled: true }]);
  });
});

describe('partitions', () => {
  const configs: Script = {
    DescribeConfigs: ({ resources }) => ({
      results: resources.map(({ resourceType, resourceName }) => ({
        errorCode: resourceName === 'gone' ? 3 : 0,
        errorMessage: null,
        resourceType,
        resourceName,
        configs: [
          {
            name: 'min.insync.replicas',
            value: '2',
            readOnly: false,
            configSource: 5,
            isSensitive: false,
            synonyms: [],
            configType: 3,
            documentation: null,
          },
        ],
      })),
    }),
  };
  const partition = {
    errorCode: 5,
    partitionIndex: 0,
    leaderId: -1,
    leaderEpoch: 1,
    replicaNodes: [0, 1],
    isrNodes: [1],
    offlineReplicas: [0, 1],
  };
  const topic = (name: string, errorCode = 0) => ({
    errorCode,
    name,
    topicId: directoryId,
    isInternal: false,
    topicAuthorizedOperations: 0,
    partitions: [{ ...partition, eligibleLeaderReplicas: [], lastKnownElr: null }],
  });
  const seen = { internal: false, leader: null, replicas: [0, 1], isr: [1], offline: [0, 1], minIsr: 2, settled: true };

  test('without a leader are listed, topics that are deleted meanwhile are not', async () => {
    const script: Script = {
      ...configs,
      DescribeTopicPartitions: () => ({ topics: [topic('a'), topic('deleted', 3), topic('gone')], nextCursor: null }),
    };
    expect(await admin.listPartitions([await node(script)])).toEqual([{ ...seen, topic: 'a', partition: 0, elr: [] }]);
  });

  test('that do not move on from page to page are an error', async () => {
    const cursor = { topicName: 'a', partitionIndex: 1 };
    const script: Script = {
      ...configs,
      DescribeTopicPartitions: () => ({ topics: [topic('a')], nextCursor: cursor }),
    };
    await expect(admin.listPartitions([await node(script)])).rejects.toThrow('turns in a circle at topic a');
  });

  test('are read from Metadata where it is all there is', async () => {
    const script: Script = { ...configs, Metadata: () => ({ topics: [topic('a')] }) };
    expect(await admin.listPartitions([await node(script)])).toEqual([
      { ...seen, topic: 'a', partition: 0, elr: null },
    ]);
  });

  test('of a topic that may not be read are an error, not left out', async () => {
    const script: Script = {
      ...configs,
      DescribeTopicPartitions: () => ({ topics: [topic('secret', 29)], nextCursor: null }),
    };
    await expect(admin.listPartitions([await node(script)])).rejects.toThrow('TOPIC_AUTHORIZATION_FAILED (29)');
  });
});

describe('an election', () => {
  test('tells what changed and what could not', async () => {
    const result = (partitionId: number, errorCode: number, errorMessage: string | null = null) => ({
      partitionId,
      errorCode,
      errorMessage,
    });
    const partitionResult = [result(0, 0), result(1, 80, 'not in sync'), result(2, 84)];
    const script: Script = { ElectLeaders: () => ({ replicaElectionResults: [{ topic: 'a', partitionResult }] }) };
    expect(await admin.electPreferredLeaders([await node(script)])).toEqual({
      changed: [{ topic: 'a', partition: 0 }],
      failed: [{ topic: 'a', partition: 1, codeName: 'PREFERRED_LEADER_NOT_AVAILABLE', message: 'not in sync' }],
    });
  });

  test('without an active controller is an error that may pass', async () => {
    const script: Script = { ElectLeaders: () => ({ errorCode: 41 }) };
    await expect(admin.electPreferredLeaders([await node(script)])).rejects.toMatchObject({
      codeName: 'NOT_CONTROLLER',
      retriable: true,
    });
  });
});

describe('reassignments', () => {
  test('are told by partition', async () => {
    const partition = { partitionIndex: 4, replicas: [0, 1, 2], addingReplicas: [2], removingReplicas: [0] };
    const script: Script = { ListPartitionReassignments: () => ({ topics: [{ name: 'a', partitions: [partition] }] }) };
    expect(await admin.listReassignments([await node(script)])).toEqual([
      { topic: 'a', partition: 4, replicas: [0, 1, 2], adding: [2], removing: [0] },
    ]);
  });
});
