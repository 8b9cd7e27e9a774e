import { describe, expect, test } from '@jest/globals';
import { hostSentences } from '../../../lib/model/health/host-sentences.ts';
import { findPlan } from '../../../lib/model/plan/find-plan.ts';
import { waitingSentence } from '../../../lib/model/waiting-reason.ts';
import { fenceHost } from '../../../lib/operations/fence-host.ts';
import { restartNode } from '../../../lib/operations/restart-node.ts';
import { updateService } from '../../../lib/operations/update-service.ts';
import { deployedService, faultsOf, hourMs, liveTasks, taskOf, untilQuiet } from '../../support/deployed-service.ts';
import { fakeHost } from '../../support/fake-hosts.ts';
import type { FakeWorld } from '../../support/fake-world.ts';

const minuteMs = 60_000;

async function hostOf(world: FakeWorld, nodeId: number): Promise<string> {
  const instanceId = (await world.store.readGoal('kafka', nodeId))?.host?.instanceId;
  if (instanceId === undefined) throw new Error(`node ${nodeId} has no host`);
  return instanceId;
}

async function nodesOn(world: FakeWorld, instanceId: string): Promise<readonly number[]> {
  const goals = (await world.state('kafka'))?.goals ?? [];
  return goals.filter(({ host }) => host?.instanceId === instanceId).map(({ nodeId }) => nodeId);
}

/** One more in each zone. */
function addHosts(world: FakeWorld): void {
  for (const number of [3, 4, 5]) world.hosts.add(fakeHost(number));
}

/** The agent of broker 0's host falls silent, and so do some of its processes; ECS shows all as running. */
async function silenced({
  dead = (nodeId: number) => nodeId === 0,
  options = {},
}: {
  readonly dead?: (nodeId: number) => boolean;
  readonly options?: object;
} = {}) {
  const world = await deployedService({ hosts: 3 }, options);
  addHosts(world);
  world.kafka.setTopics([{ topic: 'orders', replicas: [0, 1, 2], minIsr: 2 }]);
  const instanceId = await hostOf(world, 0);
  const nodeIds = await nodesOn(world, instanceId);
  world.hosts.change(instanceId, { agentConnected: false });
  for (const nodeId of nodeIds.filter(dead)) world.tasks.lose(taskOf(world, nodeId).view.taskArn);
  return { world, instanceId, nodeIds };
}

/** The sweeps of so many minutes, one each. */
async function sweeps(world: FakeWorld, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    await world.sweep();
    await world.clock.pass(minuteMs);
  }
}

async function waitOf(world: FakeWorld, nodeId: number) {
  return (await world.state('kafka'))?.waits.find((wait) => wait.nodeId === nodeId)?.reason;
}

const request = { requestedBy: 'ann', force: false };

