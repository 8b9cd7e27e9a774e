import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { nodeName } from '../../../lib/model/names/node-name.ts';
import type { ServiceState } from '../../../lib/model/state.ts';
import { installService } from '../../../lib/operations/install-service.ts';
import { publishUntilSettled } from '../../../lib/operations/names/publish-until-settled.ts';
import { removeNames } from '../../../lib/operations/names/remove-names.ts';
import { zoneOfService } from '../../../lib/operations/names/zone-of-service.ts';
import { reconcileService } from '../../../lib/operations/reconcile-service.ts';
import { uninstallService } from '../../../lib/operations/uninstall-service.ts';
import type { Store } from '../../../lib/ports/store.ts';
import { deployedService, faultsOf, hourMs, killed, taskOf, untilQuiet } from '../../support/deployed-service.ts';
import { createFakeNames, type FakeNames } from '../../support/fake-names.ts';
import { createFakeWorld, type FakeWorld, type FakeWorldOptions } from '../../support/fake-world.ts';
import { createHandClock } from '../../support/hand-clock.ts';
import { service } from '../model/plan-status/a-service.ts';

const zone = { name: 'kafka.internal' };
const nodeIds = [0, 1, 2, 1000, 1001, 1002];

function zoneOf(world: FakeWorld): FakeNames {
  if (world.names === undefined) throw new Error('this world has no zone');
  return world.names;
}

function propertiesOf(world: FakeWorld, nodeId: number): readonly string[] {
  const packed = taskOf(world, nodeId).request.environment['WARDEN_PROPERTIES'] ?? '';
  return gunzipSync(Buffer.from(packed, 'base64')).toString().split('\n');
}

async function addressOf(world: FakeWorld, nodeId: number): Promise<string> {
  const state = await world.state('kafka');
  return state?.goals.find((goal) => goal.nodeId === nodeId)?.host?.address ?? 'no address';
}

/** What the zone must say of the default service. */
async function expectedLines(world: FakeWorld): Promise<readonly string[]> {
  const [zero, one, two, c0, c1, c2] = await Promise.all(nodeIds.map((nodeId) => addressOf(world, nodeId)));
  const all = [zero, one, two].sort().join(',');
  return [
    `b0.kafka.kafka.internal ${zero}`,
    `b1.kafka.kafka.internal ${one}`,
    `b2.kafka.kafka.internal ${two}`,
    `bootstrap.kafka.kafka.internal ${all}`,
    `c0.kafka.kafka.internal ${c0}`,
    `c1.kafka.kafka.internal ${c1}`,
    `c2.kafka.kafka.internal ${c2}`,
  ];
}

async function uninstall(world: FakeWorld): Promise<void> {
  const request = { service: 'kafka', keepVolumes: false, requestedBy: 'test' };
  expect((await world.clock.finish(uninstallService(world.api, request))).type).toBe('accepted');
  await untilQuiet(world);
}

