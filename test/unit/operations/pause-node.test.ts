import { describe, expect, jest, test } from '@jest/globals';
import { findPlan } from '../../../lib/model/plan/find-plan.ts';
import { podTaskInfo } from '../../../lib/model/pod-view.ts';
import { pauseNode, resumeNode } from '../../../lib/operations/pause-node.ts';
import { restartNode } from '../../../lib/operations/restart-node.ts';
import { uninstallService } from '../../../lib/operations/uninstall-service.ts';
import { updateService } from '../../../lib/operations/update-service.ts';
import { deployedService, faultsOf, hourMs, killed, taskOf, untilQuiet } from '../../support/deployed-service.ts';
import type { FakeWorld } from '../../support/fake-world.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(60_000);

const minuteMs = 60_000;

function pause(world: FakeWorld, nodeId: number, until?: number) {
  const request = { service: 'kafka', nodeId, requestedBy: 'anna', ...(until === undefined ? {} : { until }) };
  return world.clock.finish(pauseNode(world.api, request));
}

function resume(world: FakeWorld, nodeId: number) {
  return world.clock.finish(resumeNode(world.api, { service: 'kafka', nodeId, requestedBy: 'bert' }));
}

async function attemptOf(world: FakeWorld, nodeId: number): Promise<number> {
  return (await world.state('kafka'))?.goals.find((goal) => goal.nodeId === nodeId)?.attempt ?? 0;
}

const statusOf = (world: FakeWorld, nodeId: number) => taskOf(world, nodeId).view.lastStatus;

