import { strict as assert } from 'node:assert';
import { expect, test } from '@jest/globals';
import { releaseRegistration } from '../../../lib/operations/node/release-registration.ts';
import { observeTask } from '../../../lib/operations/observe-task.ts';
import { deployedService, killed, taskOf } from '../../support/deployed-service.ts';

test('a broker that was asked to run while its last stop was judged keeps its registration', async () => {
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
  const request = { service: 'kafka', nodeId: 1, kind: 'recovery' as const, holder: 'execution' };
  await releaseRegistration(ports, request);
  expect(world.kafka.released).toEqual([]);
  await releaseRegistration({ ...ports, kafka: world.kafka.admin }, request);
  expect(world.kafka.released).toEqual([1]);
});
