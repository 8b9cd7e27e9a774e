import { describe, expect, test } from '@jest/globals';
import { waitingSentence } from '../../../lib/model/waiting-reason.ts';
import { lookAtVolumes } from '../../../lib/operations/look-at-volumes.ts';
import { resumeNode } from '../../../lib/operations/pause-node.ts';
import { replaceNode, wishForReplacement } from '../../../lib/operations/replace-node.ts';
import { uninstallService } from '../../../lib/operations/uninstall-service.ts';
import {
  deployedService,
  execution,
  faultsOf,
  hourMs,
  killed,
  liveTasks,
  taskOf,
  untilQuiet,
} from '../../support/deployed-service.ts';
import { fakeHost } from '../../support/fake-hosts.ts';
import type { FakeWorld } from '../../support/fake-world.ts';

const requestedBy = 'somebody';
const orders = { topic: 'orders', replicas: [0, 1, 2], minIsr: 2 };

function replace(world: FakeWorld, nodeId: number, volume: 'keep' | 'discard', force = false) {
  return world.clock.finish(replaceNode(world.api, { service: 'kafka', nodeId, volume, force, requestedBy }));
}

async function goalOf(world: FakeWorld, nodeId: number) {
  const goal = await world.store.readGoal('kafka', nodeId);
  if (goal?.host === undefined || goal.volume === undefined) throw new Error(`node ${nodeId} has no place`);
  return { ...goal, host: goal.host, volume: goal.volume };
}

async function waitOf(world: FakeWorld, nodeId: number): Promise<string> {
  const wait = (await world.state('kafka'))?.waits.findLast((candidate) => candidate.nodeId === nodeId);
  return wait === undefined ? '' : waitingSentence(wait.reason);
}

const volumeIds = (world: FakeWorld): readonly string[] => world.volumes.list().map(({ id }) => id);

async function atRest(world: FakeWorld): Promise<void> {
  const state = await world.state('kafka');
  expect([state?.slot, state?.waits, faultsOf(world)]).toEqual([undefined, [], []]);
  expect((await lookAtVolumes(world)).findings).toEqual([]);
}

