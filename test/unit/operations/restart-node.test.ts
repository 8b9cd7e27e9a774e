import { describe, expect, jest, test } from '@jest/globals';
import { restartNode } from '../../../lib/operations/restart-node.ts';
import { uninstallService } from '../../../lib/operations/uninstall-service.ts';
import { updateService } from '../../../lib/operations/update-service.ts';
import {
  deployedService,
  execution,
  faultsOf,
  hourMs,
  killed,
  taskOf,
  untilQuiet,
} from '../../support/deployed-service.ts';
import type { FakeWorld } from '../../support/fake-world.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(60_000);

function restart(world: FakeWorld, nodeId: number, requestedBy = 'anna') {
  return world.clock.finish(restartNode(world.api, { service: 'kafka', nodeId, requestedBy }));
}

async function goalOf(world: FakeWorld, nodeId: number) {
  const goal = (await world.state('kafka'))?.goals.find((candidate) => candidate.nodeId === nodeId);
  if (goal === undefined) throw new Error(`node ${nodeId} has no goal`);
  return goal;
}

async function attempts(world: FakeWorld): Promise<readonly number[]> {
  return ((await world.state('kafka'))?.goals ?? []).map(({ attempt }) => attempt);
}

const restarts = (world: FakeWorld) => world.machines.list().filter(({ machine }) => machine === 'restart');