describe('a host whose agent and broker died, its controller alive', () => {
  test('holds the broker up; the plan names the nodes there and what to do, and nothing moves', async () => {
    const { world, instanceId, nodeIds } = await silenced();
    expect(nodeIds).toEqual([0, 1000]);
    await sweeps(world, 5);
    const reason = await waitOf(world, 0);
    expect(reason).toMatchObject({
      ...{ type: 'host out of touch', instanceId, service: 'kafka' },
      nodes: [
        { service: 'kafka', pod: 'kafka-0', life: 'dead' },
        { service: 'kafka', pod: 'controller-0', life: 'alive' },
      ],
    });
    expect(reason && waitingSentence(reason)).toContain(
      `kafka-0 (dead by Kafka), controller-0 (alive by Kafka). Nothing of it moves before it is back or EC2 has ended it; make sure that it may end, then "warden host fence ${instanceId}" terminates it`,
    );
    const state = await world.state('kafka');
    const recovery = state && findPlan({ type: 'lives', state }, 'recovery');
    expect(recovery?.phases.map(({ name }) => name)).toEqual(['kafka-0:[broker]']);
    await sweeps(world, 60);
    expect(await hostOf(world, 0)).toBe(instanceId);
    expect(world.kafka.released).toEqual([]);
    expect(world.hosts.terminated).toEqual([]);
    expect(liveTasks(world)).toContain('warden/kafka/1000/node/1');
    expect(faultsOf(world)).toEqual([]);
  });

  test('is not a matter for anybody within the first minute', async () => {
    const { world } = await silenced();
    await sweeps(world, 1);
    expect(await waitOf(world, 0)).toBeUndefined();
    expect((await world.state('kafka'))?.witness).toBeUndefined();
  });

  test('holds up an update and the restart of another broker, which name the host', async () => {
    const { world, instanceId } = await silenced();
    await sweeps(world, 3);
    const ofAnn = { service: 'kafka', requestedBy: 'ann' };
    const options = { kafka: { log_retention_hours: 100 } };
    await world.clock.finish(updateService(world.api, { ...ofAnn, options, replace: false }));
    await world.clock.finish(restartNode(world.api, { ...ofAnn, nodeId: 1 }));
    await sweeps(world, 3);
    const waits = (await world.state('kafka'))?.waits ?? [];
    const outOfTouch = waits.flatMap(({ nodeId, reason }) =>
      reason.type === 'host out of touch' ? [{ nodeId, instanceId: reason.instanceId, heldUp: reason.heldUp }] : [],
    );
    expect(outOfTouch).toHaveLength(waits.length);
    expect(outOfTouch).toEqual(
      expect.arrayContaining([
        { nodeId: 0, instanceId, heldUp: undefined },
        { nodeId: 1000, instanceId, heldUp: 'waits for its turn: the recovery of kafka-0 is under way' },
        { nodeId: 1, instanceId, heldUp: 'must not stop now: orders-0 has replica 0 not in sync' },
      ]),
    );
    expect(faultsOf(world)).toEqual([]);
  });

  test('is ended by an operator, and all its nodes move with their volumes', async () => {
    const { world, instanceId } = await silenced();
    await sweeps(world, 5);
    const before = (await world.state('kafka'))?.goals.map(({ nodeId, volume }) => [nodeId, volume?.id]);
    const result = await world.clock.finish(fenceHost(world.api, { instanceId, ...request }));
    expect(result.type).toBe('accepted');
    await world.clock.until('the end of the host', () => world.hosts.terminated.includes(instanceId), minuteMs);
    await world.loseHost(instanceId, 'hears nothing');
    await untilQuiet(world);
    expect(await nodesOn(world, instanceId)).toEqual([]);
    expect((await world.state('kafka'))?.goals.map(({ nodeId, volume }) => [nodeId, volume?.id])).toEqual(before);
    expect(world.kafka.released).toEqual([0]);
    const { operations } = await world.store.listOperations('kafka', { limit: 5 });
    expect(operations[0]).toMatchObject({ kind: 'fence host', instanceId, requestedBy: 'ann' });
    expect((await world.clock.finish(fenceHost(world.api, { instanceId, ...request }))).type).not.toBe('accepted');
    expect(faultsOf(world)).toEqual([]);
  });

  test('comes back, and the broker is started again in its place', async () => {
    const { world, instanceId } = await silenced();
    await sweeps(world, 5);
    world.hosts.change(instanceId, { agentConnected: true });
    // The agent tells what became of its containers.
    world.tasks.end(taskOf(world, 0).view.taskArn, { stopCode: 'EssentialContainerExited', exitCode: 137 });
    await untilQuiet(world);
    expect(await hostOf(world, 0)).toBe(instanceId);
    expect(liveTasks(world)).toEqual(expect.arrayContaining(['warden/kafka/0/node/2', 'warden/kafka/1000/node/1']));
    expect(faultsOf(world)).toEqual([]);
  });
});

describe('a host that is out of touch while all its nodes live', () => {
  test('is left alone, and so are they when it comes back, also as another container instance', async () => {
    const { world, instanceId, nodeIds } = await silenced({ dead: () => false });
    const before = liveTasks(world);
    await sweeps(world, 30);
    expect((await world.state('kafka'))?.waits).toEqual([]);
    expect((await world.state('kafka'))?.witness?.nodes.map(({ life }) => life)).toEqual(nodeIds.map(() => 'alive'));
    world.hosts.change(instanceId, {
      agentConnected: true,
      containerInstanceArn: 'arn:aws:ecs:container-instance/new',
    });
    await sweeps(world, 3);
    await untilQuiet(world);
    expect(liveTasks(world)).toEqual(before);
    expect(world.hosts.terminated).toEqual([]);
  });

  test('is ended when an operator says so: nobody could stop anything there', async () => {
    const { world, instanceId } = await silenced({ dead: () => false });
    await sweeps(world, 5);
    expect((await world.clock.finish(fenceHost(world.api, { instanceId, ...request }))).type).toBe('accepted');
    await world.clock.until('the end of the host', () => world.hosts.terminated.includes(instanceId), minuteMs);
  });
});