describe('a deploy with a private zone', () => {
  test('publishes a name for each node and one for all brokers, and the nodes advertise them', async () => {
    const world = await deployedService({ zone });
    expect(zoneOf(world).lines()).toEqual(await expectedLines(world));
    const bound = `PLAINTEXT://${await addressOf(world, 1)}:9092`;
    const quorum = ['c0', 'c1', 'c2'].map((label) => `${label}.kafka.kafka.internal:9093`).join(',');
    expect(propertiesOf(world, 1)).toEqual(
      expect.arrayContaining([
        `listeners=${bound}`,
        'advertised.listeners=PLAINTEXT://b1.kafka.kafka.internal:9092',
        `controller.quorum.bootstrap.servers=${quorum}`,
      ]),
    );
    expect(propertiesOf(world, 1002)).toEqual(
      expect.arrayContaining(['advertised.listeners=CONTROLLER://c2.kafka.kafka.internal:9093']),
    );
    expect(faultsOf(world)).toEqual([]);
  });

  test('starts no node before every resolver knows the names that it starts with', async () => {
    const early: string[] = [];
    const seen = new Set<string>();
    let world: FakeWorld | undefined;
    const fate: FakeWorldOptions['fate'] = (view) => {
      const [, , nodeId, purpose] = view.startedBy?.split('/') ?? [];
      if (world === undefined || purpose !== 'node' || seen.has(view.taskArn)) return [60];
      seen.add(view.taskArn);
      const own = nodeName({ service: 'kafka', zone: zone.name }, Number(nodeId));
      const needed = [own, ...['c0', 'c1', 'c2'].map((label) => `${label}.kafka.kafka.internal`)];
      early.push(...needed.filter((name) => !zoneOf(world as FakeWorld).isEverywhere(name)));
      return [60];
    };
    world = createFakeWorld({ zone: { ...zone, spreadMs: 45_000 }, startMs: 10, fate });
    await world.install({});
    await untilQuiet(world);
    expect(seen.size).toBe(6);
    expect(early).toEqual([]);
  });

  test('shows what it waits for while a change spreads', async () => {
    const world = createFakeWorld({ zone: { ...zone, spreadMs: 120_000 } });
    await world.install({});
    await world.clock.until('the wait', () => zoneOf(world).published.length > 0, hourMs);
    await world.clock.pass(30_000);
    const reason = { type: 'name', name: 'c0.kafka.kafka.internal', changeId: 'C1' };
    expect((await world.state('kafka'))?.waits).toMatchObject([{ nodeId: 1000, reason }]);
    // Asked again and again, but published once.
    expect(zoneOf(world).published.length).toBe(1);
  });

  const domain = 'kafka.kafka.internal';
  const small = { controllers: { count: 1 }, brokers: { count: 1 } };
  test('comes to the same end when its process dies before or after any one of its calls', async () => {
    const deploy = async (options: FakeWorldOptions) => {
      const world = createFakeWorld({ zone: { ...zone, spreadMs: 2_000 }, ...options });
      await world.install(small);
      await untilQuiet(world, 2 * hourMs);
      return world;
    };
    const { crashes } = await deploy({});
    expect(crashes.calls).toEqual(expect.arrayContaining(['publish', 'change']));
    const outcomeOf = async (world: FakeWorld) => ({
      lines: zoneOf(world).lines(),
      open: (await world.state('kafka'))?.steps.filter(({ endedAt }) => endedAt === undefined),
      faults: faultsOf(world),
    });
    for (const when of ['before', 'after'] as const) {
      for (const [call, name] of crashes.calls.entries()) {
        const world = await deploy({ crash: { call, when } });
        const [broker, controller] = [await addressOf(world, 0), await addressOf(world, 1000)];
        const lines = [`b0.${domain} ${broker}`, `bootstrap.${domain} ${broker}`, `c0.${domain} ${controller}`];
        const outcome = await outcomeOf(world);
        expect({ died: `${when} ${name} (${call})`, ...outcome }).toEqual({
          died: `${when} ${name} (${call})`,
          ...{ lines, open: [], faults: [] },
        });
      }
    }
  }, 60_000);

  test('publishes anew when Route 53 has forgotten the change', async () => {
    const world = createFakeWorld({ zone: { ...zone, spreadMs: 60_000 } });
    await world.install({});
    await world.clock.until('the first change', () => zoneOf(world).published.length > 0, hourMs);
    zoneOf(world).forgetChanges();
    await world.clock.until('the next change', () => zoneOf(world).published.length > 1, hourMs);
    expect(new Set(zoneOf(world).published)).toEqual(
      new Set(['c0.kafka.kafka.internal c1.kafka.kafka.internal c2.kafka.kafka.internal']),
    );
  });
});

describe('a node that starts again on its host', () => {
  test('asks nothing of the zone', async () => {
    const world = await deployedService({ zone });
    const before = world.crashes.calls.filter((call) => call === 'publish' || call === 'change').length;
    world.tasks.end(taskOf(world, 1).view.taskArn, killed);
    await untilQuiet(world);
    expect(taskOf(world, 1).request.startedBy).toBe('warden/kafka/1/node/2');
    expect(world.crashes.calls.filter((call) => call === 'publish' || call === 'change').length).toBe(before);
  });
});

describe('a service of a deployment without a zone', () => {
  test('uses addresses, also after the stack was given a zone', async () => {
    const world = createFakeWorld({ zone });
    const { zone: _later, ...api } = world.api;
    await world.clock.finish(installService(api, { options: {}, requestedBy: 'test' }));
    await untilQuiet(world);
    world.tasks.end(taskOf(world, 1).view.taskArn, killed);
    await untilQuiet(world);
    await world.reconcile('kafka');
    expect(taskOf(world, 1).request.startedBy).toBe('warden/kafka/1/node/2');
    const advertised = `advertised.listeners=PLAINTEXT://${await addressOf(world, 1)}:9092`;
    expect(propertiesOf(world, 1)).toContain(advertised);
    await uninstall(world);
    expect(zoneOf(world).published).toEqual([]);
    expect(faultsOf(world)).toEqual([]);
  });
});

