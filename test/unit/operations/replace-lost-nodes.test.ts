import { describe, expect, test } from '@jest/globals';
import { viewRecovery } from '../../../lib/model/plan/recovery-view.ts';
import { deployedService, faultsOf, killed, taskOf } from '../../support/deployed-service.ts';
import { fakeHost } from '../../support/fake-hosts.ts';
import type { FakeWorld } from '../../support/fake-world.ts';

const minuteMs = 60_000;
const enabled = { service: { enable_replacement: true } };

/** Broker 2 and controller 1002 are in the zone. With three hosts no other one has a port for them. */
async function zoneLost(options: unknown, hosts = 3): Promise<FakeWorld> {
  const world = await deployedService({ hosts }, options);
  for (const { instanceId, zone } of await world.hosts.list())
    if (zone === 'eu-west-1c') await world.loseHost(instanceId, 'hears of it');
  await world.clock.pass(minuteMs);
  return world;
}

/** As the schedule does it. */
async function sweeps(world: FakeWorld, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    await world.clock.pass(5 * minuteMs);
    await world.sweep();
  }
}

async function wishes(world: FakeWorld) {
  const state = await world.state('kafka');
  return (state?.nodeWishes ?? []).flatMap(({ nodeId, replace }) =>
    replace === undefined ? [] : [{ nodeId, ...replace }],
  );
}

async function recoveryOf(world: FakeWorld, pod: string) {
  const state = await world.state('kafka');
  const phases = (state && viewRecovery(state)?.phases) ?? [];
  return phases.flatMap(({ steps }) => steps).find(({ name }) => name.startsWith(pod));
}

async function history(world: FakeWorld): Promise<readonly string[]> {
  const { operations } = await world.store.listOperations('kafka', { limit: 10 });
  return operations.map(({ kind, requestedBy, pod, why }) => [kind, requestedBy, pod, why].join(' | '));
}

