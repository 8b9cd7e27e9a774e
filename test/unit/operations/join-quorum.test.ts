import { strict as assert } from 'node:assert';
import { describe, expect, test } from '@jest/globals';
import { joinQuorum } from '../../../lib/operations/node/join-quorum.ts';
import type { VoterIdentity } from '../../../lib/ports/kafka-admin.ts';
import { deployedService } from '../../support/deployed-service.ts';

const request = { service: 'kafka', nodeId: 1000, kind: 'recovery' as const, holder: 'execution' };

/** Controller 1000 leads these voters, who know it where it was, a minute after its start; what is taken out of the quorum. */
async function takenOut(voterIds: readonly number[]) {
  const world = await deployedService();
  world.setFate(() => []);
  const previous = (await world.state('kafka'))?.leases.find(({ nodeId }) => nodeId === 1000);
  assert(previous !== undefined, 'the deploy held the node once');
  const lease = { ...request, number: previous.number + 1, released: false };
  expect(await world.store.takeLease({ lease, previous, withSlot: false })).toBe(true);
  const removed: VoterIdentity[] = [];
  const kafka: typeof world.kafka.admin = {
    ...world.kafka.admin,
    async describeQuorum(controllers) {
      const quorum = await world.kafka.admin.describeQuorum(controllers);
      assert(quorum.type === 'led', 'the controllers run');
      const nodes = [{ id: 1000, listeners: [{ name: 'CONTROLLER', host: '10.9.9.9', port: 9093 }] }];
      return { ...quorum, leaderId: 1000, voters: quorum.voters.filter(({ id }) => voterIds.includes(id)), nodes };
    },
    async removeVoter(_controllers, voter) {
      removed.push(voter);
      return { type: 'removed' };
    },
  };
  const clock = () => world.clock.clock() + 60_000;
  const { type } = await joinQuorum({ store: world.store, clock, kafka }, request);
  return { type, removed: removed.map(({ id }) => id) };
}

describe('a voter that has moved, and does not tell it', () => {
  test('is taken out of the quorum when two others vote', async () => {
    expect(await takenOut([1000, 1001, 1002])).toEqual({ type: 'not ready', removed: [1000] });
  });

  test.each([[[1000, 1001]], [[1000]]])(
    'is left in it while only %j vote, as in the middle of an install',
    async (ids) => {
      expect(await takenOut(ids)).toEqual({ type: 'not ready', removed: [] });
    },
  );
});
