import { describe, expect, test } from '@jest/globals';
import { deadPartners } from '../../../lib/operations/node/dead-partners.ts';
import { deployedService, killed, taskOf } from '../../support/deployed-service.ts';

const orders = { topic: 'orders', partition: 0, replicas: [0, 1, 2], isr: [0, 1, 2], minIsr: 2 };

/** Three brokers of which some were killed, and what Kafka believes is given: it takes a session until it notices. */
async function partnersOf0(
  partitions: readonly (typeof orders)[],
  dead: readonly number[],
  slow: readonly number[] = [],
) {
  const world = await deployedService();
  world.setFate(() => []);
  const state = await world.state('kafka');
  if (state === undefined) throw new Error('the service is deployed');
  for (const nodeId of dead) world.tasks.end(taskOf(world, nodeId).view.taskArn, killed);
  const silent = [...dead, ...slow].map((nodeId) => ({
    host: state.goals.find((goal) => goal.nodeId === nodeId)?.host?.address ?? '',
    port: 9092,
  }));
  return deadPartners(world.kafka.admin, state, 0, { partitions, silent });
}

describe('the brokers that a stop would leave a partition without', () => {
  test('are none while all answer', async () => {
    expect(await partnersOf0([orders], [])).toEqual([]);
  });

  test('are those in sync that have just died', async () => {
    expect(await partnersOf0([orders], [1])).toEqual([1]);
  });

  test('are not those that were only slow to answer', async () => {
    expect(await partnersOf0([orders], [], [1])).toEqual([]);
  });

  test('are not those that Kafka has already taken out: the other rules see them', async () => {
    expect(await partnersOf0([{ ...orders, isr: [0, 2] }], [1])).toEqual([]);
  });

  test('are not those that share no partition with the broker, nor the broker itself', async () => {
    expect(await partnersOf0([{ ...orders, replicas: [0, 2], isr: [0, 2] }], [0, 1])).toEqual([]);
  });
});