describe('a fence of a host that is in touch', () => {
  test('is refused while nodes run there, which are named, unless somebody insists', async () => {
    const world = await deployedService({ hosts: 3 });
    const instanceId = await hostOf(world, 0);
    const refused = await world.clock.finish(fenceHost(world.api, { instanceId, ...request }));
    expect(refused).toMatchObject({ type: 'nodes live', nodes: [{ pod: 'kafka-0' }, { pod: 'controller-0' }] });
    expect((await world.state('kafka'))?.fences).toEqual([]);
    const forced = await world.clock.finish(fenceHost(world.api, { instanceId, ...request, force: true }));
    expect(forced.type).toBe('accepted');
    await world.clock.until('the end of the host', () => world.hosts.terminated.includes(instanceId), minuteMs);
  });

  test('is taken back when the host is in touch again before it was ended', async () => {
    const { world, instanceId } = await silenced();
    await sweeps(world, 5);
    world.machines.abortAt('List services');
    expect((await world.clock.finish(fenceHost(world.api, { instanceId, ...request }))).type).toBe('accepted');
    world.hosts.change(instanceId, { agentConnected: true });
    await sweeps(world, 2);
    expect(world.hosts.terminated).toEqual([]);
    expect((await world.state('kafka'))?.fences).toEqual([]);
    const { operations } = await world.store.listOperations('kafka', { limit: 1 });
    expect(operations[0]).toMatchObject({
      ...{ kind: 'keep host', requestedBy: 'warden' },
      why: 'the host is in touch again, and kafka/kafka-0, kafka/controller-0 run there',
    });
  });

  test('of a host that no node is on is none', async () => {
    const world = await deployedService({ hosts: 6 });
    expect(await fenceHost(world.api, { instanceId: 'i-unknown', ...request })).toMatchObject({ type: 'no host' });
  });

  test('that EC2 refuses is shown where it is waited for, and carried out once EC2 does it', async () => {
    const { world, instanceId } = await silenced();
    await sweeps(world, 5);
    world.hosts.refuseEnds(`OperationNotPermitted: The instance '${instanceId}' may not be terminated.`);
    await world.clock.finish(fenceHost(world.api, { instanceId, ...request }));
    await sweeps(world, 3);
    expect(world.hosts.terminated).toEqual([]);
    const reason = await waitOf(world, 0);
    expect(reason && waitingSentence(reason)).toMatch(
      /; ann has it terminated, and EC2 refused to terminate it at 20\S+Z: OperationNotPermitted: The instance '\S+' may not be terminated\. It is asked again every five minutes$/,
    );
    world.hosts.refuseEnds(undefined);
    await sweeps(world, 1);
    expect(world.hosts.terminated).toEqual([instanceId]);
    expect((await world.state('kafka'))?.fences).not.toContainEqual(
      expect.objectContaining({ refused: expect.anything() }),
    );
    expect(faultsOf(world)).toEqual([]);
  });

  test('is carried out by the next sweep when the first one dies', async () => {
    const { world, instanceId } = await silenced();
    await sweeps(world, 5);
    world.machines.abortAt('List services');
    await world.clock.finish(fenceHost(world.api, { instanceId, ...request }));
    await world.clock.pass(10_000);
    expect(world.hosts.terminated).toEqual([]);
    expect(await waitOf(world, 0)).toMatchObject({ type: 'host out of touch' });
    await world.sweep();
    expect(world.hosts.terminated).toEqual([instanceId]);
  });
});

