import { afterAll, describe, expect, test } from '@jest/globals';
import {
  addressesOf,
  brokerIds,
  controllerIds,
  isFullyInSync,
  joinVoters,
  type KafkaUnderTest,
  ledQuorum,
  settledBrokers,
  settledPartitions,
  voterOf,
} from './kafka-under-test.ts';

const limitMs = 60_000;

/** Three controllers and three brokers, from the formation of the quorum to its destruction; each case goes on where the last one ended. */
export function clusterSuite(kafka: KafkaUnderTest): void {
  afterAll(() => kafka.end());
  describe('a quorum that is formed', () => quorumGrows(kafka));
  describe('brokers of it', () => {
    brokersRegister(kafka);
    brokersStop(kafka);
    brokersComeBack(kafka);
    writesNeedReplicas(kafka);
  });
  describe('a quorum that loses members', () => quorumSuffers(kafka));
}

function quorumGrows(kafka: KafkaUnderTest): void {
  test('is led by its founder, the only voter', async () => {
    await kafka.createDisk(1000, 'standalone');
    await kafka.start(1000);
    const quorum = await ledQuorum(kafka);
    expect(quorum.leaderId).toBe(1000);
    expect(quorum.voters.map(({ id, directoryId }) => [id, directoryId])).toEqual([[1000, kafka.directoryOf(1000)]]);
    expect(quorum.nodes).toEqual([{ id: 1000, listeners: [{ name: 'CONTROLLER', ...kafka.addressOf(1000) }] }]);
  }, 60_000);

  test('takes the others first as observers and then as voters, once', async () => {
    for (const id of [1001, 1002]) {
      await kafka.createDisk(id, 'joining');
      await kafka.start(id);
    }
    const observed = await kafka.until(
      () => ledQuorum(kafka),
      ({ observers }) => observers.length === 2,
    );
    expect(observed.observers.map(({ id, directoryId }) => [id, directoryId])).toEqual([
      [1001, kafka.directoryOf(1001)],
      [1002, kafka.directoryOf(1002)],
    ]);
    expect(await joinVoters(kafka, 1001)).toBe('added');
    expect(await joinVoters(kafka, 1002)).toBe('added');
    expect(await joinVoters(kafka, 1002)).toBe('already voter');
    const quorum = await ledQuorum(kafka);
    expect(quorum.voters.map(({ id }) => id)).toEqual([1000, 1001, 1002]);
    expect(quorum.observers).toEqual([]);
  }, 60_000);
}

function brokersRegister(kafka: KafkaUnderTest): void {
  test('are registered and unfenced, and hold the topic in sync', async () => {
    for (const id of brokerIds) await kafka.createDisk(id, 'joining');
    await Promise.all(brokerIds.map((id) => kafka.start(id)));
    await settledBrokers(kafka, (fenced) => fenced.size === 3 && [...fenced.values()].every((isFenced) => !isFenced));
    await kafka.createTopic('orders', 3);
    const partitions = await settledPartitions(kafka, (listed) => listed.length === 3 && isFullyInSync(listed));
    const common = { topic: 'orders', internal: false, offline: [], elr: [], minIsr: 2, settled: true };
    const bare = partitions.map(({ leader: _leader, replicas: _replicas, isr: _isr, ...rest }) => rest);
    expect(bare).toEqual([0, 1, 2].map((partition) => ({ ...common, partition })));
    for (const { replicas, leader } of partitions) {
      expect(replicas.toSorted()).toEqual([0, 1, 2]);
      expect(leader).toBe(replicas[0]);
    }
    // Each broker is preferred once.
    expect(partitions.map(({ leader }) => leader).toSorted()).toEqual([0, 1, 2]);
    expect(await kafka.admin.listReassignments(addressesOf(kafka, brokerIds))).toEqual([]);
  }, 60_000);

  test(
    'acknowledge a record of each partition',
    async () => {
      expect(await kafka.produce()).toEqual({ acknowledged: 3, refused: 0 });
    },
    limitMs,
  );

  test(
    'observe the quorum',
    async () => {
      expect((await ledQuorum(kafka)).observers.map(({ id }) => id)).toEqual([0, 1, 2]);
    },
    limitMs,
  );
}

