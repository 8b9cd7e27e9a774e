import { describe, expect, test } from '@jest/globals';
import { waitingSentence } from '../../../lib/model/waiting-reason.ts';
import { onCapacityChanged } from '../../../lib/operations/on-capacity-changed.ts';
import {
  deployedService,
  execution,
  faultsOf,
  hourMs,
  liveTasks,
  taskOf,
  untilQuiet,
} from '../../support/deployed-service.ts';
import { fakeHost } from '../../support/fake-hosts.ts';
import { createFakeWorld, type FakeWorld } from '../../support/fake-world.ts';
import { beginsAt } from '../../support/hand-clock.ts';

const small = { controllers: { count: 1 }, brokers: { count: 1 } };
const smallTasks = [
  'warden/kafka/1000/preparation/1',
  'warden/kafka/1000/node/1',
  'warden/kafka/0/preparation/1',
  'warden/kafka/0/node/1',
];
const startedBy = (world: FakeWorld) => world.tasks.list().map(({ request }) => request.startedBy);
const tookSeconds = (world: FakeWorld) => (world.clock.clock() - beginsAt) / 1000;

/** Lets the first run of the small service end. */
async function untilDeployed(world: FakeWorld): Promise<void> {
  await world.clock.until('the end of the run', () => world.machines.list()[0]?.status !== 'RUNNING', hourMs);
}

describe('a step that attaches a volume', () => {
  test('tells at once that the host of its node has ended', async () => {
    const world = createFakeWorld();
    const [first] = await world.hosts.list();
    for (const { instanceId } of await world.hosts.list()) world.volumes.endHost(instanceId);
    await world.install(small);
    // No host is asked for anything in the ten seconds in which a volume may come to a host that lives.
    await world.clock.pass(10_000);
    const [wait] = (await world.state('kafka'))?.waits ?? [];
    expect(wait?.reason).toEqual({
      type: 'volume',
      volumeId: 'vol-00000000000000001',
      state: `available, and not attached: EC2 says that its host ${first?.instanceId} is terminated`,
    });
  });
});

describe('a step that waits for a task', () => {
  test.each([
    ['in time', [50]],
    ['at the very moment', [0]],
    ['late', [5_000]],
    ['twice', [50, 1_000]],
  ] as const)('that takes long goes on when its event comes %s', async (_how, fate) => {
    const world = createFakeWorld({ startMs: 40_000, fate: () => [...fate] });
    await world.install(small);
    await untilDeployed(world);
    expect(startedBy(world)).toEqual(smallTasks);
    // Four tasks of 40 s each; a missed event would cost 50 s more.
    expect(tookSeconds(world)).toBeLessThan(4 * 40 + 40);
    expect(faultsOf(world)).toEqual([]);
  });

  test('misses no event that comes between its last look and its token, or between token and look', async () => {
    for (let startMs = 8_700; startMs <= 9_600; startMs += 75) {
      const world = createFakeWorld({ startMs, fate: () => [0] });
      await world.install(small);
      await untilDeployed(world);
      expect(startedBy(world)).toEqual(smallTasks);
      expect({ startMs, isInTime: tookSeconds(world) < 60 }).toEqual({ startMs, isInTime: true });
    }
  });

  test('goes on without any event: by its own looks, and by its time-out when the task takes long', async () => {
    for (const startMs of [800, 40_000]) {
      const world = createFakeWorld({ startMs, fate: () => [] });
      await world.install(small);
      await untilDeployed(world);
      expect(startedBy(world)).toEqual(smallTasks);
      expect(liveTasks(world).length).toBe(2);
    }
  });

  test('is woken by reconcile before its time-out', async () => {
    const world = createFakeWorld({ startMs: 40_000, fate: () => [] });
    await world.install(small);
    await world.clock.pass(45_000);
    await world.reconcile('kafka');
    await world.clock.pass(3_000);
    const { path } = execution(world, 'controller-0');
    expect(path.at(-1)).toBe('Start');
    expect(world.tasks.list()[0]?.view.lastStatus).toBe('STOPPED');
    expect((await world.state('kafka'))?.seen[0]?.lastStatus).toBe('STOPPED');
  });

  test('takes a preparation that outlasts its looks for done when its event comes', async () => {
    const world = createFakeWorld({ preparationMs: 30_000 });
    await world.install(small);
    await untilDeployed(world);
    expect(startedBy(world)).toEqual(smallTasks);
  });

  test('runs a preparation that failed again after ten seconds, and says why it waits', async () => {
    const world = createFakeWorld();
    world.disks.failPreparations(70);
    await world.install(small);
    await world.clock.pass(5_000);
    const reason = (await world.state('kafka'))?.waits.find(
      ({ nodeId, holder }) => nodeId === 1000 && holder.includes('broker'),
    )?.reason;
    expect(reason).toMatchObject({ type: 'error', name: 'VolumeNotPrepared' });
    await untilDeployed(world);
    expect(startedBy(world)).toEqual([
      'warden/kafka/1000/preparation/1',
      'warden/kafka/1000/preparation/2',
      ...smallTasks.slice(1),
    ]);
    const [first, second] = world.tasks.list();
    expect((first?.view.stoppedAt ?? 0) + 10_000).toBeLessThanOrEqual((second?.view.stoppedAt ?? 0) - 1_700);
  });
});

