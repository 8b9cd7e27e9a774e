import { describe, expect, test } from '@jest/globals';
import { forgetService } from '../../../lib/operations/forget-service.ts';
import { installService } from '../../../lib/operations/install-service.ts';
import { onTaskChanged } from '../../../lib/operations/on-task-changed.ts';
import { uninstallService } from '../../../lib/operations/uninstall-service.ts';
import {
  deployedService,
  faultsOf,
  hourMs,
  killed,
  liveTasks,
  taskOf,
  untilQuiet,
} from '../../support/deployed-service.ts';
import { createFakeWorld, type FakeWorld } from '../../support/fake-world.ts';

async function uninstall(world: FakeWorld, keepVolumes = false): Promise<void> {
  const request = { service: 'kafka', keepVolumes, requestedBy: 'test' };
  const result = await world.clock.finish(uninstallService(world.api, request));
  expect(result.type).toBe('accepted');
}

async function whatIsLeft(world: FakeWorld) {
  return {
    services: await world.store.listServices(),
    ports: await world.store.listPortClaims(),
    state: await world.state('kafka'),
    liveTasks: liveTasks(world),
    volumes: world.volumes.list(),
    families: [...world.tasks.families.keys()],
    openTokens: world.machines.openTokens(),
    failed: world.machines.list().filter(({ status }) => status === 'FAILED'),
    faults: faultsOf(world),
  };
}

const nothing = {
  services: [],
  ports: [],
  state: undefined,
  liveTasks: [],
  volumes: [],
  families: [],
  openTokens: [],
  failed: [],
  faults: [],
};