function brokersStop(kafka: KafkaUnderTest): void {
  test(
    'hand over what they lead before they end cleanly, and stay registered, fenced',
    async () => {
      await kafka.stop(2);
      const partitions = await settledPartitions(kafka, (listed) => listed.every(({ isr }) => !isr.includes(2)));
      expect(partitions.map(({ leader, isr, offline, elr }) => [leader === 2, isr.toSorted(), offline, elr])).toEqual([
        [false, [0, 1], [2], []],
        [false, [0, 1], [2], []],
        [false, [0, 1], [2], []],
      ]);
      const fenced = await settledBrokers(kafka, (listed) => listed.get(2) === true);
      expect([...fenced]).toEqual([
        [0, false],
        [1, false],
        [2, true],
      ]);
      expect(await kafka.produce()).toEqual({ acknowledged: 3, refused: 0 });
    },
    limitMs,
  );

  test(
    'are refused as a duplicate until the session of their last life ends',
    async () => {
      const stoppedAt = kafka.now();
      await kafka.start(2);
      // The last heartbeat of the old life may be older than its end, never younger.
      expect(kafka.now() - stoppedAt).toBeGreaterThan(kafka.sessionTimeoutMs - 4 * kafka.heartbeatMs);
      await settledPartitions(kafka, isFullyInSync);
    },
    limitMs,
  );

  test(
    'get no leadership back by themselves, but by an election',
    async () => {
      const brokers = addressesOf(kafka, brokerIds);
      const before = await settledPartitions(kafka, isFullyInSync);
      const strayed = before.filter(({ leader, replicas }) => leader !== replicas[0]);
      expect(strayed.map(({ replicas }) => replicas[0])).toEqual([2]);
      const { changed, failed } = await kafka.admin.electPreferredLeaders(brokers);
      expect(changed).toEqual(strayed.map(({ topic, partition }) => ({ topic, partition })));
      expect(failed).toEqual([]);
      expect(await kafka.admin.electPreferredLeaders(brokers)).toEqual({ changed: [], failed: [] });
      await settledPartitions(kafka, (listed) => listed.every(({ leader, replicas }) => leader === replicas[0]));
    },
    limitMs,
  );
}

function brokersComeBack(kafka: KafkaUnderTest): void {
  test(
    'lose their leadership only at the end of their session when they are killed',
    async () => {
      await kafka.kill(1);
      const killedAt = kafka.now();
      await settledBrokers(kafka, (fenced) => fenced.get(1) === true);
      expect(kafka.now() - killedAt).toBeGreaterThan(kafka.sessionTimeoutMs - 4 * kafka.heartbeatMs);
      const partitions = await settledPartitions(kafka, (listed) => listed.every(({ leader }) => leader !== 1));
      expect(partitions.map(({ isr, offline }) => [isr.toSorted(), offline])).toEqual([
        [[0, 2], [1]],
        [[0, 2], [1]],
        [[0, 2], [1]],
      ]);
      await kafka.start(1);
      await settledPartitions(kafka, isFullyInSync);
    },
    limitMs,
  );

  test(
    'lose it at once when they are unregistered',
    async () => {
      const controllers = addressesOf(kafka, controllerIds);
      await kafka.kill(0);
      expect(await kafka.admin.unregisterBroker(controllers, 0)).toEqual({ type: 'unregistered' });
      expect(await kafka.admin.unregisterBroker(controllers, 0)).toEqual({ type: 'not registered' });
      const fenced = await settledBrokers(kafka, (listed) => !listed.has(0));
      expect([...fenced.keys()]).toEqual([1, 2]);
      await settledPartitions(kafka, (listed) =>
        listed.every(({ leader, isr }) => leader !== null && leader !== 0 && !isr.includes(0)),
      );
      const { failed } = await kafka.admin.electPreferredLeaders(addressesOf(kafka, brokerIds));
      expect(failed.map(({ codeName }) => codeName)).toEqual(['PREFERRED_LEADER_NOT_AVAILABLE']);
    },
    limitMs,
  );

  test(
    'come back into the ISR with the records that they missed',
    async () => {
      expect(await kafka.produce()).toEqual({ acknowledged: 3, refused: 0 });
      await kafka.start(0);
      await settledPartitions(kafka, isFullyInSync);
      await kafka.admin.electPreferredLeaders(addressesOf(kafka, brokerIds));
      await settledPartitions(kafka, (listed) => listed.every(({ leader, replicas }) => leader === replicas[0]));
      expect(await kafka.lost()).toBe(0);
    },
    limitMs,
  );
}

