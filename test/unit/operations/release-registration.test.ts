import { strict as assert } from 'node:assert';
import { expect, test } from '@jest/globals';
import { releaseRegistration } from '../../../lib/operations/node/release-registration.ts';
import { observeTask } from '../../../lib/operations/observe-task.ts';
import type { QuorumView } from '../../../lib/ports/kafka-admin.ts';
import { deployedService, killed, taskOf } from '../../support/deployed-service.ts';

const request = { service: 'kafka', nodeId: 1, kind: 'recovery' as const, holder: 'execution' };

/** Broker 1 was killed, and the execution of `request` holds it. */
async function stoppedBroker() {
  const world = await deployedService();
  world.kafka.setTopics([{ topic: 'orders', replicas: [0, 1, 2], minIsr: 2 }]);
  // Nobody is told of the stop: this test alone works on the node.
  world.setFate(() => []);
  const { taskArn } = taskOf(world, 1).view;
  world.tasks.end(taskArn, killed);
  const stopped = await world.tasks.describe(taskArn);
  assert(stopped !== undefined, 'a stopped task is shown');
  await observeTask(world, stopped);
  const previous = (await world.state('kafka'))?.leases.find(({ nodeId }) => nodeId === 1);
  assert(previous !== undefined, 'the deploy held the node once');
  const lease = {
    ...{ service: 'kafka', nodeId: 1, holder: 'execution', kind: 'recovery' as const },
    ...{ number: previous.number + 1, released: false },
  };
  expect(await world.store.takeLease({ lease, previous, withSlot: false })).toBe(true);
  return { world, lease };
}

/** The same with controllers of which each gives such an answer, and none leads. */
async function releaseWithoutLeader(answers: readonly string[], alsoKilled: readonly number[] = []) {
  const { world } = await stoppedBroker();
  for (const nodeId of alsoKilled) world.tasks.end(taskOf(world, nodeId).view.taskArn, killed);
  let quorum: QuorumView | undefined = {
    type: 'no leader',
    answers: answers.map((answer, index) => ({ address: { host: `10.0.0.${index}`, port: 9093 }, answer })),
  };
  const kafka = {
    ...world.kafka.admin,
    describeQuorum: async (controllers: Parameters<typeof world.kafka.admin.describeQuorum>[0]) =>
      quorum ?? world.kafka.admin.describeQuorum(controllers),
  };
  const ports = { store: world.store, clock: world.clock.clock, kafka };
  const first = await releaseRegistration(ports, request);
  const releasedAtFirst = [...world.kafka.released];
  quorum = undefined;
  await releaseRegistration(ports, request);
  return { first, releasedAtFirst, released: world.kafka.released };
}

test('a broker that was asked to run while its last stop was judged keeps its registration', async () => {
  const { world, lease } = await stoppedBroker();
  const kafka = {
    ...world.kafka.admin,
    listPartitions: async (brokers: Parameters<typeof world.kafka.admin.listPartitions>[0]) => {
      const goal = await world.store.readGoal('kafka', 1);
      assert(goal !== undefined, 'a deployed node has a goal');
      expect(await world.store.putGoal({ ...goal, attempt: goal.attempt + 1 }, lease)).toBe(true);
      return world.kafka.admin.listPartitions(brokers);
    },
  };
  const ports = { store: world.store, clock: world.clock.clock, kafka };
  await releaseRegistration(ports, request);
  expect(world.kafka.released).toEqual([]);
  await releaseRegistration({ ...ports, kafka: world.kafka.admin }, request);
  expect(world.kafka.released).toEqual([1]);
});

test('a broker that ended with the active controller is released as soon as the others have elected a leader', async () => {
  const answers = ['connect ECONNREFUSED', 'NOT_LEADER_OR_FOLLOWER', 'NOT_LEADER_OR_FOLLOWER'];
  const { first, releasedAtFirst, released } = await releaseWithoutLeader(answers);
  expect(first).toEqual({ type: 'not ready', reason: { type: 'quorum', detail: 'the controllers elect a leader' } });
  expect(releasedAtFirst).toEqual([]);
  expect(released).toEqual([1]);
});

test('a broker that ended with most controllers does not wait for a leader', async () => {
  const answers = ['connect ECONNREFUSED', 'no answer within 2 s', 'NOT_LEADER_OR_FOLLOWER'];
  const { first, releasedAtFirst } = await releaseWithoutLeader(answers);
  expect(first).not.toMatchObject({ reason: { type: 'quorum' } });
  expect(releasedAtFirst).toEqual([]);
});

test('a broker that ended with all other brokers does not wait for a leader', async () => {
  const answers = ['connect ECONNREFUSED', 'NOT_LEADER_OR_FOLLOWER', 'NOT_LEADER_OR_FOLLOWER'];
  const { first } = await releaseWithoutLeader(answers, [0, 2]);
  expect(first).not.toMatchObject({ reason: { type: 'quorum' } });
});
