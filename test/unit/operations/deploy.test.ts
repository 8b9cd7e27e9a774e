import { describe, expect, test } from '@jest/globals';
import { createFakeWorld, type FakeWorld, type FakeWorldOptions } from '../../support/fake-world.ts';

const nodeIds = [0, 1, 2, 1000, 1001, 1002];

/** Deploys the default service until its first run has ended. */
async function deploy(options: FakeWorldOptions, wanted: unknown = {}): Promise<FakeWorld> {
  const world = createFakeWorld(options);
  await world.install(wanted);
  const [run] = world.machines.list();
  await world.clock.until('the end of the plan', () => run?.status !== 'RUNNING', 7_200_000);
  await world.clock.pass(60_000);
  return world;
}

/** What must be true of every finished deploy, whatever happened on the way. */
async function endState(world: FakeWorld) {
  const state = await world.state('kafka');
  return {
    runs: world.machines.list().map(({ status }) => status),
    openSteps: state?.steps.filter(({ endedAt }) => endedAt === undefined).length,
    endedSteps: state?.steps.length,
    heldLeases: state?.leases.filter(({ released }) => !released),
    slot: state?.slot,
    waits: state?.waits,
    nodes: state?.goals.map(({ nodeId }) => nodeId),
    tasks: world.tasks.list().map(({ request }) => request.startedBy),
    liveTasks: world.tasks
      .list()
      .filter(({ view }) => view.lastStatus !== 'STOPPED')
      .map(({ request }) => request.startedBy),
    startsTwice: [...world.tasks.starts].filter(([, count]) => count !== 1),
    volumes: world.volumes.list().map(({ state: volumeState }) => volumeState),
    voters: world.kafka.voters(),
    faults: [...world.disks.violations, ...world.kafka.violations, ...world.tasks.conflicts, ...world.eventErrors],
  };
}

const complete = {
  runs: Array.from({ length: 7 }, () => 'SUCCEEDED'),
  openSteps: 0,
  endedSteps: 6,
  heldLeases: [],
  slot: undefined,
  waits: [],
  nodes: nodeIds,
  tasks: [1000, 1001, 1002, 0, 1, 2].flatMap((nodeId) => [
    `warden/kafka/${nodeId}/preparation/1`,
    `warden/kafka/${nodeId}/node/1`,
  ]),
  liveTasks: [1000, 1001, 1002, 0, 1, 2].map((nodeId) => `warden/kafka/${nodeId}/node/1`),
  startsTwice: [],
  volumes: nodeIds.map(() => 'in-use'),
  voters: [1000, 1001, 1002],
  faults: [],
};

describe('a deploy of three controllers and three brokers', () => {
  test('starts each node once, one after another, and leaves nothing held', async () => {
    const world = await deploy({});
    expect(await endState(world)).toEqual(complete);
  });

  test('comes to the same end when its process dies at one of its calls, at calls all along the way', async () => {
    const { crashes } = await deploy({});
    for (let call = 3; call < crashes.calls.length; call += 17) {
      const world = await deploy({ crash: { call, when: call % 2 === 0 ? 'before' : 'after' } });
      expect({ call, ...(await endState(world)) }).toEqual({ call, ...complete });
    }
  }, 30_000);
});

describe('a deploy of one controller and one broker', () => {
  const small = { controllers: { count: 1 }, brokers: { count: 1 } };
  const completeSmall = {
    ...complete,
    runs: ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED'],
    endedSteps: 2,
    nodes: [0, 1000],
    tasks: [
      'warden/kafka/1000/preparation/1',
      'warden/kafka/1000/node/1',
      'warden/kafka/0/preparation/1',
      'warden/kafka/0/node/1',
    ],
    liveTasks: ['warden/kafka/1000/node/1', 'warden/kafka/0/node/1'],
    volumes: ['in-use', 'in-use'],
    voters: [1000],
  };

  test('comes to the same end when its process dies before or after any one of its calls', async () => {
    const { crashes } = await deploy({}, small);
    for (const when of ['before', 'after'] as const) {
      for (const [call, name] of crashes.calls.entries()) {
        const world = await deploy({ crash: { call, when } }, small);
        expect({ died: `${when} ${name} (${call})`, ...(await endState(world)) }).toEqual({
          died: `${when} ${name} (${call})`,
          ...completeSmall,
        });
      }
    }
  }, 30_000);
});

describe('a deploy of one combined node', () => {
  const combined = { brokers: { count: 1 } };

  test('forms the quorum by that node, starts it once and leaves nothing held', async () => {
    const world = await deploy({}, combined);
    const state = await world.state('kafka');
    expect(await endState(world)).toEqual({
      ...complete,
      runs: ['SUCCEEDED', 'SUCCEEDED'],
      endedSteps: 1,
      nodes: [0],
      tasks: ['warden/kafka/0/preparation/1', 'warden/kafka/0/node/1'],
      liveTasks: ['warden/kafka/0/node/1'],
      volumes: ['in-use'],
      voters: [0],
    });
    expect(state?.plans[0]?.phases.map(({ name, steps }) => [name, steps.map((step) => step.name)])).toEqual([
      ['broker', ['kafka-0:[broker]']],
    ]);
  });
});
