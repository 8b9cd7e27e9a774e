import { describe, expect, test } from '@jest/globals';
import { waitingSentence } from '../../../lib/model/waiting-reason.ts';
import { updateService } from '../../../lib/operations/update-service.ts';
import { deployedService, faultsOf, hourMs, taskOf, untilQuiet } from '../../support/deployed-service.ts';
import type { FakeWorld } from '../../support/fake-world.ts';

/** Three hosts of 4,096 CPU units and 8,192 MiB, on each a broker and a controller. */
const world = () => deployedService({ hosts: 3 }, { brokers: { count: 3, mem: 4096 }, controllers: { mem: 1024 } });

async function update(world: FakeWorld, options: unknown) {
  const request = { service: 'kafka', options, replace: false, requestedBy: 'anna' };
  expect(await world.clock.finish(updateService(world.api, request))).toMatchObject({ type: 'accepted' });
}

/** Memory in MiB that is promised to each broker, by its id. */
async function promised(world: FakeWorld) {
  const { promises } = await world.store.readHostPromises();
  const brokers = promises.filter(({ nodeId }) => nodeId < 1000).sort((left, right) => left.nodeId - right.nodeId);
  return brokers.map(({ memoryMiB }) => memoryMiB);
}

async function attempts(world: FakeWorld) {
  const goals = (await world.state('kafka'))?.goals ?? [];
  return goals.filter(({ nodeId }) => nodeId < 1000).map(({ attempt }) => attempt);
}

async function reasonOf(world: FakeWorld) {
  const [wait, ...others] = (await world.state('kafka'))?.waits ?? [];
  expect(others).toEqual([]);
  return wait?.reason;
}

describe('an update that gives brokers other resources', () => {
  test('asks each host for more, and keeps that for the node from then on', async () => {
    const kafka = await world();
    await update(kafka, { brokers: { mem: 6144 } });
    await untilQuiet(kafka);
    expect(await promised(kafka)).toEqual([6144, 6144, 6144]);
    expect(await attempts(kafka)).toEqual([2, 2, 2]);
    expect(taskOf(kafka, 2).request.memoryReservationMiB).toBe(6144);
    expect(faultsOf(kafka)).toEqual([]);
  });

  test('gives back what they need no longer', async () => {
    const kafka = await world();
    await update(kafka, { brokers: { mem: 3072, heap: { size: 1024 } } });
    await untilQuiet(kafka);
    expect(await promised(kafka)).toEqual([3072, 3072, 3072]);
    expect(await attempts(kafka)).toEqual([2, 2, 2]);
  });

  test('stops no broker that could not start again on its host, and says what is missing', async () => {
    const kafka = await world();
    await update(kafka, { brokers: { mem: 7500 } });
    await kafka.clock.pass(10 * 60_000);
    expect(await attempts(kafka)).toEqual([1, 1, 1]);
    expect(taskOf(kafka, 0).view.lastStatus).toBe('RUNNING');
    expect(await promised(kafka)).toEqual([4096, 4096, 4096]);
    const reason = await reasonOf(kafka);
    expect(reason).toMatchObject({
      ...{ type: 'capacity', role: 'broker', registered: 1 },
      hosts: [{ rules: [{ rule: 'memory', outcome: 'fail', explanation: 'has 7168 MiB free memory, needs 7500' }] }],
    });
    expect(reason && waitingSentence(reason)).toMatch(/^waits for a host: i-\d+ \(eu-west-1[abc]\) has 7168 MiB/);
    await update(kafka, { brokers: { mem: 5120 } });
    await untilQuiet(kafka);
    expect(await attempts(kafka)).toEqual([2, 2, 2]);
    expect(await promised(kafka)).toEqual([5120, 5120, 5120]);
    expect(faultsOf(kafka)).toEqual([]);
  });

  test('keeps room no longer that a newer update does not ask for', async () => {
    const kafka = await world();
    // Its replica on broker 9 is not in sync, so that Kafka lets no other one stop.
    kafka.kafka.setTopics([{ topic: 'orders', replicas: [0, 1, 9], minIsr: 1 }]);
    await update(kafka, { brokers: { mem: 6144 } });
    await kafka.clock.pass(60_000);
    expect(await promised(kafka)).toEqual([6144, 4096, 4096]);
    await update(kafka, { brokers: { mem: 4096 } });
    await untilQuiet(kafka);
    expect(await attempts(kafka)).toEqual([1, 1, 1]);
    expect(await promised(kafka)).toEqual([4096, 4096, 4096]);
  });

  test('waits with a broker that is down while others use its host, and goes on by itself when they are gone', async () => {
    const kafka = await world();
    const { instanceId } = taskOf(kafka, 0).request;
    await update(kafka, { brokers: { mem: 6144 } });
    await kafka.clock.until('the stop', () => taskOf(kafka, 0).view.desiredStatus === 'STOPPED', hourMs);
    // Somebody else's task: ECS has given 3,000 MiB of the host away, and promises say nothing of it.
    kafka.hosts.change(instanceId, { freeMemoryMiB: 5192 });
    await kafka.clock.pass(10 * 60_000);
    expect(await attempts(kafka)).toEqual([1, 1, 1]);
    expect(await reasonOf(kafka)).toMatchObject({
      type: 'capacity',
      hosts: [
        {
          instanceId,
          rules: [
            { rule: 'registered', outcome: 'pass' },
            { rule: 'active', outcome: 'pass' },
            { rule: 'agent', outcome: 'pass' },
            { rule: 'memory', outcome: 'fail', explanation: 'has 4168 MiB free memory, needs 6144' },
          ],
        },
      ],
    });
    kafka.hosts.change(instanceId, { freeMemoryMiB: 8192 });
    await kafka.reconcile('kafka');
    await untilQuiet(kafka);
    expect(await attempts(kafka)).toEqual([2, 2, 2]);
    expect(await promised(kafka)).toEqual([6144, 6144, 6144]);
    expect(faultsOf(kafka)).toEqual([]);
  });

  test('that waits for room with a broker that is down is followed by one that asks for less', async () => {
    const kafka = await world();
    const { instanceId } = taskOf(kafka, 0).request;
    await update(kafka, { brokers: { mem: 6144 } });
    await kafka.clock.until('the stop', () => taskOf(kafka, 0).view.desiredStatus === 'STOPPED', hourMs);
    kafka.hosts.change(instanceId, { freeMemoryMiB: 5192 });
    await kafka.clock.pass(60_000);
    expect((await reasonOf(kafka))?.type).toBe('capacity');
    await update(kafka, { brokers: { mem: 4096 } });
    await untilQuiet(kafka);
    expect(await attempts(kafka)).toEqual([2, 1, 1]);
    expect(await promised(kafka)).toEqual([4096, 4096, 4096]);
    expect(faultsOf(kafka)).toEqual([]);
  });
});
