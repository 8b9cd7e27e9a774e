import { describe, expect, jest, test } from '@jest/globals';
import { findPlan } from '../../../lib/model/plan/find-plan.ts';
import { type SteerRequest, steerPlan } from '../../../lib/operations/steer-plan.ts';
import { updateService } from '../../../lib/operations/update-service.ts';
import { deployedService, faultsOf, hourMs, killed, taskOf, untilQuiet } from '../../support/deployed-service.ts';
import type { FakeWorld } from '../../support/fake-world.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(60_000);

const minuteMs = 60_000;
const readOnly = { kafka: { log_retention_hours: 100 } };

async function update(world: FakeWorld, options: unknown): Promise<void> {
  const request = { service: 'kafka', options, replace: false, requestedBy: 'anna' };
  const result = await world.clock.finish(updateService(world.api, request));
  expect(result.type).toBe('accepted');
}

function say(world: FakeWorld, command: SteerRequest['command'], more: Partial<SteerRequest> = {}) {
  const request = { service: 'kafka', plan: 'deploy', command, requestedBy: 'bert', ...more };
  return world.clock.finish(steerPlan(world.api, request));
}

async function starts(world: FakeWorld): Promise<readonly number[]> {
  return ((await world.state('kafka'))?.goals ?? [])
    .filter(({ nodeId }) => nodeId < 1000)
    .map(({ attempt }) => attempt);
}

async function plan(world: FakeWorld) {
  const state = await world.state('kafka');
  const found = state && findPlan({ type: 'lives', state }, 'deploy');
  if (found === undefined) throw new Error('there is no plan');
  return found;
}

async function steps(world: FakeWorld): Promise<readonly string[]> {
  return (await plan(world)).phases.flatMap((phase) => phase.steps.map(({ name, status }) => `${name} ${status}`));
}

const stage = (rollback: string) => ({ service: { phase_strategy: 'STAGE', rollback, canary_limit_secs: 300 } });

describe('an update under STAGE', () => {
  test('does nothing before the first word, one broker after it, and the rest after the second', async () => {
    const world = await deployedService();
    await update(world, { ...stage('manual'), ...readOnly });
    await world.clock.pass(10 * minuteMs);
    expect(await starts(world)).toEqual([1, 1, 1]);
    expect((await plan(world)).status).toBe('WAITING');
    expect(await say(world, 'continue')).toMatchObject({ type: 'done' });
    await world.clock.pass(10 * minuteMs);
    expect(await starts(world)).toEqual([2, 1, 1]);
    expect((await steps(world)).slice(0, 2)).toEqual(['kafka-0:[broker] COMPLETE', 'kafka-1:[broker] PENDING']);
    expect((await plan(world)).status).toBe('WAITING');
    expect(await say(world, 'continue')).toMatchObject({ type: 'done' });
    await untilQuiet(world);
    expect(await starts(world)).toEqual([2, 2, 2]);
    expect((await plan(world)).status).toBe('COMPLETE');
    expect(await say(world, 'continue')).toEqual({ type: 'already' });
  });

  test('takes a canary back by itself that ends twice, and says why', async () => {
    const world = await deployedService();
    const before = (await world.state('kafka'))?.target.configId;
    await update(world, { ...stage('automatic'), ...readOnly });
    await say(world, 'continue');
    for (const attempt of [2, 3]) {
      const isUp = () => {
        const { request, view } = taskOf(world, 0);
        return request.startedBy.endsWith(`/${attempt}`) && view.lastStatus === 'RUNNING';
      };
      await world.clock.until(`try ${attempt}`, isUp, hourMs);
      world.tasks.end(taskOf(world, 0).view.taskArn, killed);
    }
    await untilQuiet(world);
    const state = await world.state('kafka');
    expect(state?.target.configId).toBe(before);
    expect(state?.goals.map(({ launch }) => launch?.configId).slice(0, 3)).toEqual([before, before, before]);
    expect(await starts(world)).toEqual([4, 1, 1]);
    const { status, errors } = await plan(world);
    expect(status).toBe('ERROR');
    expect(errors.join()).toContain('kafka-0:[broker] ended 2 times without being asked to, in the new configuration');
    const { operations } = await world.store.listOperations('kafka', { limit: 5 });
    expect(operations.map(({ kind }) => kind)).toEqual(['roll back', 'continue', 'update', 'install']);
    expect(faultsOf(world)).toEqual([]);
  });

  test('stops at a canary that ends again and again, and leaves the word to an operator', async () => {
    const world = await deployedService();
    await update(world, { ...stage('manual'), ...readOnly });
    await say(world, 'continue');
    for (let attempt = 2; attempt < 6; attempt++) {
      const isUp = () => {
        const { request, view } = taskOf(world, 0);
        return request.startedBy.endsWith(`/${attempt}`) && view.lastStatus === 'RUNNING';
      };
      await world.clock.until(`try ${attempt}`, isUp, hourMs);
      world.tasks.end(taskOf(world, 0).view.taskArn, killed);
    }
    await world.clock.pass(5_000);
    expect((await starts(world)).slice(1)).toEqual([1, 1]);
    expect((await steps(world))[0]).toBe('kafka-0:[broker] DELAYED');
    await update(world, { service: { phase_strategy: 'INSTALL' }, kafka: { log_retention_hours: null } });
    await untilQuiet(world);
    expect((await starts(world)).slice(1)).toEqual([1, 1]);
    expect((await plan(world)).status).toBe('COMPLETE');
  });
});

