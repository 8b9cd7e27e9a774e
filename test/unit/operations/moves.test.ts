import { describe, expect, test } from '@jest/globals';
import { waitingSentence } from '../../../lib/model/waiting-reason.ts';
import { deployedService, faultsOf, hourMs, liveTasks, taskOf, untilQuiet } from '../../support/deployed-service.ts';
import { fakeHost } from '../../support/fake-hosts.ts';
import type { FakeWorld } from '../../support/fake-world.ts';

async function goalOf(world: FakeWorld, nodeId: number) {
  const goal = await world.store.readGoal('kafka', nodeId);
  if (goal?.host === undefined || goal.volume === undefined) throw new Error(`node ${nodeId} has no place`);
  return { ...goal, host: goal.host, volume: goal.volume };
}

const rest = ['warden/kafka/1/node/1', 'warden/kafka/2/node/1'];

describe('a broker whose host EC2 has terminated', () => {
  test.each(['hears of it', 'hears nothing'] as const)(
    'runs again on another host of the zone of its volume, with its data, when ECS %s',
    async (ecs) => {
      const world = await deployedService();
      world.kafka.setTopics([{ topic: 'orders', replicas: [0, 1, 2], minIsr: 2 }]);
      const before = await goalOf(world, 0);
      await world.loseHost(before.host.instanceId, ecs);
      await untilQuiet(world);
      const after = await goalOf(world, 0);
      expect(after.host.instanceId).not.toBe(before.host.instanceId);
      expect(after.host.zone).toBe(before.volume.zone);
      expect(after.volume).toEqual({ ...before.volume, preparedOn: after.host.instanceId });
      expect(taskOf(world, 0).request.instanceId).toBe(after.host.instanceId);
      expect(taskOf(world, 0).request.environment['WARDEN_FORMAT']).toBe('never');
      expect(world.kafka.released).toEqual([0]);
      expect(world.volumes.list().find(({ id }) => id === after.volume.id)?.attachment?.instanceId).toBe(
        after.host.instanceId,
      );
      const { promises } = await world.store.readHostPromises();
      expect(promises.filter(({ nodeId }) => nodeId === 0).map(({ instanceId }) => instanceId)).toEqual([
        after.host.instanceId,
      ]);
      expect(after.failures.count).toBe(0);
      expect(liveTasks(world)).toEqual(expect.arrayContaining(rest));
      expect(faultsOf(world)).toEqual([]);
    },
  );

  test('waits while no other host of the zone can take it, says so, and goes on when one joins', async () => {
    const world = await deployedService({ hosts: 3 });
    const before = await goalOf(world, 2);
    await world.loseHost(before.host.instanceId, 'hears of it');
    await world.clock.pass(60_000);
    const wait = (await world.state('kafka'))?.waits.find(({ nodeId }) => nodeId === 2);
    expect(wait && waitingSentence(wait.reason)).toContain(
      `waits for a host in the place of ${before.host.instanceId}, which EC2 has terminated: `,
    );
    expect(wait && waitingSentence(wait.reason)).toContain(`is not in ${before.volume.zone}, where the volume is`);
    world.hosts.add({ ...fakeHost(20), zone: before.volume.zone });
    await world.reconcile('kafka');
    await untilQuiet(world);
    expect((await goalOf(world, 2)).host.instanceId).toBe(fakeHost(20).instanceId);
    expect(faultsOf(world)).toEqual([]);
  });

  test('moves once more when its new host ends while the volume is being prepared there', async () => {
    const world = await deployedService({ hosts: 9, preparationMs: 20_000 });
    const before = await goalOf(world, 1);
    await world.loseHost(before.host.instanceId, 'hears of it');
    await world.clock.until('the preparation', async () => {
      const { preparation, host } = await goalOf(world, 1);
      return host.instanceId !== before.host.instanceId && (preparation?.attempt ?? 0) > 1;
    });
    const between = await goalOf(world, 1);
    await world.loseHost(between.host.instanceId, 'hears nothing');
    await untilQuiet(world);
    const after = await goalOf(world, 1);
    expect([before.host.instanceId, between.host.instanceId]).not.toContain(after.host.instanceId);
    expect(after.volume.id).toBe(before.volume.id);
    expect(liveTasks(world)).toContain('warden/kafka/1/node/2');
    expect(faultsOf(world)).toEqual([]);
  });
});

describe('a volume whose attachment never ends', () => {
  test('is let go after 90 s and attached once more, and the wait says what it waits for', async () => {
    const world = await deployedService({ hosts: 6 });
    const before = await goalOf(world, 0);
    world.volumes.stickNext();
    await world.loseHost(before.host.instanceId, 'hears of it');
    await world.clock.pass(60_000);
    const wait = (await world.state('kafka'))?.waits.find(({ nodeId }) => nodeId === 0);
    const { host, volume } = await goalOf(world, 0);
    expect(wait && waitingSentence(wait.reason)).toBe(
      `waits for volume ${volume.id}, which is in-use, attaching at ${host.instanceId}`,
    );
    await untilQuiet(world);
    expect((await goalOf(world, 0)).host.instanceId).toBe(host.instanceId);
    expect(world.volumes.list().find(({ id }) => id === volume.id)?.attachment).toMatchObject({
      ...{ instanceId: host.instanceId, state: 'attached' },
    });
    expect(liveTasks(world)).toContain('warden/kafka/0/node/2');
    expect(faultsOf(world)).toEqual([]);
  });
});

