import { describe, expect, jest, test } from '@jest/globals';
import { findPlan } from '../../../lib/model/plan/find-plan.ts';
import { passIdleNodes } from '../../../lib/operations/pass-idle-nodes.ts';
import { type SteerRequest, steerPlan } from '../../../lib/operations/steer-plan.ts';
import { updateService } from '../../../lib/operations/update-service.ts';
import { deployedService, faultsOf, hourMs, killed, taskOf, untilQuiet } from '../../support/deployed-service.ts';
import type { FakeWorld } from '../../support/fake-world.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(60_000);

const small = { brokers: { count: 3 }, controllers: { count: 3 } };
/** Kafka reads it when it starts, and no controller reads it. */
const ofBrokers = (hours: number) => ({ kafka: { log_retention_hours: hours } });

async function update(world: FakeWorld, options: unknown): Promise<string> {
  const request = { service: 'kafka', options, replace: false, requestedBy: 'anna' };
  const result = await world.clock.finish(updateService(world.api, request));
  if (result.type !== 'accepted') throw new Error(JSON.stringify(result));
  return result.planId;
}

function say(world: FakeWorld, command: SteerRequest['command'], more: Partial<SteerRequest> = {}) {
  const request = { service: 'kafka', plan: 'deploy', command, requestedBy: 'bert', ...more };
  return world.clock.finish(steerPlan(world.api, request));
}

/** Names of the executions that took a step of the plan, without the plan's id. */
function executions(world: FakeWorld, planId: string): readonly string[] {
  const ofPlan = world.machines.list().filter(({ machine, name }) => machine === 'broker' && name.startsWith(planId));
  return ofPlan.map(({ name }) => name.slice(planId.length + 1)).sort();
}

async function starts(world: FakeWorld): Promise<Readonly<Record<string, number>>> {
  const goals = (await world.state('kafka'))?.goals ?? [];
  return Object.fromEntries(goals.map(({ nodeId, attempt }) => [nodeId, attempt]));
}

async function steps(world: FakeWorld): Promise<readonly string[]> {
  const state = await world.state('kafka');
  const plan = state && findPlan({ type: 'lives', state }, 'deploy');
  return plan?.phases.flatMap((phase) => phase.steps.map(({ name, status }) => `${name} ${status}`)) ?? [];
}

const isStopping = (world: FakeWorld, nodeId: number) => taskOf(world, nodeId).view.desiredStatus === 'STOPPED';

describe('a roll of brokers', () => {
  test('starts no execution for a controller, whose step is complete before the first broker stops', async () => {
    const world = await deployedService({}, small);
    const planId = await update(world, ofBrokers(100));
    await world.clock.until('the first stop', () => isStopping(world, 0), hourMs);
    expect((await steps(world)).slice(0, 3)).toEqual([
      'controller-0:[controller] COMPLETE',
      'controller-1:[controller] COMPLETE',
      'controller-2:[controller] COMPLETE',
    ]);
    await untilQuiet(world);
    expect(executions(world, planId)).toEqual(['1-kafka-0', '1-kafka-1', '1-kafka-2']);
    expect(await starts(world)).toEqual({ 0: 2, 1: 2, 2: 2, 1000: 1, 1001: 1, 1002: 1 });
    expect(new Set(await steps(world)).size).toBe(6);
    expect((await steps(world)).every((step) => step.endsWith(' COMPLETE'))).toBe(true);
    expect(faultsOf(world)).toEqual([]);
  });

  test('leaves each controller with the new config, and with what its process was started with', async () => {
    const world = await deployedService({}, small);
    const before = (await world.state('kafka'))?.target.configId;
    await update(world, ofBrokers(100));
    await untilQuiet(world);
    const state = await world.state('kafka');
    const controllers = state?.goals.filter(({ nodeId }) => nodeId >= 1000) ?? [];
    expect(controllers.map(({ configId, launch }) => [configId, launch?.configId])).toEqual(
      Array.from({ length: 3 }, () => [state?.target.configId, before]),
    );
    expect(state?.leases.every(({ released }) => released)).toBe(true);
  });

  test('and one of controllers after it restarts each controller, and asks each broker what others have set', async () => {
    const world = await deployedService({}, small);
    await update(world, ofBrokers(100));
    await untilQuiet(world);
    const planId = await update(world, { controllers: { mem: 1536 } });
    await untilQuiet(world);
    expect(executions(world, planId)).toEqual([
      ...['1-controller-0', '1-controller-1', '1-controller-2'],
      ...['1-kafka-0', '1-kafka-1', '1-kafka-2'],
    ]);
    expect(await starts(world)).toEqual({ 0: 2, 1: 2, 2: 2, 1000: 2, 1001: 2, 1002: 2 });
    expect(faultsOf(world)).toEqual([]);
  });

  test('starts a controller that has ended, although no event told of it', async () => {
    const world = await deployedService({}, small);
    world.setFate(() => []);
    world.tasks.end(taskOf(world, 1001).view.taskArn, killed);
    await world.clock.pass(5_000);
    const planId = await update(world, ofBrokers(100));
    world.setFate(() => [60]);
    await untilQuiet(world);
    expect(executions(world, planId)).toContain('1-controller-1');
    expect(executions(world, planId)).not.toContain('1-controller-0');
    expect((await starts(world))['1001']).toBe(2);
    expect(taskOf(world, 1001).view.lastStatus).toBe('RUNNING');
  });

  test('that dies before it has passed a node passes it in its next run, and takes no complete step again', async () => {
    const world = await deployedService({}, small);
    world.machines.abortAt('Pass idle nodes');
    const planId = await update(world, ofBrokers(100));
    await world.clock.pass(5_000);
    expect(executions(world, planId)).toEqual([]);
    await world.clock.finish(world.reconcile('kafka'));
    await world.clock.until('the stop of the second broker', () => isStopping(world, 1), hourMs);
    world.machines.abort(world.machines.arnOf('update', `${planId}-2`));
    world.machines.abort(world.machines.arnOf('broker', `${planId}-2-kafka-1`));
    await world.clock.pass(30_000);
    await world.clock.finish(world.reconcile('kafka'));
    await untilQuiet(world);
    expect(executions(world, planId)).toEqual(['2-kafka-0', '2-kafka-1', '3-kafka-1', '3-kafka-2']);
    expect((await steps(world)).every((step) => step.endsWith(' COMPLETE'))).toBe(true);
    expect(faultsOf(world)).toEqual([]);
  });
});