describe('an operator who restarts a node', () => {
  test('has it stopped, released and started once, on its host and volume, and gives lease and place back', async () => {
    const world = await deployedService();
    const before = await goalOf(world, 1);
    expect(await restart(world, 1)).toEqual({ type: 'accepted' });
    await untilQuiet(world);
    const after = await goalOf(world, 1);
    expect(await attempts(world)).toEqual([1, 2, 1, 1, 1, 1]);
    expect(after.host).toEqual(before.host);
    expect(after.volume?.id).toBe(before.volume?.id);
    expect(execution(world, 'restart').status).toBe('SUCCEEDED');
    const state = await world.state('kafka');
    expect(state?.leases.every(({ released }) => released)).toBe(true);
    expect(state?.slot).toBeUndefined();
    expect(faultsOf(world)).toEqual([]);
  });

  test('is named by the task that ECS was asked to stop, and by the history', async () => {
    const world = await deployedService();
    const stop = jest.spyOn(world.tasks, 'stop');
    const { taskArn } = taskOf(world, 1000).view;
    await restart(world, 1000, 'bert');
    await untilQuiet(world);
    expect(stop.mock.calls).toEqual([[taskArn, 'warden: bert asked for a restart']]);
    const { operations } = await world.store.listOperations('kafka', { limit: 1 });
    expect(operations).toMatchObject([{ kind: 'restart node', requestedBy: 'bert', pod: 'controller-0' }]);
  });

  test('has each word answered by a start of its own when the one before was answered', async () => {
    const world = await deployedService();
    for (let word = 1; word <= 2; word++) {
      await restart(world, 0);
      await untilQuiet(world);
    }
    expect((await goalOf(world, 0)).launch).toMatchObject({ attempt: 3, restartsAnswered: 2 });
  });

  test('has words that were said before the stop answered by one start', async () => {
    const world = await deployedService();
    await Promise.all([restart(world, 0), restart(world, 0)]);
    await untilQuiet(world);
    expect((await goalOf(world, 0)).launch).toMatchObject({ attempt: 2, restartsAnswered: 2 });
  });

  test('has two nodes restarted one after the other', async () => {
    const world = await deployedService({ stopMs: 20_000 });
    await restart(world, 0);
    await restart(world, 1);
    const down = () => [0, 1].filter((nodeId) => taskOf(world, nodeId).view.lastStatus !== 'RUNNING').length;
    const bothDown = { seen: false };
    const look = () => {
      if (down() > 1) bothDown.seen = true;
      return world.machines.list().every(({ status }) => status !== 'RUNNING');
    };
    await world.clock.until('the end of both', look, hourMs);
    await untilQuiet(world);
    expect((await attempts(world)).slice(0, 2)).toEqual([2, 2]);
    expect(bothDown.seen).toBe(false);
  });

  test('has a node started at once that waits for its failover delay, and not a second time', async () => {
    const world = await deployedService();
    for (let crash = 0; crash < 3; crash++) {
      const before = taskOf(world, 2).view.taskArn;
      world.tasks.end(before, killed);
      if (crash < 2) {
        await world.clock.until(
          'the next try',
          () => taskOf(world, 2).view.taskArn !== before && taskOf(world, 2).view.lastStatus === 'RUNNING',
          hourMs,
        );
      }
    }
    await world.clock.pass(5_000);
    const attempt = (await goalOf(world, 2)).attempt;
    await restart(world, 2);
    await world.clock.pass(5_000);
    expect((await goalOf(world, 2)).attempt).toBe(attempt + 1);
    await untilQuiet(world);
    expect((await goalOf(world, 2)).attempt).toBe(attempt + 1);
    expect(faultsOf(world)).toEqual([]);
  });

  test('keeps the config that the node has while the target is another one', async () => {
    const world = await deployedService();
    const own = (await goalOf(world, 2)).configId;
    const options = { service: { phase_strategy: 'STAGE' }, kafka: { log_retention_hours: 100 } };
    const request = { service: 'kafka', options, replace: false, requestedBy: 'anna' };
    await world.clock.finish(updateService(world.api, request));
    await restart(world, 2);
    await world.clock.pass(10 * 60_000);
    const { target } = (await world.state('kafka')) ?? {};
    expect((await goalOf(world, 2)).launch).toMatchObject({ attempt: 2, configId: own });
    expect(target?.configId).not.toBe(own);
  });

  test('has it done by reconcile when the execution has died', async () => {
    const world = await deployedService();
    await restart(world, 1);
    for (const { arn, machine } of world.machines.list()) {
      if (machine === 'restart' || machine === 'broker') world.machines.abort(arn);
    }
    await world.clock.pass(60_000);
    await world.reconcile('kafka');
    await untilQuiet(world);
    expect((await goalOf(world, 1)).launch).toMatchObject({ attempt: 2, restartsAnswered: 1 });
    expect(restarts(world).length).toBeGreaterThan(1);
    expect((await world.state('kafka'))?.slot).toBeUndefined();
  });

  test.each(['May stop', 'Stop', 'Release registration', 'Start', 'Await in sync'])(
    'has it done once when its execution is ended at %s',
    async (state) => {
      const world = await deployedService();
      world.machines.abortAt(state);
      await restart(world, 1);
      await world.clock.pass(60_000);
      await world.reconcile('kafka');
      await untilQuiet(world);
      await world.reconcile('kafka');
      await untilQuiet(world);
      expect((await goalOf(world, 1)).launch).toMatchObject({ attempt: 2, restartsAnswered: 1 });
      const after = await world.state('kafka');
      expect(after?.leases.every(({ released }) => released)).toBe(true);
      expect(after?.slot).toBeUndefined();
      expect(faultsOf(world)).toEqual([]);
    },
  );

  test('leaves a node that does not run in its config to the update that brings it another one', async () => {
    const world = await deployedService();
    await restart(world, 0);
    const isSecond = () =>
      taskOf(world, 0).request.startedBy.endsWith('/2') && taskOf(world, 0).view.lastStatus === 'RUNNING';
    await world.clock.until('the start', isSecond, hourMs);
    for (let crash = 0; crash < 3; crash++) {
      const { taskArn } = taskOf(world, 0).view;
      world.tasks.end(taskArn, killed);
      if (crash === 2) break;
      const isNext = () => taskOf(world, 0).view.taskArn !== taskArn && taskOf(world, 0).view.lastStatus === 'RUNNING';
      await world.clock.until('the next try', isNext, hourMs);
    }
    await world.clock.pass(2_000);
    const tries = (await goalOf(world, 0)).attempt;
    const options = { kafka: { log_retention_hours: 100 } };
    const request = { service: 'kafka', options, replace: false, requestedBy: 'anna' };
    await world.clock.finish(updateService(world.api, request));
    await untilQuiet(world);
    const state = await world.state('kafka');
    expect((await goalOf(world, 0)).launch).toMatchObject({ attempt: tries + 1, configId: state?.target.configId });
    expect(state?.slot).toBeUndefined();
    expect(faultsOf(world)).toEqual([]);
  });

  test('gives way to an uninstall, and the next service of the name is left alone', async () => {
    const world = await deployedService();
    await restart(world, 1);
    const request = { service: 'kafka', keepVolumes: false, requestedBy: 'anna' };
    await world.clock.finish(uninstallService(world.api, request));
    await untilQuiet(world);
    expect(await world.state('kafka')).toBeUndefined();
    await world.install({});
    await untilQuiet(world);
    expect(await attempts(world)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('is told what he cannot do', async () => {
    const world = await deployedService();
    expect(await restart(world, 9)).toEqual({ type: 'no node' });
    const absent = { service: 'absent', nodeId: 0, requestedBy: 'anna' };
    expect(await world.clock.finish(restartNode(world.api, absent))).toEqual({ type: 'no service' });
    const options = { brokers: { count: 4 }, service: { phase_strategy: 'STAGE' } };
    const request = { service: 'kafka', options, replace: false, requestedBy: 'anna' };
    await world.clock.finish(updateService(world.api, request));
    expect(await restart(world, 3)).toEqual({ type: 'never started' });
    await world.clock.finish(uninstallService(world.api, { service: 'kafka', keepVolumes: false, requestedBy: 'a' }));
    expect(await restart(world, 0)).toEqual({ type: 'going away' });
  });
});