describe('a host all of whose nodes are dead by Kafka', () => {
  const all = { dead: () => true };
  const replaces = { service: { enable_replacement: true, recover_in_place_grace_period_secs: 1200 } };

  test('is ended without an operator after the grace period, where replacement is on', async () => {
    const { world, instanceId } = await silenced({ ...all, options: replaces });
    await sweeps(world, 19);
    expect(world.hosts.terminated).toEqual([]);
    await sweeps(world, 3);
    expect(world.hosts.terminated).toEqual([instanceId]);
    await world.loseHost(instanceId, 'hears nothing');
    await untilQuiet(world);
    expect(await nodesOn(world, instanceId)).toEqual([]);
    const { operations } = await world.store.listOperations('kafka', { limit: 1 });
    expect(operations[0]).toMatchObject({ kind: 'fence host', instanceId, requestedBy: 'warden' });
    expect(operations[0]?.why).toContain("are dead by Kafka's witness");
    expect(faultsOf(world)).toEqual([]);
  });

  test('stays when EC2 refuses to end it, which the plan and the health say at once', async () => {
    const { world, instanceId } = await silenced({ ...all, options: replaces });
    world.hosts.refuseEnds('UnauthorizedOperation: no right to do so');
    await sweeps(world, 23);
    const state = await world.state('kafka');
    expect(state?.fences).toMatchObject([
      { instanceId, requestedBy: 'warden', refused: { why: 'UnauthorizedOperation: no right to do so' } },
    ]);
    expect(state && hostSentences(state, world.clock.clock())).toContainEqual(
      expect.stringMatching(
        /^warden has host \S+ terminated: EC2 refused to terminate it at .*: UnauthorizedOperation/,
      ),
    );
  });

  test('is left to an operator where replacement is off', async () => {
    const { world } = await silenced(all);
    await sweeps(world, 40);
    expect(world.hosts.terminated).toEqual([]);
  });

  test('is left to an operator while one of them lives', async () => {
    const { world } = await silenced({ options: replaces });
    await sweeps(world, 40);
    expect(world.hosts.terminated).toEqual([]);
  });
});

describe('a host that EC2 has stopped', () => {
  async function stopped(more: boolean) {
    const world = await deployedService({ hosts: 3 });
    if (more) addHosts(world);
    world.kafka.setTopics([{ topic: 'orders', replicas: [0, 1, 2], minIsr: 2 }]);
    const instanceId = await hostOf(world, 0);
    world.hosts.change(instanceId, { agentConnected: false, isStopped: true });
    for (const nodeId of await nodesOn(world, instanceId)) world.tasks.lose(taskOf(world, nodeId).view.taskArn);
    await world.sweep();
    await world.clock.pass(5_000);
    return { world, instanceId };
  }

  test('proves the stop of what ran there: the registration is released at once', async () => {
    const { world } = await stopped(false);
    expect(world.kafka.released).toEqual([0]);
    expect((await world.state('kafka'))?.goals.find(({ nodeId }) => nodeId === 0)?.failures.count).toBe(0);
  });

  test('gives its nodes to another one with their volumes when it does not come back', async () => {
    const { world, instanceId } = await stopped(true);
    await sweeps(world, 5);
    await untilQuiet(world);
    expect(await nodesOn(world, instanceId)).toEqual([]);
    expect(liveTasks(world)).toEqual(expect.arrayContaining(['warden/kafka/0/node/2', 'warden/kafka/1000/node/2']));
    expect(faultsOf(world)).toEqual([]);
  });

  test('keeps a lone controller without a name: nobody could tell the others of its new address', async () => {
    const world = await deployedService({ hosts: 3 }, { brokers: { count: 1 }, controllers: { count: 1 } });
    addHosts(world);
    const instanceId = await hostOf(world, 1000);
    world.hosts.change(instanceId, { agentConnected: false, isStopped: true });
    world.tasks.lose(taskOf(world, 1000).view.taskArn);
    await sweeps(world, 10);
    expect(await hostOf(world, 1000)).toBe(instanceId);
    expect(await waitOf(world, 1000)).toMatchObject({ type: 'capacity' });
    world.hosts.change(instanceId, { agentConnected: true });
    await sweeps(world, 1);
    await untilQuiet(world);
    expect(liveTasks(world)).toContain('warden/kafka/1000/node/2');
  });

  test('has them again when it comes back first', async () => {
    const { world, instanceId } = await stopped(true);
    world.hosts.change(instanceId, { agentConnected: true });
    await sweeps(world, 1);
    await untilQuiet(world, hourMs);
    expect(await hostOf(world, 0)).toBe(instanceId);
    expect(liveTasks(world)).toContain('warden/kafka/0/node/2');
    expect(faultsOf(world)).toEqual([]);
  });
});