describe('an interrupt', () => {
  test.each(['serial', 'parallel'])(
    'lets the step under way finish and holds the next one of a %s plan, until somebody continues',
    async (strategy) => {
      const world = await deployedService();
      await update(world, { ...readOnly, service: { deploy_strategy: strategy } });
      await world.clock.until('the first stop', () => taskOf(world, 0).view.desiredStatus === 'STOPPED', hourMs);
      expect(await say(world, 'interrupt')).toMatchObject({ type: 'done' });
      expect(await say(world, 'interrupt')).toEqual({ type: 'already' });
      await world.clock.pass(30 * minuteMs);
      expect(await starts(world)).toEqual([2, 1, 1]);
      expect((await plan(world)).status).toBe('WAITING');
      await say(world, 'continue');
      await untilQuiet(world);
      expect(await starts(world)).toEqual([2, 2, 2]);
    },
  );
});

describe('a restart', () => {
  test('of a step that is complete restarts its node once more, and no other', async () => {
    const world = await deployedService();
    const done = await say(world, 'restart', { phase: 'broker', step: 'kafka-1:[broker]' });
    expect(done).toEqual({ type: 'done', plan: 'deploy', phase: 'broker', step: 'kafka-1:[broker]' });
    await untilQuiet(world);
    expect(await starts(world)).toEqual([1, 2, 1]);
    expect((await plan(world)).status).toBe('COMPLETE');
    await say(world, 'restart', { phase: 'broker', step: 'kafka-1:[broker]' });
    await untilQuiet(world);
    expect(await starts(world)).toEqual([1, 3, 1]);
    expect(faultsOf(world)).toEqual([]);
  });

  test('of a phase restarts its nodes one after another', async () => {
    const world = await deployedService();
    await say(world, 'restart', { phase: 'controller' });
    await untilQuiet(world);
    const goals = (await world.state('kafka'))?.goals ?? [];
    expect(goals.map(({ nodeId, attempt }) => `${nodeId}: ${attempt}`)).toEqual([
      ...['0: 1', '1: 1', '2: 1', '1000: 2', '1001: 2', '1002: 2'],
    ]);
    expect(faultsOf(world)).toEqual([]);
  });
});

