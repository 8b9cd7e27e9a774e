import { describe, expect, jest, test } from '@jest/globals';
import { findPlan, planNames } from '../../../lib/model/plan/find-plan.ts';
import { serviceStatus } from '../../../lib/model/service/service-status.ts';
import { hibernateService, resumeService } from '../../../lib/operations/hibernate-service.ts';
import { pauseNode, resumeNode } from '../../../lib/operations/pause-node.ts';
import { reactivateNode } from '../../../lib/operations/reactivate-node.ts';
import { restartNode } from '../../../lib/operations/restart-node.ts';
import { steerPlan } from '../../../lib/operations/steer-plan.ts';
import { uninstallService } from '../../../lib/operations/uninstall-service.ts';
import { updateService } from '../../../lib/operations/update-service.ts';
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

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(60_000);

const minuteMs = 60_000;
const request = { service: 'kafka', requestedBy: 'anna' };
const small = { controllers: { count: 1 }, brokers: { count: 1 } };
const all = [0, 1, 2, 1000, 1001, 1002];

const hibernate = (world: FakeWorld) => world.clock.finish(hibernateService(world.api, request));
const resume = (world: FakeWorld) => world.clock.finish(resumeService(world.api, request));

async function statusOf(world: FakeWorld): Promise<string | undefined> {
  const state = await world.state('kafka');
  return state && serviceStatus({ type: 'lives', state });
}

async function attempts(world: FakeWorld): Promise<readonly (readonly [number, number])[]> {
  return ((await world.state('kafka'))?.goals ?? []).map(({ nodeId, attempt }) => [nodeId, attempt] as const);
}

/** Nothing works on any node, and the place for one that is down is free. */
async function expectFree(world: FakeWorld): Promise<void> {
  const state = await world.state('kafka');
  expect(state?.leases.filter(({ released }) => !released)).toEqual([]);
  expect(state?.slot).toBeUndefined();
  expect(world.machines.openTokens()).toEqual([]);
}

const volumesOf = (world: FakeWorld) => world.volumes.list().map(({ id }) => id);