describe('a replacement that keeps the volume', () => {
  test('moves a node that runs to another host of its zone, once', async () => {
    const world = await deployedService();
    world.kafka.setTopics([orders]);
    const before = await goalOf(world, 0);
    expect(await replace(world, 0, 'keep')).toEqual({ type: 'accepted' });
    await untilQuiet(world);
    const after = await goalOf(world, 0);
    expect([after.host.zone, after.host.instanceId === before.host.instanceId]).toEqual([before.host.zone, false]);
    expect([after.volume.id, after.replaced, after.discarded]).toEqual([before.volume.id, 1, undefined]);
    expect(taskOf(world, 0).request.environment['WARDEN_FORMAT']).toBe('never');
    expect(liveTasks(world)).toContain('warden/kafka/0/node/2');
    await world.sweep();
    await untilQuiet(world);
    expect(liveTasks(world)).toContain('warden/kafka/0/node/2');
    await atRest(world);
  });

  test('stops nothing before another host of the zone has room, says so, and goes on when one joins', async () => {
    const world = await deployedService({ hosts: 3 });
    world.kafka.setTopics([orders]);
    const before = await goalOf(world, 1);
    await replace(world, 1, 'keep');
    await world.clock.pass(hourMs / 2);
    expect(liveTasks(world)).toContain('warden/kafka/1/node/1');
    expect(await waitOf(world, 1)).toContain(`in the place of ${before.host.instanceId}, which it is to leave: `);
    world.hosts.add({ ...fakeHost(20), zone: before.host.zone });
    await world.sweep();
    await untilQuiet(world);
    expect((await goalOf(world, 1)).host.instanceId).toBe(fakeHost(20).instanceId);
    await atRest(world);
  });

  test('of a node that is down is not taken up by another stop once it is back without another host', async () => {
    const world = await deployedService({ hosts: 3 });
    world.tasks.end(taskOf(world, 1).view.taskArn, killed);
    await world.clock.pass(1_000);
    await replace(world, 1, 'keep');
    await world.clock.pass(hourMs / 2);
    expect(liveTasks(world)).toContain('warden/kafka/1/node/2');
    const sentence = await waitOf(world, 1);
    expect(sentence).toContain('goes on by itself when a host joins');
    expect(sentence).toContain('"warden pod resume" of the pod takes the replacement back');
    const { host } = await goalOf(world, 1);
    world.hosts.add({ ...fakeHost(20), zone: host.zone });
    await world.sweep();
    await untilQuiet(world);
    expect((await goalOf(world, 1)).host.instanceId).toBe(fakeHost(20).instanceId);
    expect(liveTasks(world)).toContain('warden/kafka/1/node/3');
    await atRest(world);
  });

  test('is taken back by a resume while it waits', async () => {
    const world = await deployedService({ hosts: 3 });
    await replace(world, 1, 'keep');
    await world.clock.pass(60_000);
    await world.clock.finish(resumeNode(world.api, { service: 'kafka', nodeId: 1, requestedBy }));
    await untilQuiet(world);
    world.hosts.add({ ...fakeHost(20), zone: (await goalOf(world, 1)).host.zone });
    await world.sweep();
    await untilQuiet(world);
    expect(liveTasks(world)).toContain('warden/kafka/1/node/1');
    await atRest(world);
  });

  test('of a controller that is down leaves it where the others look for it until most of them run', async () => {
    const world = await deployedService();
    const { host: silent } = await goalOf(world, 1002);
    const { host: before } = await goalOf(world, 1000);
    world.hosts.change(silent.instanceId, { agentConnected: false });
    for (const nodeId of [1002, 1000]) world.tasks.end(taskOf(world, nodeId).view.taskArn, killed);
    await replace(world, 1000, 'keep');
    await world.clock.until('its next start', () => taskOf(world, 1000).request.startedBy.endsWith('/2'));
    expect((await goalOf(world, 1000)).host).toEqual(before);
    world.hosts.change(silent.instanceId, { agentConnected: true });
    await world.sweep();
    await untilQuiet(world);
    const { host } = await goalOf(world, 1000);
    expect([host.zone, host.instanceId === before.instanceId]).toEqual([before.zone, false]);
    await atRest(world);
  });

  test('brings a node that was given up back on another host', async () => {
    const world = await deployedService({}, { brokers: { failover_max_tries: 1 } });
    const before = await goalOf(world, 2);
    world.tasks.end(taskOf(world, 2).view.taskArn, killed);
    await world.clock.until('the second try', () => taskOf(world, 2).request.startedBy.endsWith('/2'));
    world.tasks.end(taskOf(world, 2).view.taskArn, killed);
    await untilQuiet(world);
    expect(execution(world, 'recover').path).toContain('Deactivated');
    await replace(world, 2, 'keep');
    await untilQuiet(world);
    const after = await goalOf(world, 2);
    expect(after.host.instanceId).not.toBe(before.host.instanceId);
    expect([after.volume.id, after.failures.count]).toEqual([before.volume.id, 0]);
    expect(liveTasks(world).filter((startedBy) => startedBy.startsWith('warden/kafka/2/'))).toHaveLength(1);
    await atRest(world);
  });

  test('moves a controller with its disk, and so with its vote', async () => {
    const world = await deployedService();
    const before = await goalOf(world, 1001);
    await replace(world, 1001, 'keep');
    await untilQuiet(world);
    const after = await goalOf(world, 1001);
    expect(after.host.instanceId).not.toBe(before.host.instanceId);
    expect(after.volume.id).toBe(before.volume.id);
    expect(world.kafka.voters()).toEqual([1000, 1001, 1002]);
    await atRest(world);
  });
});