describe('an uninstall', () => {
  test('does not wait for a step that waits for a host', async () => {
    const world = createFakeWorld();
    // Room for controllers (512 MiB), none for brokers (2048 MiB).
    for (const { instanceId } of await world.hosts.list()) world.hosts.change(instanceId, { freeMemoryMiB: 700 });
    await world.install({});
    await world.clock.pass(60_000);
    expect((await world.state('kafka'))?.waits).toMatchObject([{ nodeId: 0, awaits: 'capacity' }]);
    await uninstall(world);
    await world.clock.pass(30_000);
    expect(await world.store.listServices()).toEqual([]);
    expect(await whatIsLeft(world)).toEqual(nothing);
  });

  test('stops brokers before controllers and leaves nothing but a tombstone', async () => {
    const world = await deployedService();
    await uninstall(world);
    await world.clock.until('the controllers stop', () =>
      world.tasks
        .list()
        .some(({ request, view }) => /\/100\d\/node/.test(request.startedBy) && view.desiredStatus === 'STOPPED'),
    );
    expect(liveTasks(world).filter((startedBy) => /\/[012]\/node/.test(startedBy))).toEqual([]);
    await untilQuiet(world);
    expect(await whatIsLeft(world)).toEqual(nothing);
    const tombstone = await world.store.readTombstone('kafka');
    expect(tombstone?.plan.kind).toBe('uninstall');
    expect(tombstone?.keptVolumeIds).toEqual([]);
    expect(tombstone?.history?.map(({ kind, outcome }) => [kind, outcome.type])).toEqual([
      ['uninstall', 'complete'],
      ['install', 'complete'],
    ]);
    expect(world.kafka.released).toEqual([]);
  });

  test('keeps the volumes, detached and named in the tombstone, when asked', async () => {
    const world = await deployedService();
    await uninstall(world, true);
    await untilQuiet(world);
    expect(world.volumes.list().map(({ state, attachment }) => ({ state, attachment }))).toEqual(
      Array.from({ length: 6 }, () => ({ state: 'available', attachment: undefined })),
    );
    const tombstone = await world.store.readTombstone('kafka');
    expect([...(tombstone?.keptVolumeIds ?? [])].sort()).toEqual(world.volumes.list().map(({ id }) => id));
  });

  test('of a deploy at any moment ends the deploy and leaves nothing', async () => {
    for (let momentMs = 0; momentMs <= 16_000; momentMs += 400) {
      const world = createFakeWorld();
      await world.install({ controllers: { count: 1 }, brokers: { count: 1 } });
      await world.clock.pass(momentMs);
      await uninstall(world);
      await untilQuiet(world);
      const starts = world.tasks.list().length;
      await world.clock.pass(hourMs);
      expect({ momentMs, ...(await whatIsLeft(world)) }).toEqual({ momentMs, ...nothing });
      expect(world.tasks.list().length).toBe(starts);
    }
  });

  test('of a recovery at any moment ends the recovery and leaves nothing', async () => {
    for (let momentMs = 0; momentMs <= 16_000; momentMs += 1_000) {
      const world = await deployedService({}, { controllers: { count: 1 }, brokers: { count: 1 } });
      world.tasks.end(taskOf(world, 0).view.taskArn, killed);
      await world.clock.pass(momentMs);
      await uninstall(world);
      await untilQuiet(world);
      expect({ momentMs, ...(await whatIsLeft(world)) }).toEqual({ momentMs, ...nothing });
    }
  });

  test('lets who still waits look again before it forgets the service: nobody could answer afterwards', async () => {
    const world = createFakeWorld();
    await world.install({});
    await uninstall(world);
    const planId = (await world.state('kafka'))?.wish.planId ?? '';
    const reason = { type: 'turn', heldBy: 'somebody' } as const;
    const wait = { service: 'kafka', nodeId: 0, holder: 'a step of an older plan', since: 1, reason };
    await world.store.putWait({ ...wait, awaits: 'turn', token: 'the token' });
    const answered: string[] = [];
    const answer = async (token: string) => {
      answered.push(`${token}, ${(await world.state('kafka')) === undefined ? 'forgotten' : 'still there'}`);
      return true;
    };
    const ports = { ...world.api, tasks: world.tasks, planRunner: { ...world.api.planRunner, answer } };
    await world.clock.finish(forgetService(ports, { service: 'kafka', planId }));
    expect(answered).toContain('the token, still there');
    expect(await world.state('kafka')).toBeUndefined();
  });

  test('finds and deletes a volume whose id was never learnt', async () => {
    const healthy = await deployedService();
    const call = healthy.crashes.calls.indexOf('create');
    const world = createFakeWorld({ crash: { call, when: 'after' } });
    await world.install({});
    await world.clock.until('the death', () => world.crashes.calls.length > call);
    await uninstall(world);
    await untilQuiet(world);
    expect(await whatIsLeft(world)).toEqual(nothing);
  });

  test('deletes a volume that EC2 does not show yet', async () => {
    const healthy = await deployedService();
    const call = healthy.crashes.calls.indexOf('create');
    const world = createFakeWorld({ crash: { call, when: 'after' } });
    // Longer than the uninstall takes to come to the volumes.
    world.volumes.hideFresh(15_000);
    await world.install({});
    await world.clock.until('the death', () => world.crashes.calls.length > call);
    await uninstall(world);
    await untilQuiet(world);
    expect(await whatIsLeft(world)).toEqual(nothing);
  });

  test('ends although a volume was deleted by hand', async () => {
    const world = await deployedService();
    const [volume] = world.volumes.list();
    await uninstall(world);
    await world.clock.until('the volume is detached', () =>
      world.volumes.list().some(({ id, state }) => id === volume?.id && state === 'available'),
    );
    expect(await world.volumes.remove(volume?.id ?? '')).toBe(true);
    await untilQuiet(world);
    expect(await whatIsLeft(world)).toEqual(nothing);
  });

  test('ends although ECS refused the task that the deploy asked for', async () => {
    const world = createFakeWorld();
    for (let refusal = 0; refusal < 500; refusal++) world.tasks.refuseNext('RESOURCE:MEMORY');
    await world.install({});
    await world.clock.pass(120_000);
    await uninstall(world);
    await untilQuiet(world);
    expect(await whatIsLeft(world)).toEqual(nothing);
  });

  test('ends when it comes while a recovery waits for its turn, and wakes it in vain', async () => {
    const world = await deployedService();
    for (const nodeId of [0, 1000, 1001]) world.tasks.end(taskOf(world, nodeId).view.taskArn, killed);
    await world.clock.pass(1_000);
    await uninstall(world);
    await untilQuiet(world);
    expect(await whatIsLeft(world)).toEqual(nothing);
  });

  test('is answered with its plan when it is asked for again', async () => {
    const world = await deployedService();
    const request = { service: 'kafka', keepVolumes: false, requestedBy: 'test' };
    const first = await world.clock.finish(uninstallService(world.api, request));
    const second = await world.clock.finish(uninstallService(world.api, { ...request, keepVolumes: true }));
    expect(first.type).toBe('accepted');
    expect(second).toEqual({ ...first, type: 'already' });
    await untilQuiet(world);
    expect(world.volumes.list()).toEqual([]);
    expect(await world.clock.finish(uninstallService(world.api, request))).toEqual({ type: 'no service' });
  });

  test('comes to the same end when its process dies before or after any one of its calls', async () => {
    const small = { controllers: { count: 1 }, brokers: { count: 1 } };
    const healthy = await deployedService({}, small);
    const from = healthy.crashes.calls.length;
    await uninstall(healthy);
    await untilQuiet(healthy);
    for (const when of ['before', 'after'] as const) {
      for (let call = from; call < healthy.crashes.calls.length; call++) {
        const world = await deployedService({ crash: { call, when } }, small);
        await uninstall(world);
        await untilQuiet(world);
        const died = `${when} ${healthy.crashes.calls[call]} (${call})`;
        expect({ died, ...(await whatIsLeft(world)) }).toEqual({ died, ...nothing });
      }
    }
  }, 30_000);
});