describe('a hibernation', () => {
  test('stops brokers before controllers, releases no registration, and keeps every volume, host and port', async () => {
    const world = await deployedService();
    const before = await world.state('kafka');
    const volumes = volumesOf(world);
    const ports = await world.store.listPortClaims();
    const promises = await world.store.readHostPromises();
    const accepted = await hibernate(world);
    expect(accepted.type).toBe('accepted');
    expect(await statusOf(world)).toBe('HIBERNATING');
    await world.clock.until('the controllers stop', () =>
      world.tasks
        .list()
        .some(
          ({ request: { startedBy }, view }) => /\/100\d\/node/.test(startedBy) && view.desiredStatus === 'STOPPED',
        ),
    );
    expect(liveTasks(world).filter((startedBy) => /\/[012]\/node/.test(startedBy))).toEqual([]);
    await untilQuiet(world);
    expect(liveTasks(world)).toEqual([]);
    expect(await statusOf(world)).toBe('HIBERNATED');
    expect(world.kafka.released).toEqual([]);
    expect(volumesOf(world)).toEqual(volumes);
    expect(await world.store.listPortClaims()).toEqual(ports);
    expect(await world.store.readHostPromises()).toEqual(promises);
    const after = await world.state('kafka');
    expect(after?.goals.map(({ host, volume }) => ({ host, volume }))).toEqual(
      before?.goals.map(({ host, volume }) => ({ host, volume })),
    );
    await expectFree(world);
    expect(faultsOf(world)).toEqual([]);
  });

  test('lasts, whatever looks: hours and sweeps start nothing', async () => {
    const world = await deployedService();
    await hibernate(world);
    await untilQuiet(world);
    const executions = world.machines.list().length;
    for (let sweep = 0; sweep < 24; sweep++) {
      await world.sweep();
      await world.clock.pass(5 * minuteMs);
    }
    expect(liveTasks(world)).toEqual([]);
    expect(world.machines.list().length).toBe(executions);
    expect(await attempts(world)).toEqual(all.map((nodeId) => [nodeId, 1]));
  });

  test('is its own plan, which nobody steers, and is asked for once', async () => {
    const world = await deployedService();
    const first = await hibernate(world);
    expect(await hibernate(world)).toEqual({ ...first, type: 'already' });
    await untilQuiet(world);
    expect(await hibernate(world)).toEqual({ ...first, type: 'already' });
    const state = await world.state('kafka');
    const service = { type: 'lives' as const, state: state as NonNullable<typeof state> };
    expect(planNames(service)).toEqual(['deploy', 'hibernate']);
    for (const name of ['deploy', 'hibernate']) {
      const view = findPlan(service, name);
      expect(view?.phases.map(({ name: phase, status }) => [phase, status])).toEqual([
        ['hibernate-broker', 'COMPLETE'],
        ['hibernate-controller', 'COMPLETE'],
      ]);
      const steered = steerPlan(world.api, { ...request, plan: name, command: 'restart' });
      expect(await world.clock.finish(steered)).toEqual({ type: 'already' });
    }
    const { operations } = await world.store.listOperations('kafka', { limit: 10 });
    expect(operations.map(({ kind }) => kind)).toEqual(['hibernate', 'install']);
  });

  test('refuses an update and every word about a node, and changes nothing by them', async () => {
    const world = await deployedService();
    await hibernate(world);
    await untilQuiet(world);
    const before = await world.state('kafka');
    const update = updateService(world.api, {
      ...request,
      options: { brokers: { heap: { size: 700 } } },
      replace: false,
    });
    expect(await world.clock.finish(update)).toEqual({ type: 'hibernates' });
    for (const word of [restartNode, pauseNode, resumeNode, reactivateNode]) {
      expect(await world.clock.finish(word(world.api, { ...request, nodeId: 1 }))).toEqual({ type: 'hibernates' });
    }
    expect(await world.state('kafka')).toEqual(before);
  });

  test('at any moment of a deploy ends the deploy with nothing running; a resume finishes it', async () => {
    for (let momentMs = 0; momentMs <= 16_000; momentMs += 800) {
      const world = createFakeWorld();
      await world.install(small);
      await world.clock.pass(momentMs);
      expect((await hibernate(world)).type).toBe('accepted');
      await untilQuiet(world);
      expect({ momentMs, live: liveTasks(world), status: await statusOf(world) }).toEqual({
        ...{ momentMs, live: [], status: 'HIBERNATED' },
      });
      expect((await resume(world)).type).toBe('accepted');
      await untilQuiet(world);
      expect({ momentMs, live: liveTasks(world).length, status: await statusOf(world) }).toEqual({
        ...{ momentMs, live: 2, status: 'RUNNING' },
      });
      expect(world.volumes.list().length).toBe(2);
      await expectFree(world);
      expect(faultsOf(world)).toEqual([]);
    }
  });

  test('at any moment of an update ends it; the resume starts all nodes in the config that it led to', async () => {
    for (let momentMs = 0; momentMs <= 30_000; momentMs += 3_000) {
      const world = await deployedService({}, small);
      const options = { brokers: { heap: { size: 700 } }, controllers: { heap: { size: 300 } } };
      const update = await world.clock.finish(updateService(world.api, { ...request, options, replace: false }));
      await world.clock.pass(momentMs);
      await hibernate(world);
      await untilQuiet(world);
      expect({ momentMs, live: liveTasks(world) }).toEqual({ momentMs, live: [] });
      await resume(world);
      await untilQuiet(world);
      const state = await world.state('kafka');
      const configId = 'configId' in update ? update.configId : '';
      expect({ momentMs, configs: state?.goals.map((goal) => goal.launch?.configId) }).toEqual({
        ...{ momentMs, configs: [configId, configId] },
      });
      expect(await statusOf(world)).toBe('RUNNING');
      await expectFree(world);
      expect(faultsOf(world)).toEqual([]);
    }
  });

  test('at any moment of a recovery ends it; an end that nobody asked for is nothing to a service that hibernates', async () => {
    for (let momentMs = 0; momentMs <= 16_000; momentMs += 2_000) {
      const world = await deployedService({}, small);
      world.tasks.end(taskOf(world, 0).view.taskArn, killed);
      await world.clock.pass(momentMs);
      await hibernate(world);
      await untilQuiet(world);
      const running = world.machines.list().length;
      await world.sweep();
      expect({ momentMs, live: liveTasks(world) }).toEqual({ momentMs, live: [] });
      expect(world.machines.list().length).toBe(running);
      await resume(world);
      await untilQuiet(world);
      expect({ momentMs, live: liveTasks(world).length }).toEqual({ momentMs, live: 2 });
      await expectFree(world);
    }
  });

  test('goes on with its next run when one died, and passes over what is down', async () => {
    const world = await deployedService();
    await hibernate(world);
    await world.clock.until('the first stop', () =>
      world.tasks.list().some(({ view }) => view.desiredStatus === 'STOPPED'),
    );
    const run = world.machines.list().findLast(({ machine }) => machine === 'hibernate');
    world.machines.abort(run?.arn ?? '');
    await world.clock.pass(minuteMs);
    await world.sweep();
    await untilQuiet(world);
    expect(liveTasks(world)).toEqual([]);
    expect(await statusOf(world)).toBe('HIBERNATED');
    await expectFree(world);
  });

  test('is followed by an uninstall that leaves nothing', async () => {
    const world = await deployedService();
    await hibernate(world);
    await untilQuiet(world);
    await world.clock.finish(uninstallService(world.api, { ...request, keepVolumes: false }));
    await untilQuiet(world);
    expect(await world.store.listServices()).toEqual([]);
    expect(world.volumes.list()).toEqual([]);
    const late = await hibernate(world);
    expect(late).toEqual({ type: 'no service' });
  });

  test('of a service that goes away, or is not there, is refused', async () => {
    const world = await deployedService();
    await world.clock.finish(uninstallService(world.api, { ...request, keepVolumes: false }));
    expect(await hibernate(world)).toEqual({ type: 'going away' });
    expect(await resume(world)).toEqual({ type: 'going away' });
    expect(await world.clock.finish(hibernateService(world.api, { ...request, service: 'absent' }))).toEqual({
      type: 'no service',
    });
  });
});

