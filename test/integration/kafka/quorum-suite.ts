import { describe, expect, test } from '@jest/globals';
import type { ClusterUnderTest } from './cluster-under-test.ts';

/** From one controller to three, and its brokers. */
export function describeGrowingQuorum({ admin, kafka, controllers, node, join, voterOf }: ClusterUnderTest): void {
  describe('a quorum that grows', () => {
    test('is led by its only voter at first', async () => {
      expect(await admin.describeQuorum(controllers)).toMatchObject({
        type: 'led',
        leaderId: 1000,
        voters: [{ id: 1000, directoryId: node(1000).directoryId() }],
        nodes: [{ id: 1000, listeners: [{ name: 'CONTROLLER', host: '127.50.0.100', port: 9093 }] }],
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
      const args = ['--bootstrap-controller', '127.50.0.100:9093', 'describe', '--status'];
      const printed = await kafka.runTool('kafka-metadata-quorum.sh', args);
      expect(printed).toContain(`LeaderId:               ${quorum.leaderId}\n`);
      expect(printed).toContain(`LeaderEpoch:            ${quorum.leaderEpoch}\n`);
      for (const { id, directoryId } of quorum.voters)
        expect(printed).toContain(`"id": ${id}, "directoryId": "${directoryId}"`);
    }, 60_000);

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
          { id: 1000, host: '127.50.0.100', port: 9093 },
          { id: 1001, host: '127.50.0.101', port: 9093 },
          { id: 1002, host: '127.50.0.102', port: 9093 },
        ],
      });
    });
  });
}

/** Two controllers are killed one after the other. */
export function describeShrinkingQuorum({ admin, controllers, node, until, untilAnswered }: ClusterUnderTest): void {
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
}