describe('a replacement that gives up the volume', () => {
  test('starts the node with an empty one, and deletes the old one when it is in sync', async () => {
    const world = await deployedService();
    world.kafka.setTopics([orders]);
    const before = await goalOf(world, 0);
    await replace(world, 0, 'discard');
    await world.clock.until('the start on the new volume', () => liveTasks(world).includes('warden/kafka/0/node/2'));
    expect(volumeIds(world)).toContain(before.volume.id);
    expect((await lookAtVolumes(world)).findings).toEqual([]);
    await untilQuiet(world);
    const after = await goalOf(world, 0);
    expect([after.volume.generation, after.volume.kafkaFormatted, after.replaced]).toEqual([2, true, 1]);
    expect(after.volume.id).not.toBe(before.volume.id);
    expect(taskOf(world, 0).request.environment['WARDEN_FORMAT']).toBe('--no-initial-controllers');
    expect(volumeIds(world)).not.toContain(before.volume.id);
    expect(after.discarded).toBeUndefined();
    expect(world.volumes.list()).toHaveLength(6);
    await atRest(world);
  });

  test('keeps the old volume until every replica of the node is in sync', async () => {
    const world = await deployedService();
    world.kafka.setTopics([orders]);
    const before = await goalOf(world, 0);
    await replace(world, 0, 'discard');
    await world.clock.until('the start on the new volume', () => liveTasks(world).includes('warden/kafka/0/node/2'));
    world.kafka.setTopics([{ ...orders, lagging: [0] }]);
    await world.clock.pass(hourMs);
    expect(await waitOf(world, 0)).toContain('1 partitions are behind, for example orders-0');
    expect(volumeIds(world)).toContain(before.volume.id);
    world.kafka.setTopics([orders]);
    await untilQuiet(world);
    expect(volumeIds(world)).not.toContain(before.volume.id);
    await atRest(world);
  });

  test.each([
    ['its only replica', { topic: 'single', replicas: [0], minIsr: 1 }],
    ['the only one that is in sync', { topic: 'single', replicas: [0, 1], minIsr: 1, lagging: [1] }],
  ])('waits and names the partitions while the node holds %s of one', async (_what, topic) => {
    const world = await deployedService();
    world.kafka.setTopics([orders, topic]);
    const before = await goalOf(world, 0);
    await replace(world, 0, 'discard');
    await world.clock.pass(hourMs);
    expect(liveTasks(world)).toContain('warden/kafka/0/node/1');
    expect(await waitOf(world, 0)).toContain(
      'keeps its volume: no other live replica is in sync of 1 partition: single-0',
    );
    world.kafka.setTopics([orders, { topic: 'single', replicas: [0, 1], minIsr: 1 }]);
    await untilQuiet(world);
    expect((await goalOf(world, 0)).volume.generation).toBe(before.volume.generation + 1);
    await atRest(world);
  });

  test('is not tried on the only broker, which nobody could tell about once it is down', async () => {
    const world = await deployedService({}, { brokers: { count: 1 }, controllers: { count: 3 } });
    await replace(world, 0, 'discard');
    await world.clock.pass(hourMs);
    expect(liveTasks(world)).toContain('warden/kafka/0/node/1');
    expect(await waitOf(world, 0)).toContain('no other broker answers');
    world.kafka.setTopics([{ topic: 'single', replicas: [0], minIsr: 1 }]);
    await world.clock.pass(hourMs);
    expect(await waitOf(world, 0)).toContain('no other live replica is in sync of 1 partition: single-0');
    await replace(world, 0, 'discard', true);
    await untilQuiet(world);
    expect([(await goalOf(world, 0)).volume.generation, (await goalOf(world, 0)).attempt]).toEqual([2, 2]);
    await atRest(world);
  });

  test('stops a node once in five minutes at most when it is found out only after the stop', async () => {
    const world = await deployedService({ stopMs: 20_000 });
    world.kafka.setTopics([orders]);
    await replace(world, 0, 'discard');
    await world.clock.until('the stop', () => taskOf(world, 0).view.desiredStatus === 'STOPPED');
    world.kafka.setTopics([{ ...orders, lagging: [1, 2] }]);
    await world.clock.until('the next start', () => liveTasks(world).includes('warden/kafka/0/node/2'));
    world.kafka.setTopics([orders]);
    await world.clock.pass(4 * 60_000);
    expect(liveTasks(world)).toContain('warden/kafka/0/node/2');
    await untilQuiet(world);
    expect((await goalOf(world, 0)).volume.generation).toBe(2);
  });

  test('loses the last replica when it is forced to', async () => {
    const world = await deployedService();
    world.kafka.setTopics([{ topic: 'single', replicas: [0], minIsr: 1 }]);
    await replace(world, 0, 'discard', true);
    await untilQuiet(world);
    expect((await goalOf(world, 0)).volume.generation).toBe(2);
    await atRest(world);
  });

  test('comes back with its own volume when the others have fallen behind since the stop', async () => {
    const world = await deployedService({ stopMs: 20_000 });
    world.kafka.setTopics([orders]);
    const before = await goalOf(world, 0);
    await replace(world, 0, 'discard');
    await world.clock.until('the stop', () => taskOf(world, 0).view.desiredStatus === 'STOPPED');
    world.kafka.setTopics([{ ...orders, lagging: [1, 2] }]);
    await world.clock.until('the next start', () => liveTasks(world).includes('warden/kafka/0/node/2'));
    expect((await goalOf(world, 0)).volume.id).toBe(before.volume.id);
    expect(taskOf(world, 0).request.environment['WARDEN_FORMAT']).toBe('never');
    world.kafka.setTopics([orders]);
    await untilQuiet(world);
    expect((await goalOf(world, 0)).volume.generation).toBe(2);
    await atRest(world);
  });

  test('goes to another zone when its own has no host any more', async () => {
    const world = await deployedService({ hosts: 3 });
    world.kafka.setTopics([orders]);
    world.hosts.add({ ...fakeHost(20), zone: (await goalOf(world, 0)).host.zone });
    const before = await goalOf(world, 2);
    await world.loseHost(before.host.instanceId, 'hears of it');
    await world.clock.pass(60_000);
    expect(await waitOf(world, 2)).toContain('waits for a host in the place of');
    await replace(world, 2, 'discard');
    await world.clock.until('the old volume is gone', () => !volumeIds(world).includes(before.volume.id ?? ''));
    const after = await goalOf(world, 2);
    expect(after.host.zone).not.toBe(before.host.zone);
    expect([after.volume.zone, after.volume.generation]).toEqual([after.host.zone, 2]);
    expect(liveTasks(world)).toContain('warden/kafka/2/node/2');
    expect(faultsOf(world)).toEqual([]);
  });

  test('waits for a host and for another replica, and says both, when neither is there', async () => {
    const world = await deployedService({ hosts: 3 });
    world.kafka.setTopics([{ topic: 'single', replicas: [2], minIsr: 1 }]);
    const before = await goalOf(world, 2);
    await world.loseHost(before.host.instanceId, 'hears of it');
    await world.clock.pass(60_000);
    await replace(world, 2, 'discard');
    await world.clock.pass(60_000);
    const sentence = await waitOf(world, 2);
    expect(sentence).toContain('waits for a host in the place of');
    expect(sentence).toContain('no other live replica is in sync of 1 partition: single-0');
    world.kafka.setTopics([]);
    world.hosts.add({ ...fakeHost(20), zone: 'eu-west-1a' });
    await world.sweep();
    await world.clock.until('the start on the new volume', () => liveTasks(world).includes('warden/kafka/2/node/2'));
    expect((await goalOf(world, 2)).volume.generation).toBe(2);
    expect(faultsOf(world)).toEqual([]);
  });

  test.each(['Move the node', 'Delete the old volume', 'Attach volume', 'Await in sync'])(
    'comes to its end when the machine dies at %s',
    async (state) => {
      const world = await deployedService();
      world.kafka.setTopics([orders]);
      const before = await goalOf(world, 0);
      world.machines.abortAt(state);
      await replace(world, 0, 'discard');
      await untilQuiet(world);
      await world.clock.pass(60_000);
      await world.sweep();
      await untilQuiet(world);
      const after = await goalOf(world, 0);
      expect([after.volume.generation, after.discarded]).toEqual([2, undefined]);
      expect(volumeIds(world)).not.toContain(before.volume.id);
      await atRest(world);
    },
  );

  test('replaces a voter: the old disk is taken out of the quorum, and the new one in', async () => {
    const world = await deployedService();
    await replace(world, 1001, 'discard');
    await untilQuiet(world);
    expect((await goalOf(world, 1001)).volume.generation).toBe(2);
    expect([...world.kafka.voters()].sort()).toEqual([1000, 1001, 1002]);
    expect(taskOf(world, 1001).request.environment['WARDEN_FORMAT']).toBe('--no-initial-controllers');
    await atRest(world);
  });

  test('also replaces the controller that once formed the quorum, which is not formed again', async () => {
    const world = await deployedService();
    await replace(world, 1000, 'discard');
    await untilQuiet(world);
    expect(taskOf(world, 1000).request.environment['WARDEN_FORMAT']).toBe('--no-initial-controllers');
    expect([...world.kafka.voters()].sort()).toEqual([1000, 1001, 1002]);
    await atRest(world);
  });

  test('waits, also when it is forced, while the quorum would lose its majority', async () => {
    const world = await deployedService();
    const { instanceId } = (await goalOf(world, 1002)).host;
    world.hosts.change(instanceId, { agentConnected: false });
    world.tasks.end(taskOf(world, 1002).view.taskArn, killed);
    await world.clock.pass(60_000);
    await replace(world, 1001, 'discard', true);
    await world.clock.pass(hourMs / 2);
    expect(liveTasks(world)).toContain('warden/kafka/1001/node/1');
    expect(await waitOf(world, 1001)).toContain('the recovery of controller-2 is under way');
    world.hosts.change(instanceId, { agentConnected: true });
    await world.sweep();
    await untilQuiet(world);
    expect((await goalOf(world, 1001)).volume.generation).toBe(2);
    await atRest(world);
  });

  test.each([
    [{ controllers: { count: 1 } }, 1000],
    [{ brokers: { count: 1 }, controllers: { mode: 'combined' } }, 0],
  ])('of the only controller is refused, also when it is forced', async (options, nodeId) => {
    const world = await deployedService({}, options);
    expect(await replace(world, nodeId, 'discard', true)).toEqual({ type: 'only controller' });
    expect((await world.state('kafka'))?.nodeWishes).toEqual([]);
    expect(await replace(world, nodeId, 'keep')).toEqual({ type: 'accepted' });
  });

  test('keeps what it names when another replacement is asked for before the old volume is deleted', async () => {
    const world = await deployedService();
    world.kafka.setTopics([orders]);
    const before = await goalOf(world, 0);
    await replace(world, 0, 'discard');
    await world.clock.until('the start on the new volume', () => liveTasks(world).includes('warden/kafka/0/node/2'));
    await replace(world, 0, 'keep');
    await untilQuiet(world);
    const after = await goalOf(world, 0);
    expect([after.volume.generation, after.replaced, after.discarded]).toEqual([2, 2, undefined]);
    expect(volumeIds(world)).not.toContain(before.volume.id);
    await atRest(world);
  });

  test('asked for twice is one', async () => {
    const world = await deployedService();
    world.kafka.setTopics([orders]);
    await replace(world, 0, 'discard');
    await replace(world, 0, 'discard');
    await untilQuiet(world);
    const after = await goalOf(world, 0);
    expect([after.volume.generation, after.attempt]).toEqual([2, 2]);
    await atRest(world);
  });

  test('leaves no volume behind when the service is uninstalled in the middle of it', async () => {
    const world = await deployedService();
    world.kafka.setTopics([orders]);
    await replace(world, 0, 'discard');
    await world.clock.until('the start on the new volume', () => liveTasks(world).includes('warden/kafka/0/node/2'));
    await world.clock.finish(uninstallService(world.api, { service: 'kafka', keepVolumes: false, requestedBy }));
    await untilQuiet(world);
    expect(await world.state('kafka')).toBeUndefined();
    expect(volumeIds(world)).toEqual([]);
  });
});