describe('a task that ECS refuses', () => {
  test('is asked for again under the next number, and runs once', async () => {
    const world = createFakeWorld();
    world.tasks.refuseNext('RESOURCE:MEMORY');
    world.tasks.refuseNext('AGENT');
    await world.install(small);
    await untilDeployed(world);
    expect(startedBy(world)).toEqual(['warden/kafka/1000/preparation/3', ...smallTasks.slice(1)]);
    expect(faultsOf(world)).toEqual([]);
  });
});

describe('a service without room', () => {
  test('waits, says why each host was refused, and goes on when a host joins', async () => {
    const world = createFakeWorld({ hosts: 1 });
    world.hosts.change(fakeHost(0).instanceId, { freeMemoryMiB: 100 });
    await world.install(small);
    await world.clock.pass(hourMs);
    const [wait] = (await world.state('kafka'))?.waits ?? [];
    expect(wait?.reason).toMatchObject({
      type: 'capacity',
      role: 'controller',
      registered: 1,
      hosts: [
        {
          instanceId: fakeHost(0).instanceId,
          rules: expect.arrayContaining([
            { rule: 'cpu', outcome: 'pass', explanation: 'has 4096 free CPU units, needs 512' },
            { rule: 'memory', outcome: 'fail', explanation: 'has 100 MiB free memory, needs 512' },
          ]),
        },
      ],
    });
    world.hosts.add(fakeHost(1));
    await onCapacityChanged({ store: world.store, planRunner: world.machines }, 'a host joined');
    await world.clock.pass(60_000);
    await untilDeployed(world);
    expect(startedBy(world)).toEqual(smallTasks);
  });
});

describe('a service whose placement constraint leaves no host', () => {
  test('waits with its last broker, names the hosts by the constraint, and goes on when a host joins', async () => {
    const world = createFakeWorld({ hosts: 2 });
    await world.install({ controllers: { count: 1 } });
    await world.clock.pass(hourMs);
    const [wait] = (await world.state('kafka'))?.waits.filter(({ reason }) => reason.type === 'capacity') ?? [];
    expect(wait?.nodeId).toBe(2);
    if (wait === undefined) throw new Error('broker 2 waits');
    const why = 'has 1 of the brokers on it, hostname:MAX_PER:1 allows 1, has port 9092 in use';
    expect(waitingSentence(wait.reason)).toBe(
      `waits for a host: ${fakeHost(0).instanceId} (eu-west-1a) ${why}; ${fakeHost(1).instanceId} (eu-west-1b) ${why}. It goes on by itself when a host joins or frees resources`,
    );
    world.hosts.add(fakeHost(2));
    await onCapacityChanged({ store: world.store, planRunner: world.machines }, 'a host joined');
    await untilDeployed(world);
    expect((await world.state('kafka'))?.goals.find(({ nodeId }) => nodeId === 2)?.host?.zone).toBe('eu-west-1c');
    expect(faultsOf(world)).toEqual([]);
  });

  test('leaves a free host empty when its zone has enough brokers', async () => {
    const world = createFakeWorld({ hosts: 4 });
    await world.install({
      ...{ brokers: { count: 4 }, controllers: { count: 1 } },
      service: { placement_constraint: 'zone:UNIQUE' },
    });
    await world.clock.pass(hourMs);
    const [wait] = (await world.state('kafka'))?.waits.filter(({ reason }) => reason.type === 'capacity') ?? [];
    expect(wait).toMatchObject({ nodeId: 3, reason: { registered: 4 } });
    // The controller is on host 0, so the broker of zone a took the emptier host 3.
    expect(wait?.reason.type === 'capacity' && wait.reason.hosts[0]).toMatchObject({
      instanceId: fakeHost(0).instanceId,
      rules: expect.arrayContaining([
        {
          rule: 'constraint',
          outcome: 'fail',
          explanation: 'has 1 of the brokers in eu-west-1a, zone:MAX_PER:1 allows 1',
        },
      ]),
    });
  });
});