describe('a zone without hosts', () => {
  test('makes its nodes wait for a person, however long, unless replacement is enabled', async () => {
    const world = await zoneLost({});
    await sweeps(world, 12);
    expect(await wishes(world)).toEqual([]);
    expect((await recoveryOf(world, 'kafka-2'))?.waiting?.sentence).toContain(
      '"warden pod replace kafka-2 --discard" starts it with an empty volume',
    );
    expect((await recoveryOf(world, 'controller-2'))?.waiting?.sentence).toContain('"warden pod replace controller-2');
    expect(faultsOf(world)).toEqual([]);
  });

  test('has one of its nodes replaced after the grace period, and the plan tells when before', async () => {
    const world = await zoneLost(enabled, 6);
    await sweeps(world, 3);
    expect(await wishes(world)).toEqual([]);
    expect((await recoveryOf(world, 'kafka-2'))?.waiting?.sentence).toMatch(
      /it is replaced by itself after 20\S+Z, when its grace period \(recover_in_place_grace_period_secs\) is over$/,
    );
    await sweeps(world, 1);
    expect(await wishes(world)).toMatchObject([
      { nodeId: 1002, times: 1, volume: 'discard', force: false, requestedBy: 'warden' },
    ]);
    expect((await history(world))[0]).toMatch(
      /^replace node \| warden \| controller-2 \| no host of eu-west-1c has been/,
    );
    expect((await recoveryOf(world, 'controller-2'))?.message).toMatch(
      / Replacement: empty volume \(no host of eu-west/,
    );
    expect((await recoveryOf(world, 'kafka-2'))?.waiting?.sentence).not.toContain('by itself with the next look');
    await sweeps(world, 4);
    const replaced = await world.store.readGoal('kafka', 1002);
    expect(replaced).toMatchObject({ replaced: 1, volume: { generation: 2, kafkaFormatted: true } });
    expect(replaced?.host?.zone).not.toBe('eu-west-1c');
    // The next one follows after the least time in between.
    const [controller, broker] = await wishes(world);
    expect(broker).toMatchObject({ nodeId: 2, volume: 'discard', force: false });
    expect((broker?.requestedAt ?? 0) - (controller?.requestedAt ?? 0)).toBeGreaterThanOrEqual(10 * minuteMs);
    expect(faultsOf(world)).toEqual([]);
  });

  test('has the next one asked for while the first waits for a host: it has given up nothing', async () => {
    const world = await zoneLost(enabled);
    for (const { instanceId } of await world.hosts.list()) world.hosts.change(instanceId, { freeCpuUnits: 0 });
    await sweeps(world, 5);
    expect(await wishes(world)).toMatchObject([{ nodeId: 1002 }]);
    await sweeps(world, 2);
    expect(await wishes(world)).toMatchObject([
      { nodeId: 1002, times: 1 },
      { nodeId: 2, times: 1 },
    ]);
    expect(faultsOf(world)).toEqual([]);
  });

  test('keeps its nodes when a host joins in time', async () => {
    const world = await zoneLost(enabled);
    await sweeps(world, 3);
    world.hosts.add({ ...fakeHost(20), zone: 'eu-west-1c' });
    await sweeps(world, 3);
    expect(await wishes(world)).toEqual([]);
    expect((await world.state('kafka'))?.emptyZones).toEqual({ service: 'kafka', zones: [] });
    expect((await world.store.readGoal('kafka', 2))?.host?.instanceId).toBe(fakeHost(20).instanceId);
    expect(faultsOf(world)).toEqual([]);
  });

  test('begins its grace period anew after a host was there for a moment', async () => {
    const world = await zoneLost(enabled);
    await sweeps(world, 3);
    // It has no room for any of them.
    world.hosts.add({ ...fakeHost(20), zone: 'eu-west-1c', cpuUnits: 1, freeCpuUnits: 1 });
    await sweeps(world, 1);
    world.hosts.change(fakeHost(20).instanceId, { agentConnected: false });
    await sweeps(world, 4);
    expect(await wishes(world)).toEqual([]);
    await sweeps(world, 2);
    expect(await wishes(world)).toHaveLength(1);
  });
});

describe('a volume that is lost', () => {
  test.each(['gone', 'error'] as const)('is replaced by its newest snapshot: %s', async (how) => {
    const world = await deployedService({ hosts: 6 }, enabled);
    const goal = await world.store.readGoal('kafka', 0);
    const volumeId = goal?.volume?.id ?? '';
    const snapshot = { volumeId, state: 'completed', sizeGiB: 5 };
    const startedAt = world.clock.clock();
    world.volumes.addSnapshot({ ...snapshot, snapshotId: 'snap-1', startedAt: startedAt - 1_000 });
    world.volumes.addSnapshot({ ...snapshot, snapshotId: 'snap-2', startedAt });
    world.volumes.lose(volumeId, how);
    world.tasks.end(taskOf(world, 0).view.taskArn, killed);
    await sweeps(world, 3);
    expect((await recoveryOf(world, 'kafka-0'))?.waiting?.sentence).toContain(
      how === 'gone' ? `EC2 does not know volume ${volumeId} any more` : `EC2 calls volume ${volumeId} "error"`,
    );
    await sweeps(world, 2);
    expect(await wishes(world)).toMatchObject([{ nodeId: 0, volume: 'snapshot', snapshotId: 'snap-2', force: false }]);
    // The fake's volumes are empty, also those made of snapshots: the node gets it, and no further.
    await sweeps(world, 2);
    expect(await world.store.readGoal('kafka', 0)).toMatchObject({
      ...{ replaced: 1, volume: { generation: 2, snapshotId: 'snap-2', id: expect.stringMatching(/^vol-/) } },
      discarded: [{ id: volumeId, kept: true }],
    });
    expect(faultsOf(world)).toEqual([]);
  });

  test('is waited for while Kafka cannot spare it, and the plan names the partition; then it is replaced', async () => {
    const world = await deployedService({ hosts: 6 }, enabled);
    const goal = await world.store.readGoal('kafka', 0);
    world.kafka.setTopics([{ topic: 'orders', replicas: [0], minIsr: 1 }]);
    world.volumes.lose(goal?.volume?.id ?? '', 'error');
    world.tasks.end(taskOf(world, 0).view.taskArn, killed);
    await sweeps(world, 8);
    expect((await recoveryOf(world, 'kafka-0'))?.waiting?.sentence).toBe(
      `has lost its volume (EC2 calls volume ${goal?.volume?.id} "error", which never ends) and gets no other one: no other live replica is in sync of 1 partition: orders-0. It is replaced as soon as that has changed. Where it never will, have a replica that is left lead: "kafka-log-dirs.sh --describe" shows which has the most, "kafka-leader-election.sh --election-type UNCLEAN"; where none is left, "warden pod replace kafka-0 --discard --force" gives up what only it had; "warden pod resume kafka-0" takes the replacement back`,
    );
    expect((await world.store.readGoal('kafka', 0))?.volume).toEqual(goal?.volume);
    world.kafka.setTopics([{ topic: 'orders', replicas: [0, 1], minIsr: 1 }]);
    await sweeps(world, 2);
    expect(await world.store.readGoal('kafka', 0)).toMatchObject({ replaced: 1, volume: { generation: 2 } });
    expect(await recoveryOf(world, 'kafka-0')).toBeUndefined();
    expect(faultsOf(world)).toEqual([]);
  });
});

describe('a replacement that nobody has begun with', () => {
  test('is taken back when a host of the zone is there again, and asked for once more after that', async () => {
    const world = await zoneLost(enabled);
    for (const { instanceId } of await world.hosts.list()) world.hosts.change(instanceId, { freeCpuUnits: 0 });
    await sweeps(world, 5);
    expect(await wishes(world)).toMatchObject([{ nodeId: 1002, times: 1 }]);
    world.hosts.add({ ...fakeHost(20), zone: 'eu-west-1c', cpuUnits: 1, freeCpuUnits: 1 });
    await sweeps(world, 1);
    expect(await wishes(world)).toMatchObject([{ nodeId: 1002, times: 1, cancelled: true }]);
    expect((await history(world))[0]).toBe(
      'withdraw replacement | warden | controller-2 | host and volume of controller-2 are back',
    );
    world.hosts.lose(fakeHost(20).instanceId);
    await sweeps(world, 6);
    const [again] = await wishes(world);
    expect(again).toMatchObject({ nodeId: 1002, times: 2 });
    expect(again).not.toHaveProperty('cancelled');
  });
});