describe('a resume', () => {
  test('starts every node once, on its host and its volume, controllers before brokers, and releases no registration', async () => {
    const world = await deployedService();
    const before = await world.state('kafka');
    await hibernate(world);
    await untilQuiet(world);
    const starts = world.tasks.list().length;
    const accepted = await resume(world);
    expect(accepted.type).toBe('accepted');
    expect(await statusOf(world)).toBe('DEPLOYING');
    await untilQuiet(world);
    expect(await statusOf(world)).toBe('RUNNING');
    expect(await attempts(world)).toEqual(all.map((nodeId) => [nodeId, 2]));
    // The volumes are on their hosts and need no preparation.
    const started = world.tasks.list().slice(starts);
    expect(started.length).toBe(6);
    const order = started.map(({ request: { startedBy } }) => Number(startedBy.split('/')[2]) >= 1000);
    expect(order).toEqual([true, true, true, false, false, false]);
    const after = await world.state('kafka');
    expect(after?.goals.map(({ host, volume }) => ({ host, volume }))).toEqual(
      before?.goals.map(({ host, volume }) => ({ host, volume })),
    );
    expect(world.kafka.released).toEqual([]);
    await expectFree(world);
    expect(faultsOf(world)).toEqual([]);
  });

  test('starts its brokers at the same time, not one after another', async () => {
    const world = await deployedService();
    await hibernate(world);
    await untilQuiet(world);
    const starts = world.tasks.list().length;
    await resume(world);
    await untilQuiet(world);
    const asked = world.tasks
      .list()
      .slice(starts)
      .map(({ view }) => view.createdAt ?? 0);
    const spread = (times: readonly number[]) => Math.max(...times) - Math.min(...times);
    expect(spread(asked.slice(0, 3))).toBeLessThan(3_000);
    expect(spread(asked.slice(3))).toBeLessThan(3_000);
  });

  test('of a service that does not hibernate is so already', async () => {
    const world = await deployedService();
    const { planId } = (await world.state('kafka'))?.wish ?? {};
    expect(await resume(world)).toEqual({ type: 'already', planId });
    expect((await world.store.listOperations('kafka', { limit: 10 })).operations.length).toBe(1);
  });

  test('at any moment of a hibernation takes it over, and all nodes run in the end', async () => {
    for (let momentMs = 0; momentMs <= 24_000; momentMs += 1_500) {
      const world = await deployedService();
      await hibernate(world);
      await world.clock.pass(momentMs);
      expect((await resume(world)).type).toBe('accepted');
      await untilQuiet(world);
      expect({ momentMs, live: liveTasks(world).length, status: await statusOf(world) }).toEqual({
        ...{ momentMs, live: 6, status: 'RUNNING' },
      });
      await expectFree(world);
      expect(faultsOf(world)).toEqual([]);
    }
  });

  test('leaves a paused node down, and brings up all others', async () => {
    const world = await deployedService();
    await world.clock.finish(pauseNode(world.api, { ...request, nodeId: 1 }));
    await world.clock.pass(minuteMs);
    await hibernate(world);
    await untilQuiet(world);
    await expectFree(world);
    await resume(world);
    await world.clock.pass(5 * minuteMs);
    const running = liveTasks(world).map((startedBy) => Number(startedBy.split('/')[2]));
    expect(running.sort()).toEqual([0, 1000, 1001, 1002, 2].sort());
    const state = await world.state('kafka');
    const view = state && findPlan({ type: 'lives', state }, 'resume');
    const waits = view?.phases.flatMap(({ steps }) => steps).filter(({ status }) => status !== 'COMPLETE');
    expect(waits?.map(({ name, waiting }) => [name, waiting?.reason.type])).toEqual([['kafka-1:[broker]', 'paused']]);
    await world.clock.finish(resumeNode(world.api, { ...request, nodeId: 1 }));
    await untilQuiet(world);
    expect(liveTasks(world).length).toBe(6);
    expect(await statusOf(world)).toBe('RUNNING');
    await expectFree(world);
  });

  test('whose run died is gone on with by the next sweep, and starts nothing twice', async () => {
    const world = await deployedService();
    await hibernate(world);
    await untilQuiet(world);
    await resume(world);
    await world.clock.pass(3_000);
    for (const { machine, arn, status } of world.machines.list())
      if (status === 'RUNNING' && ['resume', 'broker'].includes(machine)) world.machines.abort(arn);
    await world.clock.pass(minuteMs);
    await world.sweep();
    await untilQuiet(world);
    expect(liveTasks(world).length).toBe(6);
    expect(await attempts(world)).toEqual(all.map((nodeId) => [nodeId, 2]));
    expect(await statusOf(world)).toBe('RUNNING');
    await expectFree(world);
    expect(faultsOf(world)).toEqual([]);
  });

  test('moves a node whose host was terminated meanwhile to another one, with its volume', async () => {
    const world = await deployedService();
    await hibernate(world);
    await untilQuiet(world);
    const goal = (await world.state('kafka'))?.goals.find(({ nodeId }) => nodeId === 0);
    await world.loseHost(goal?.host?.instanceId ?? '', 'hears of it');
    await world.clock.pass(minuteMs);
    expect(liveTasks(world)).toEqual([]);
    await resume(world);
    await untilQuiet(world, 2 * hourMs);
    const after = (await world.state('kafka'))?.goals.find(({ nodeId }) => nodeId === 0);
    expect(after?.volume?.id).toBe(goal?.volume?.id);
    expect(after?.host?.instanceId).not.toBe(goal?.host?.instanceId);
    expect(liveTasks(world).length).toBe(6);
  });

  test('waits out the session of a broker that ends on its way up, beside others that serve', async () => {
    const world = await deployedService();
    await hibernate(world);
    await untilQuiet(world);
    const before = taskOf(world, 1).view.taskArn;
    await resume(world);
    await world.clock.until('the broker runs', () => {
      const { taskArn, lastStatus } = taskOf(world, 1).view;
      return taskArn !== before && lastStatus === 'RUNNING';
    });
    world.tasks.end(taskOf(world, 1).view.taskArn, killed);
    await untilQuiet(world);
    expect(world.kafka.released).toEqual([]);
    expect(await attempts(world)).toEqual(all.map((nodeId) => [nodeId, nodeId === 1 ? 3 : 2]));
    expect(await statusOf(world)).toBe('RUNNING');
  });

  test('is followed by updates as ever', async () => {
    const world = await deployedService({}, small);
    await hibernate(world);
    await untilQuiet(world);
    await resume(world);
    await untilQuiet(world);
    const before = (await world.state('kafka'))?.target.configId;
    const options = { brokers: { heap: { size: 700 } } };
    await world.clock.finish(updateService(world.api, { ...request, options, replace: false }));
    await untilQuiet(world);
    const state = await world.state('kafka');
    expect(state?.plans.find(({ id }) => id === state.wish.planId)?.previousConfigId).toBe(before);
    expect(await statusOf(world)).toBe('RUNNING');
  });
});