describe('an operator', () => {
  test('who has a passed step done again has its node restarted', async () => {
    const world = await deployedService({}, small);
    const planId = await update(world, ofBrokers(100));
    await untilQuiet(world);
    const again = { phase: 'controller', step: 'controller-1:[controller]' };
    expect(await say(world, 'restart', again)).toMatchObject({ type: 'done' });
    await untilQuiet(world);
    expect(executions(world, planId).filter((name) => name.startsWith('2-'))).toEqual(['2-controller-1']);
    expect(await starts(world)).toEqual({ 0: 2, 1: 2, 2: 2, 1000: 1, 1001: 2, 1002: 1 });
    expect(faultsOf(world)).toEqual([]);
  });

  test('who interrupts a plan keeps steps with nothing to do open', async () => {
    const world = await deployedService({}, small);
    world.machines.abortAt('Pass idle nodes');
    await update(world, ofBrokers(100));
    await world.clock.pass(5_000);
    await say(world, 'interrupt');
    await world.clock.finish(world.reconcile('kafka'));
    await world.clock.pass(hourMs / 2);
    expect(new Set(await steps(world)).size).toBe(6);
    expect((await steps(world)).every((step) => step.endsWith(' PENDING'))).toBe(true);
    expect(await say(world, 'continue')).toMatchObject({ type: 'done' });
    await untilQuiet(world);
    expect((await steps(world)).every((step) => step.endsWith(' COMPLETE'))).toBe(true);
  });

  test('who has not said a word to a canary has no controller passed', async () => {
    const world = await deployedService({}, small);
    const planId = await update(world, { service: { phase_strategy: 'STAGE' }, ...ofBrokers(100) });
    await world.clock.pass(hourMs / 2);
    expect((await steps(world)).every((step) => step.endsWith(' PENDING'))).toBe(true);
    for (const _point of [1, 2]) {
      await say(world, 'continue');
      await world.clock.pass(hourMs / 4);
    }
    await untilQuiet(world);
    expect((await steps(world)).every((step) => step.endsWith(' COMPLETE'))).toBe(true);
    expect(executions(world, planId)).toEqual(['1-kafka-0', '1-kafka-1', '1-kafka-2']);
  });
});

describe('a run that asks for a phase', () => {
  test('of a plan that is over is told that all of it is, and nothing is written', async () => {
    const world = await deployedService({}, small);
    const planId = await update(world, ofBrokers(100));
    await untilQuiet(world);
    const before = await world.state('kafka');
    const ask = (phase: string) => passIdleNodes(portsOf(world), { service: 'kafka', planId, phase, holder: 'late' });
    const plan = before?.plans.find(({ id }) => id === planId);
    expect(plan?.phases.map(({ name }) => name)).toEqual(['controller', 'broker']);
    for (const { name, steps: all } of plan?.phases ?? []) {
      expect(await ask(name)).toEqual({ through: all.map(({ id }) => id) });
    }
    expect(await world.state('kafka')).toEqual(before);
  });

  test('of a service or a phase that is not there is told of no step', async () => {
    const world = await deployedService({}, small);
    const ports = portsOf(world);
    const holder = 'late';
    expect(await passIdleNodes(ports, { service: 'orders', planId: 'p', phase: 'controller', holder })).toEqual({
      through: [],
    });
    const planId = (await world.state('kafka'))?.wish.planId ?? '';
    expect(await passIdleNodes(ports, { service: 'kafka', planId, phase: 'nodes', holder })).toEqual({ through: [] });
  });

  test('leaves a controller to its turn for which its host keeps more than it needs', async () => {
    const world = await deployedService({}, small);
    const state = await world.state('kafka');
    const { promises, version } = await world.store.readHostPromises();
    const own = promises.find(({ nodeId }) => nodeId === 1001);
    if (own === undefined || state === undefined) throw new Error('its host keeps something for it');
    const more = {
      ...own,
      memoryMiB: own.memoryMiB + 512,
      placedFor: { cpuUnits: own.cpuUnits, memoryMiB: own.memoryMiB },
    };
    expect(await world.store.promiseRoom({ planId: state.wish.planId, promise: more, version })).toBe(true);
    const planId = await update(world, ofBrokers(100));
    await untilQuiet(world);
    expect(executions(world, planId)).toEqual(['1-controller-1', '1-kafka-0', '1-kafka-1', '1-kafka-2']);
    const after = (await world.store.readHostPromises()).promises.find(({ nodeId }) => nodeId === 1001);
    expect(after).toEqual(own);
  });
});

function portsOf({ store, tasks, clock }: FakeWorld) {
  return { store, tasks, clock: clock.clock };
}