describe('an invocation that outlives its state', () => {
  test.each([3_000, 4_000, 5_000, 5_400, 5_800, 6_200, 6_600])(
    'by %i ms never overwrites what a later step has stored',
    async (lateMs) => {
      const world = createFakeWorld();
      const list = world.hosts.list;
      let calls = 0;
      // Place finds no host, announces its token, and EC2 throttles its second look.
      world.hosts.list = async () => {
        const hosts = await list();
        if (++calls === 3) await world.clock.pause(lateMs);
        return calls === 2 ? [] : hosts;
      };
      await world.install(small);
      await world.clock.pass(1_000);
      await onCapacityChanged({ store: world.store, planRunner: world.machines }, 'a host joined');
      await untilDeployed(world);
      await world.clock.pass(60_000);
      expect(startedBy(world)).toEqual(smallTasks);
      const goal = await world.store.readGoal('kafka', 1000);
      expect(goal?.volume?.id).toBeDefined();
      expect(goal?.launch?.taskArn).toBe(taskOf(world, 1000).view.taskArn);
      expect(faultsOf(world)).toEqual([]);
    },
  );
});

describe('a run that dies', () => {
  test.each([
    'Await turn',
    'May stop',
    'Stop',
    'Release registration',
    'Place',
    'Attach volume',
    'Prepare volume',
    'Start',
    'Join quorum',
    'Await in sync',
  ])('with its step at "%s" is followed by one that passes over what is complete', async (state) => {
    const world = createFakeWorld();
    await world.install({});
    const isSecond = () => world.machines.list().some(({ name }) => name.endsWith('-1-controller-1'));
    await world.clock.until('the second controller’s turn', isSecond);
    world.machines.abortAt(state);
    await untilQuiet(world);
    const aborted = world.machines.list().filter(({ status }) => status === 'ABORTED');
    expect(aborted.length).toBe(1);
    await world.reconcile('kafka');
    await untilQuiet(world);
    const after = await world.state('kafka');
    expect(after?.steps.filter(({ endedAt }) => endedAt === undefined)).toEqual([]);
    expect(after?.leases.filter(({ released }) => !released)).toEqual([]);
    expect(startedBy(world).length).toBe(12);
    expect(new Set(startedBy(world)).size).toBe(12);
    expect(
      world.machines
        .list()
        .map(({ name }) => name.slice(36))
        .filter((name) => name === '-2'),
    ).toEqual(['-2']);
    expect(faultsOf(world)).toEqual([]);
  });
});

describe('a broker that stops between the last look of its step and the end of the step', () => {
  test('is recovered when the execution has ended', async () => {
    const world = createFakeWorld();
    const elect = world.kafka.admin.electPreferredLeaders;
    let elections = 0;
    world.kafka.admin.electPreferredLeaders = async (brokers) => {
      if (++elections === 3) {
        world.tasks.end(taskOf(world, 2).view.taskArn, { stopCode: 'EssentialContainerExited', exitCode: 1 });
        await world.clock.pause(1_000);
      }
      return elect(brokers);
    };
    await world.install({});
    await untilQuiet(world);
    expect(liveTasks(world)).toContain('warden/kafka/2/node/2');
    expect(faultsOf(world)).toEqual([]);
  });
});

describe('a deployed service', () => {
  test('is left alone by reconcile and by repeated events', async () => {
    const world = await deployedService();
    const before = { tasks: world.tasks.list().length, executions: world.machines.list().length };
    for (let sweep = 0; sweep < 3; sweep++) await world.reconcile('kafka');
    await untilQuiet(world);
    expect({ tasks: world.tasks.list().length, executions: world.machines.list().length }).toEqual(before);
  });
});