describe('two brokers that are placed side by side', () => {
  test('are both behind the bootstrap name, whoever writes last', async () => {
    const clock = createHandClock();
    const names = createFakeNames(clock, { zone: 'kafka.internal', spreadMs: 0 });
    const record = (...addresses: string[]) => [{ name: 'bootstrap.kafka.kafka.internal', addresses, ttlSeconds: 10 }];
    const alone = service({ target: { ...service().target, clusterId: 'one placed' } });
    const both = service({ target: { ...service().target, clusterId: 'both placed' } });
    const wanted = ({ target }: ServiceState) =>
      target.clusterId === 'one placed' ? record('10.0.0.1') : record('10.0.0.1', '10.0.0.2');
    // The other one is placed, and publishes, between what we read and what we write.
    await names.publish(wanted(both));
    const store = { readService: async () => both } as unknown as Store;
    const published = await publishUntilSettled({ store, names }, alone, wanted);
    expect(names.lines()).toEqual(['bootstrap.kafka.kafka.internal 10.0.0.1,10.0.0.2']);
    expect(published.changeId).toBe('C3');
  });
});

describe('reconcile', () => {
  test('publishes what somebody else changed or removed, and leaves what is as it should be', async () => {
    const world = await deployedService({ zone });
    const names = zoneOf(world);
    const before = names.published.length;
    await world.reconcile('kafka');
    expect(names.published.length).toBe(before);
    names.set('b1.kafka.kafka.internal', ['10.9.9.9']);
    names.set('bootstrap.kafka.kafka.internal', []);
    await world.reconcile('kafka');
    expect(names.lines()).toEqual(await expectedLines(world));
    expect(names.published.slice(before)).toEqual(['b1.kafka.kafka.internal bootstrap.kafka.kafka.internal']);
  });
});

describe('reconcile in a stack that lost the zone of a service', () => {
  test('does all else', async () => {
    const world = await deployedService({ zone });
    const { store, clock, tasks, taskLogs, machines } = world;
    const names = createFakeNames(clock, { zone: 'other.internal', spreadMs: 0 });
    const ports = { store, planRunner: machines, tasks, taskLogs, clock: clock.clock };
    await clock.finish(reconcileService(ports, 'kafka'));
    await clock.finish(reconcileService({ ...ports, names }, 'kafka'));
    expect(names.lines()).toEqual([]);
  });
});

describe('an uninstall', () => {
  test('says which zone it misses, and goes on when the stack has it again', async () => {
    const world = await deployedService({ zone });
    const request = { service: 'kafka', keepVolumes: false, requestedBy: 'test' };
    const accepted = await world.clock.finish(uninstallService(world.api, request));
    if (accepted.type !== 'accepted') throw new Error(accepted.type);
    const { planId } = accepted;
    const refusal = world.clock.finish(removeNames({ store: world.store }, { service: 'kafka', planId }));
    await expect(refusal).rejects.toMatchObject({ name: 'ZoneMissing', retriable: false });
    await untilQuiet(world);
    expect(zoneOf(world).lines()).toEqual([]);
  });

  test('removes the names of its service, whatever they say, and no others', async () => {
    const world = await deployedService({ zone });
    const names = zoneOf(world);
    names.set('b1.kafka.kafka.internal', ['10.9.9.9']);
    // Of a broker that the service no longer has.
    names.set('b17.kafka.kafka.internal', ['10.9.9.8']);
    const others = ['b0.kafka-dev.kafka.internal', 'b0.kafka.internal', 'www.kafka.kafka.internal'];
    for (const name of others) names.set(name, ['10.1.1.1']);
    await uninstall(world);
    expect(names.lines()).toEqual(others.map((name) => `${name} 10.1.1.1`).sort());
    expect(await world.store.listServices()).toEqual([]);
    expect(faultsOf(world)).toEqual([]);
  });
});

describe('the zone of a service', () => {
  const named = { service: 'kafka', zone: 'kafka.internal' };

  test('is that of the stack', () => {
    const names = createFakeNames(createHandClock(), { zone: 'kafka.internal', spreadMs: 0 });
    expect(zoneOfService({ names }, named)).toBe(names);
  });

  test('is asked for by name when the stack has it no longer', () => {
    const names = createFakeNames(createHandClock(), { zone: 'other.internal', spreadMs: 0 });
    const ask = 'deploy it with -c warden:zone=kafka.internal';
    expect(() => zoneOfService({ names }, named)).toThrow(`this stack has the zone other.internal: ${ask}`);
    expect(() => zoneOfService({}, named)).toThrow(`this stack has no private zone: ${ask}`);
  });
});