describe('a pause', () => {
  test('stops the node and leaves it down, whatever looks, until an operator resumes it', async () => {
    const world = await deployedService();
    const before = (await world.state('kafka'))?.goals.find(({ nodeId }) => nodeId === 1);
    expect(await pause(world, 1)).toEqual({ type: 'accepted' });
    await world.clock.pass(minuteMs);
    for (let sweep = 0; sweep < 5; sweep++) {
      await world.reconcile('kafka');
      await world.clock.pass(5 * minuteMs);
    }
    expect(statusOf(world, 1)).toBe('STOPPED');
    expect(await attemptOf(world, 1)).toBe(1);
    expect((await world.state('kafka'))?.slot?.nodeId).toBe(1);
    expect(await resume(world, 1)).toEqual({ type: 'accepted' });
    await untilQuiet(world);
    const state = await world.state('kafka');
    const after = state?.goals.find(({ nodeId }) => nodeId === 1);
    expect(statusOf(world, 1)).toBe('RUNNING');
    expect(after).toMatchObject({ attempt: 2, host: before?.host, volume: { id: before?.volume?.id } });
    expect(state?.slot).toBeUndefined();
    expect(state?.leases.every(({ released }) => released)).toBe(true);
    expect(faultsOf(world)).toEqual([]);
  });

  test('ends at its deadline by itself', async () => {
    const world = await deployedService();
    const until = world.clock.clock() + 30 * minuteMs;
    await pause(world, 0, until);
    await world.clock.pass(29 * minuteMs);
    expect(statusOf(world, 0)).toBe('STOPPED');
    await world.clock.pass(2 * minuteMs);
    expect(statusOf(world, 0)).toBe('RUNNING');
    await untilQuiet(world);
    expect(await attemptOf(world, 0)).toBe(2);
  });

  test('takes a later deadline, and an earlier one', async () => {
    const world = await deployedService();
    const begin = world.clock.clock();
    await pause(world, 0, begin + 10 * minuteMs);
    await world.clock.pass(minuteMs);
    expect(await pause(world, 0, begin + 60 * minuteMs)).toEqual({ type: 'accepted' });
    await world.clock.pass(20 * minuteMs);
    expect(statusOf(world, 0)).toBe('STOPPED');
    expect(await pause(world, 0, begin + 60 * minuteMs)).toEqual({ type: 'already' });
    await pause(world, 0, begin + 25 * minuteMs);
    await world.clock.pass(6 * minuteMs);
    expect(statusOf(world, 0)).toBe('RUNNING');
    await untilQuiet(world);
    expect(await attemptOf(world, 0)).toBe(2);
  });

  test('leaves a node down that crashes or is down, and gives its recovery no second start', async () => {
    const world = await deployedService();
    world.tasks.end(taskOf(world, 2).view.taskArn, killed);
    await world.clock.pass(2_000);
    await pause(world, 2);
    await world.clock.pass(10 * minuteMs);
    await world.reconcile('kafka');
    await world.clock.pass(minuteMs);
    expect(await attemptOf(world, 2)).toBe(1);
    await resume(world, 2);
    await untilQuiet(world);
    expect(await attemptOf(world, 2)).toBe(2);
  });

  test('of a second node waits until the first is back, and says so', async () => {
    const world = await deployedService();
    await pause(world, 0);
    await world.clock.pass(2 * minuteMs);
    await pause(world, 1);
    await world.clock.pass(2 * minuteMs);
    expect(statusOf(world, 1)).toBe('RUNNING');
    const wait = (await world.state('kafka'))?.waits.find(({ nodeId }) => nodeId === 1);
    expect(wait?.reason).toEqual({
      type: 'turn',
      heldBy: 'kafka-0 is paused, and one node at a time is down by our hand',
    });
    const state = await world.state('kafka');
    const waitsFor = 'waits for its turn: kafka-0 is paused, and one node at a time is down by our hand';
    expect(state && podTaskInfo(state, 1, world.clock.clock()).info).toMatchObject({ pausedBy: 'anna', waitsFor });
    await resume(world, 0);
    await world.clock.until('the second pause', () => statusOf(world, 1) === 'STOPPED', hourMs);
    expect(statusOf(world, 0)).toBe('RUNNING');
  });

  test('makes a plan wait for the operator at its node, and go on after it', async () => {
    const world = await deployedService();
    await pause(world, 0);
    await world.clock.pass(2 * minuteMs);
    const options = { kafka: { log_retention_hours: 100 } };
    const request = { service: 'kafka', options, replace: false, requestedBy: 'anna' };
    await world.clock.finish(updateService(world.api, request));
    await world.clock.pass(2 * minuteMs);
    const state = await world.state('kafka');
    const plan = state && findPlan({ type: 'lives', state }, 'deploy');
    const step = plan?.phases.flatMap(({ steps }) => steps).find(({ nodeId }) => nodeId === 0);
    expect(step?.waiting?.sentence).toBe(
      'waits for an operator: anna has paused kafka-0; "warden pod resume kafka-0" brings it back',
    );
    expect(await attemptOf(world, 0)).toBe(1);
    await resume(world, 0);
    await untilQuiet(world);
    const after = await world.state('kafka');
    const goals = after?.goals.filter(({ nodeId }) => nodeId < 1000);
    expect(goals?.map(({ configId }) => configId)).toEqual(Array(3).fill(after?.target.configId));
  });

  test('is answered by the start after it when a restart was asked for meanwhile', async () => {
    const world = await deployedService();
    await pause(world, 0);
    await world.clock.pass(minuteMs);
    await world.clock.finish(restartNode(world.api, { service: 'kafka', nodeId: 0, requestedBy: 'anna' }));
    await world.clock.pass(10 * minuteMs);
    expect(statusOf(world, 0)).toBe('STOPPED');
    await resume(world, 0);
    await untilQuiet(world);
    expect(await attemptOf(world, 0)).toBe(2);
  });

  test.each(['Stop', 'Release registration', 'Stay paused', 'Bring the node back'])(
    'holds and ends when an execution of it is ended at %s',
    async (state) => {
      const world = await deployedService();
      world.machines.abortAt(state);
      await pause(world, 1, world.clock.clock() + 30 * minuteMs);
      for (let sweep = 0; sweep < 8; sweep++) {
        await world.clock.pass(5 * minuteMs);
        await world.reconcile('kafka');
        if (sweep === 2) expect(statusOf(world, 1)).toBe('STOPPED');
        if (sweep === 2) expect(await attemptOf(world, 1)).toBe(1);
      }
      await untilQuiet(world);
      expect(statusOf(world, 1)).toBe('RUNNING');
      expect(await attemptOf(world, 1)).toBe(2);
      expect((await world.state('kafka'))?.slot).toBeUndefined();
      expect(faultsOf(world)).toEqual([]);
    },
  );

  test('goes with its service', async () => {
    const world = await deployedService();
    await pause(world, 1);
    await world.clock.pass(minuteMs);
    const request = { service: 'kafka', keepVolumes: false, requestedBy: 'anna' };
    await world.clock.finish(uninstallService(world.api, request));
    await untilQuiet(world);
    expect(await world.state('kafka')).toBeUndefined();
  });

  test('is refused with a deadline that is past, and resumed only when it lasts', async () => {
    const world = await deployedService();
    const now = world.clock.clock();
    expect(await pause(world, 0, now - 1)).toEqual({ type: 'deadline is past', now });
    expect(await resume(world, 0)).toEqual({ type: 'already' });
    expect(await pause(world, 7)).toEqual({ type: 'no node' });
  });
});