describe('a service installed again under the same name', () => {
  test('is not touched by late events of the tasks of the first one', async () => {
    const world = await deployedService();
    const old = world.tasks.list().map(({ view }) => view);
    await uninstall(world);
    await untilQuiet(world);
    await world.install({});
    await untilQuiet(world);
    const before = world.tasks.list().length;
    const { store, tasks, taskLogs } = world;
    const ports = { store, planRunner: world.machines, tasks, taskLogs, clock: world.clock.clock };
    for (const { taskArn } of old) await world.clock.finish(onTaskChanged(ports, { taskArn, version: 1 }));
    await world.reconcile('kafka');
    await untilQuiet(world);
    expect(world.tasks.list().length).toBe(before);
    expect(liveTasks(world).length).toBe(6);
    expect(faultsOf(world)).toEqual([]);
  });
});

describe('installs that race', () => {
  test('for a name: one gets it, the other is told', async () => {
    const world = createFakeWorld();
    const install = () => installService(world.api, { options: {}, requestedBy: 'test' });
    const results = await world.clock.finish(Promise.all([install(), install()]));
    expect(results.map(({ type }) => type).sort()).toEqual(['accepted', 'name taken']);
  });

  test('for automatic ports: both get their own', async () => {
    const world = createFakeWorld();
    const install = (name: string) =>
      installService(world.api, { options: { service: { name } }, requestedBy: 'test' });
    const results = await world.clock.finish(Promise.all([install('one'), install('two')]));
    expect(results.map(({ type }) => type)).toEqual(['accepted', 'accepted']);
    const claims = await world.store.listPortClaims();
    expect(claims.map(({ port }) => port).sort()).toEqual([9092, 9093, 9094, 9095]);
  });

  test('for one port that both name: one gets it, the other is told which', async () => {
    const world = createFakeWorld();
    const install = (name: string) =>
      installService(world.api, { options: { service: { name }, brokers: { port: 9100 } }, requestedBy: 'test' });
    const results = await world.clock.finish(Promise.all([install('one'), install('two')]));
    expect(results.find(({ type }) => type === 'accepted')).toBeDefined();
    expect(results.find(({ type }) => type !== 'accepted')).toMatchObject({
      type: 'port taken',
      refusals: [
        { pointer: '/brokers/port', value: 9100, message: expect.stringMatching(/belongs to the service (one|two)/) },
      ],
    });
  });

  test('are started by reconcile when the API died after it had stored them', async () => {
    const world = createFakeWorld();
    const planRunner = { ...world.machines, start: () => Promise.reject(new Error('died')) };
    const install = installService({ ...world.api, planRunner }, { options: {}, requestedBy: 'test' });
    await expect(world.clock.finish(install)).rejects.toThrow('died');
    expect(world.machines.list()).toEqual([]);
    await world.reconcile('kafka');
    await untilQuiet(world);
    expect(liveTasks(world).length).toBe(6);
  });
});