describe('a step that is forced to be complete', () => {
  test('is passed over, and its node keeps its config until the next update', async () => {
    const world = await deployedService();
    await update(world, { ...stage('manual'), ...readOnly });
    await say(world, 'forceComplete', { phase: 'broker', step: 'kafka-1:[broker]' });
    await say(world, 'continue');
    await world.clock.pass(10 * minuteMs);
    await say(world, 'continue');
    await untilQuiet(world);
    expect(await starts(world)).toEqual([2, 1, 2]);
    expect((await plan(world)).status).toBe('COMPLETE');
  });

  test('in the middle of its stop brings its node up first, into the new configuration, and no other stops beside it', async () => {
    const world = await deployedService();
    await update(world, readOnly);
    await world.clock.until('the stop', () => taskOf(world, 0).view.desiredStatus === 'STOPPED', hourMs);
    await say(world, 'forceComplete', { phase: 'broker', step: 'kafka-0:[broker]' });
    const isDown = () => taskOf(world, 0).view.lastStatus !== 'RUNNING';
    await world.clock.until('the end of the task', isDown, hourMs);
    while (isDown()) {
      expect((await world.state('kafka'))?.slot?.nodeId).toBe(0);
      await world.clock.pass(100);
    }
    await untilQuiet(world);
    expect(world.machines.list().filter(({ machine }) => machine === 'recover')).toEqual([]);
    expect(await starts(world)).toEqual([2, 2, 2]);
    const state = await world.state('kafka');
    expect(state?.goals.find(({ nodeId }) => nodeId === 0)?.configId).toBe(state?.target.configId);
    expect((await plan(world)).status).toBe('COMPLETE');
    expect(faultsOf(world)).toEqual([]);
  });

  test('leaves a node that does not come up to its recovery, and the plan goes on', async () => {
    const world = await deployedService();
    await update(world, readOnly);
    const fails = async () => {
      const { request, view } = taskOf(world, 0);
      if (view.lastStatus === 'RUNNING' && !request.startedBy.endsWith('/1')) world.tasks.end(view.taskArn, killed);
      await world.clock.pass(1_000);
    };
    for (let second = 0; second < 60; second++) await fails();
    expect(await starts(world)).toEqual([expect.any(Number), 1, 1]);
    await say(world, 'forceComplete', { phase: 'broker', step: 'kafka-0:[broker]' });
    await untilQuiet(world);
    expect(world.machines.list().some(({ machine }) => machine === 'recover')).toBe(true);
    expect((await starts(world)).slice(1)).toEqual([2, 2]);
    expect((await plan(world)).status).toBe('COMPLETE');
  });

  test('before its stop leaves its node alone, and waits for nothing any more', async () => {
    const world = await deployedService();
    // Its replica on broker 9 is not in sync, so that Kafka lets no other one stop.
    world.kafka.setTopics([{ topic: 'orders', replicas: [0, 1, 2, 9], minIsr: 1 }]);
    await update(world, readOnly);
    await world.clock.pass(minuteMs);
    expect((await world.state('kafka'))?.waits.map(({ reason }) => reason.type)).toEqual(['roll safety']);
    await say(world, 'forceComplete', { phase: 'broker', step: 'kafka-0:[broker]' });
    await world.clock.pass(5 * minuteMs);
    expect((await world.state('kafka'))?.waits.map(({ nodeId }) => nodeId)).toEqual([1]);
    expect(await starts(world)).toEqual([1, 1, 1]);
  });
});

describe('a command', () => {
  test.each([
    [{ plan: 'nothing' }, { type: 'no plan' }],
    [{ phase: 'nothing' }, { type: 'no phase', phase: 'nothing' }],
    [
      { phase: 'broker', step: 'nothing' },
      { type: 'no step', step: 'nothing' },
    ],
    [{ step: 'kafka-1:[broker]' }, { type: 'missing phase' }],
    [{ service: 'orders' }, { type: 'no service' }],
  ])('for %j is answered by what is missing', async (more, answer) => {
    const world = await deployedService();
    expect(await say(world, 'restart', more)).toEqual(answer);
  });
});