describe('a replacement that Warden asks for by itself', () => {
  test('is stored with its reason, and gives way to an operator, and to another volume', async () => {
    const world = await deployedService({ hosts: 3 });
    const state = await world.state('kafka');
    const goal = await goalOf(world, 1);
    if (state === undefined) throw new Error('it is installed');
    const asked = {
      nodeId: 1,
      volume: 'discard' as const,
      force: false,
      why: 'its zone is lost',
      requestedBy: 'warden',
    };
    const ask = async (volumeId: string) => {
      const { type } = await world.clock.finish(wishForReplacement(world.api, 'kafka', { ...asked, volumeId }));
      return { type };
    };
    expect(await ask('vol-of-long-ago')).toEqual({ type: 'already' });
    await replace(world, 1, 'keep');
    expect(await ask(goal.volume.id ?? '')).toEqual({ type: 'already' });
    await world.clock.finish(resumeNode(world.api, { service: 'kafka', nodeId: 1, requestedBy }));
    expect(await ask(goal.volume.id ?? '')).toEqual({ type: 'accepted' });
    const wish = (await world.state('kafka'))?.nodeWishes.find(({ nodeId }) => nodeId === 1);
    expect(wish?.replace).toMatchObject({ times: 2, volumeId: goal.volume.id, why: 'its zone is lost' });
  });

  test('is not made of a snapshot for a controller', async () => {
    const world = await deployedService();
    const state = await world.state('kafka');
    if (state === undefined) throw new Error('it is installed');
    const asked = { nodeId: 1001, volume: 'snapshot' as const, snapshotId: 'snap-1', force: false, requestedBy };
    expect(await world.clock.finish(wishForReplacement(world.api, 'kafka', asked))).toEqual({
      type: 'no snapshot of a controller',
    });
  });
});