function writesNeedReplicas(kafka: KafkaUnderTest): void {
  test(
    'refuse writes while fewer than min.insync.replicas are in sync',
    async () => {
      await kafka.stop(1);
      await kafka.stop(2);
      const partitions = await settledPartitions(kafka, (listed) => listed.every(({ isr }) => isr.length === 1));
      // Broker 1 left while two others were enough; broker 2 has all that was acknowledged and may lead again.
      expect(partitions.map(({ leader, isr, elr }) => [leader, isr, elr])).toEqual([
        [0, [0], [2]],
        [0, [0], [2]],
        [0, [0], [2]],
      ]);
      expect(await kafka.produce()).toEqual({ acknowledged: 0, refused: 3 });
    },
    limitMs,
  );

  test(
    'let none lead that misses records, and one that has all',
    async () => {
      await kafka.stop(0);
      await kafka.start(2);
      const partitions = await settledPartitions(kafka, (listed) => listed.every(({ leader }) => leader === 2));
      expect(partitions.map(({ isr }) => isr)).toEqual([[2], [2], [2]]);
      await kafka.start(1);
      await settledPartitions(kafka, (listed) => listed.every(({ isr }) => isr.length === 2));
      expect(await kafka.produce()).toEqual({ acknowledged: 3, refused: 0 });
      expect(await kafka.lost()).toBe(0);
    },
    limitMs,
  );
}

function quorumSuffers(kafka: KafkaUnderTest): void {
  const controllers = addressesOf(kafka, controllerIds);

  test(
    'tells a replaced disk from the voter that it was',
    async () => {
      const oldDirectory = kafka.directoryOf(1002);
      await kafka.kill(1002);
      await kafka.createDisk(1002, 'joining');
      await kafka.start(1002);
      await kafka.until(
        () => ledQuorum(kafka),
        ({ observers }) => observers.some(({ directoryId }) => directoryId === kafka.directoryOf(1002)),
      );
      const taken = await kafka.admin.addVoter(controllers, voterOf(kafka, 1002));
      expect(taken).toEqual({ type: 'other directory', directoryId: oldDirectory });
      const old = { id: 1002, directoryId: oldDirectory };
      const removed = await kafka.until(
        () => kafka.admin.removeVoter(controllers, old),
        ({ type }) => type !== 'not ready',
      );
      expect(removed).toEqual({ type: 'removed' });
      expect(await kafka.admin.removeVoter(controllers, old)).toEqual({ type: 'no voter' });
      expect(await joinVoters(kafka, 1002)).toBe('added');
    },
    limitMs,
  );

  test(
    'has another leader after its leader was killed',
    async () => {
      const { leaderId, leaderEpoch } = await ledQuorum(kafka);
      await kafka.kill(leaderId);
      const next = await ledQuorum(kafka);
      expect(next.leaderId).not.toBe(leaderId);
      expect(next.leaderEpoch).toBeGreaterThan(leaderEpoch);
      expect(next.voters.map(({ id }) => id)).toEqual([1000, 1001, 1002]);
      await kafka.start(leaderId);
      await kafka.until(
        () => ledQuorum(kafka),
        ({ voters }) => voters.every(({ lastCaughtUpTimestamp }) => lastCaughtUpTimestamp > 0),
      );
    },
    limitMs,
  );

  test(
    'has none without a majority, and does nothing then',
    async () => {
      const { leaderId } = await ledQuorum(kafka);
      const others = controllerIds.filter((id) => id !== leaderId);
      await Promise.all(others.map((id) => kafka.kill(id)));
      const quorum = await kafka.until(
        () => kafka.admin.describeQuorum(controllers),
        ({ type }) => type === 'no leader',
      );
      if (quorum.type !== 'no leader') throw new Error('a leader without a majority');
      const answers = new Map(quorum.answers.map(({ address, answer }) => [address.host, answer]));
      expect(answers.get(kafka.addressOf(leaderId).host)).toBe('NOT_LEADER_OR_FOLLOWER');
      for (const id of others) expect(answers.get(kafka.addressOf(id).host)).toContain('ECONNREFUSED');
      await expect(kafka.admin.unregisterBroker(controllers, 0)).rejects.toMatchObject({ name: 'KafkaNoLeaderError' });
      // Brokers go on without controllers while nothing changes.
      expect(await kafka.produce()).toEqual({ acknowledged: 3, refused: 0 });
      await Promise.all(others.map((id) => kafka.start(id)));
      await ledQuorum(kafka);
    },
    limitMs,
  );

  test(
    'is lost when it is formed a second time',
    async () => {
      await Promise.all(controllerIds.map((id) => kafka.kill(id)));
      await kafka.createDisk(1000, 'standalone');
      await kafka.start(1000);
      const { leaderId, voters } = await ledQuorum(kafka);
      expect(leaderId).toBe(1000);
      expect(voters.map(({ id, directoryId }) => [id, directoryId])).toEqual([[1000, kafka.directoryOf(1000)]]);
    },
    limitMs,
  );
}