describe('a broker whose host is only out of touch', () => {
  test('stays where it is, however long that lasts', async () => {
    const world = await deployedService();
    const before = await goalOf(world, 0);
    world.hosts.change(before.host.instanceId, { agentConnected: false });
    await world.reconcile('kafka');
    await world.clock.pass(hourMs);
    await world.reconcile('kafka');
    expect((await goalOf(world, 0)).host).toEqual(before.host);
    expect(liveTasks(world)).toContain('warden/kafka/0/node/1');
  });

  test('is not started elsewhere when its process ends, too', async () => {
    const world = await deployedService();
    const before = await goalOf(world, 0);
    world.hosts.change(before.host.instanceId, { agentConnected: false });
    world.tasks.end(taskOf(world, 0).view.taskArn, { stopCode: 'InfrastructureHealth', exitCode: 137 });
    await world.clock.pass(hourMs);
    expect((await goalOf(world, 0)).host.instanceId).toBe(before.host.instanceId);
    const wait = (await world.state('kafka'))?.waits.find(({ nodeId }) => nodeId === 0);
    expect(wait && waitingSentence(wait.reason)).toContain('has no connected agent');
  });
});

describe('a controller whose host EC2 has terminated', () => {
  test('moves with its disk, and no other node is restarted for that', async () => {
    const world = await deployedService({ hosts: 6 });
    const before = await goalOf(world, 1001);
    const others = liveTasks(world).filter((startedBy) => !startedBy.startsWith('warden/kafka/1001/'));
    const there = (await world.state('kafka'))?.goals.filter(({ host }) => host?.instanceId === before.host.instanceId);
    await world.loseHost(before.host.instanceId, 'hears of it');
    await untilQuiet(world);
    const after = await goalOf(world, 1001);
    expect(after.host.instanceId).not.toBe(before.host.instanceId);
    expect(after.volume.id).toBe(before.volume.id);
    const moved = new Set(there?.map(({ nodeId }) => nodeId));
    const stayed = others.filter((startedBy) => !moved.has(Number(startedBy.split('/')[2])));
    expect(stayed.length).toBeGreaterThan(0);
    expect(liveTasks(world)).toEqual(expect.arrayContaining(stayed));
    expect(world.kafka.voters()).toEqual([1000, 1001, 1002]);
    expect(faultsOf(world)).toEqual([]);
  });
});

describe('a host that drains', () => {
  async function draining(hosts: number) {
    const world = await deployedService({ hosts: 3 });
    for (let number = 3; number < hosts; number++) world.hosts.add(fakeHost(number));
    world.kafka.setTopics([{ topic: 'orders', replicas: [0, 1, 2], minIsr: 2 }]);
    const { host } = await goalOf(world, 0);
    const here = (await world.state('kafka'))?.goals.filter((goal) => goal.host?.instanceId === host.instanceId) ?? [];
    world.hosts.change(host.instanceId, { status: 'DRAINING' });
    await world.sweep();
    return { world, host, nodeIds: here.map(({ nodeId }) => nodeId) };
  }

  test('loses its nodes one after another to another host of the zone, each with its volume', async () => {
    const { world, host, nodeIds } = await draining(6);
    expect(nodeIds.length).toBeGreaterThan(1);
    await untilQuiet(world);
    for (const nodeId of nodeIds) {
      const goal = await goalOf(world, nodeId);
      expect(goal.host.instanceId).not.toBe(host.instanceId);
      expect(goal.host.zone).toBe(host.zone);
      expect(goal.volume.generation).toBe(1);
      expect(liveTasks(world)).toContain(`warden/kafka/${nodeId}/node/2`);
    }
    const asked = world.tasks.list().filter(({ view }) => view.stopCode === 'UserInitiated');
    expect(asked.map(({ request }) => Number(request.startedBy.split('/')[2])).sort()).toEqual(nodeIds);
    for (const { view } of asked) {
      const others = asked.filter((other) => other.view.taskArn !== view.taskArn);
      expect(others.every((other) => other.view.stoppedAt !== view.stoppedAt)).toBe(true);
    }
    const state = await world.state('kafka');
    expect(state?.slot).toBeUndefined();
    expect(state?.waits).toEqual([]);
    expect(faultsOf(world)).toEqual([]);
  });

  test('keeps them running while no other host of the zone has room, and says so', async () => {
    const { world, host } = await draining(3);
    await world.clock.pass(hourMs / 2);
    expect(liveTasks(world)).toContain('warden/kafka/0/node/1');
    const wait = (await world.state('kafka'))?.waits.find(({ nodeId }) => nodeId === 0);
    expect(wait && waitingSentence(wait.reason)).toContain(
      `waits for a host in the place of ${host.instanceId}, which drains: `,
    );
    world.hosts.add({ ...fakeHost(20), zone: host.zone });
    await world.sweep();
    await untilQuiet(world);
    expect((await goalOf(world, 0)).host.instanceId).toBe(fakeHost(20).instanceId);
    expect(faultsOf(world)).toEqual([]);
  });

  test('keeps them when it is taken back', async () => {
    const { world, host } = await draining(3);
    world.hosts.change(host.instanceId, { status: 'ACTIVE' });
    await world.sweep();
    await untilQuiet(world);
    expect((await goalOf(world, 0)).host.instanceId).toBe(host.instanceId);
    expect(liveTasks(world)).toContain('warden/kafka/0/node/1');
  });

  test('keeps a broker without which a partition would have too few replicas in sync', async () => {
    const world = await deployedService({ hosts: 6 });
    world.kafka.setTopics([{ topic: 'orders', replicas: [0, 1], minIsr: 1, lagging: [1] }]);
    const { host } = await goalOf(world, 0);
    world.hosts.change(host.instanceId, { status: 'DRAINING' });
    await world.sweep();
    await world.clock.pass(60_000);
    expect(liveTasks(world)).toContain('warden/kafka/0/node/1');
    const wait = (await world.state('kafka'))?.waits.find(({ nodeId }) => nodeId === 0);
    expect(wait?.reason.type).toBe('roll safety');
  });
});
