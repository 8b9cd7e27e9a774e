import { describe, expect, jest, test } from '@jest/globals';
import { findPlan } from '../../../lib/model/plan/find-plan.ts';
import type { ServiceState } from '../../../lib/model/state.ts';
import { applyProposal } from '../../../lib/operations/apply-proposal.ts';
import { proposeUpdate } from '../../../lib/operations/propose-update.ts';
import { updateService } from '../../../lib/operations/update-service.ts';
import {
  deployedService,
  execution,
  faultsOf,
  hourMs,
  killed,
  liveTasks,
  taskOf,
  untilQuiet,
} from '../../support/deployed-service.ts';
import type { FakeWorld } from '../../support/fake-world.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(60_000);

const small = { brokers: { count: 3 }, controllers: { count: 3 } };
/** Kafka reads it when it starts, and no controller reads it. */
const readOnly = (hours: number) => ({ kafka: { log_retention_hours: hours } });
const dynamic = { kafka: { log_cleaner_backoff_ms: 16_000 } };

async function update(world: FakeWorld, options: unknown) {
  const request = { service: 'kafka', options, replace: false, requestedBy: 'anna' };
  return world.clock.finish(updateService(world.api, request));
}

/** How often each node was started in all. */
async function starts(world: FakeWorld): Promise<Readonly<Record<string, number>>> {
  const goals = (await world.state('kafka'))?.goals ?? [];
  return Object.fromEntries(goals.map(({ nodeId, attempt }) => [nodeId, attempt]));
}

async function history(world: FakeWorld) {
  const { operations } = await world.store.listOperations('kafka', { limit: 20 });
  return operations.map(({ kind, requestedBy }) => `${kind} by ${requestedBy}`);
}

describe('an update', () => {
  test('of what Kafka reads when it starts restarts each broker once and no controller', async () => {
    const world = await deployedService({}, small);
    const { type } = await update(world, readOnly(100));
    await untilQuiet(world);
    expect(type).toBe('accepted');
    expect(await starts(world)).toEqual({ 0: 2, 1: 2, 2: 2, 1000: 1, 1001: 1, 1002: 1 });
    const state = await world.state('kafka');
    expect(new Set(state?.goals.map(({ configId }) => configId))).toEqual(new Set([state?.target.configId]));
    expect(state?.slot).toBeUndefined();
    expect(await history(world)).toEqual(['update by anna', 'install by test']);
    expect(faultsOf(world)).toEqual([]);
  });

  test('of what Kafka takes while it runs restarts nothing, and sets it on each broker', async () => {
    const world = await deployedService({}, small);
    await update(world, dynamic);
    await untilQuiet(world);
    expect(await starts(world)).toEqual({ 0: 1, 1: 1, 2: 1, 1000: 1, 1001: 1, 1002: 1 });
    for (const broker of ['0', '1', '2'])
      expect(world.kafka.configs.of(broker)).toEqual({ 'log.cleaner.backoff.ms': '16000' });
    const state = await world.state('kafka');
    expect(new Set(state?.goals.map(({ configId }) => configId))).toEqual(new Set([state?.target.configId]));
  });

  test('to more brokers starts the new ones and touches nothing else', async () => {
    const world = await deployedService({}, small);
    await update(world, { brokers: { count: 4 } });
    await untilQuiet(world);
    expect(await starts(world)).toEqual({ 0: 1, 1: 1, 2: 1, 3: 1, 1000: 1, 1001: 1, 1002: 1 });
    expect(liveTasks(world).length).toBe(7);
    expect((await world.state('kafka'))?.target.brokerIds).toEqual([0, 1, 2, 3]);
  });

  test('that changes nothing starts no plan, and takes the errors of a refused one away', async () => {
    const world = await deployedService({}, small);
    const before = await world.state('kafka');
    expect((await update(world, { brokers: { count: 2 } })).type).toBe('refused');
    expect((await world.state('kafka'))?.refusedUpdate?.errors[0]?.inBlocks).toBe(
      'Validation error on field "BROKER_COUNT": Decreasing this value (from 3 to 2) is not supported.',
    );
    expect((await update(world, { brokers: { count: 3 } })).type).toBe('unchanged');
    expect(await world.state('kafka')).toEqual(before);
    expect(await history(world)).toEqual(['refused update by anna', 'install by test']);
  });

  test('in the middle of a roll leaves each node with one restart for what changed in the end', async () => {
    const world = await deployedService({}, small);
    await update(world, readOnly(100));
    await world.clock.until(
      'the stop of the first broker',
      () => taskOf(world, 0).view.desiredStatus === 'STOPPED',
      hourMs,
    );
    await update(world, readOnly(72));
    await untilQuiet(world);
    expect(await starts(world)).toEqual({ 0: 2, 1: 2, 2: 2, 1000: 1, 1001: 1, 1002: 1 });
    const state = await world.state('kafka');
    expect(state?.goals.map(({ launch }) => launch?.configId).slice(0, 3)).toEqual(
      Array.from({ length: 3 }, () => state?.target.configId),
    );
    expect(faultsOf(world)).toEqual([]);
  });

  test('back to the old config in the middle of a roll restarts only the nodes that had left it', async () => {
    const world = await deployedService({}, small);
    const before = (await world.state('kafka'))?.target.configId;
    await update(world, readOnly(100));
    await world.clock.until(
      'the stop of the second broker',
      () => taskOf(world, 1).view.desiredStatus === 'STOPPED',
      hourMs,
    );
    await update(world, { kafka: { log_retention_hours: null } });
    await untilQuiet(world);
    // Node 0 had the new config; node 1 was down already, and came up with the old one.
    expect(await starts(world)).toEqual({ 0: 3, 1: 2, 2: 1, 1000: 1, 1001: 1, 1002: 1 });
    expect((await world.state('kafka'))?.target.configId).toBe(before);
  });

  test('does not wait for ever for a place whose holder died, and was replaced by this update at once', async () => {
    const world = await deployedService({}, small);
    await update(world, readOnly(100));
    await world.clock.until('the stop of broker 1', () => taskOf(world, 1).view.desiredStatus === 'STOPPED', hourMs);
    world.machines.abortAt('Await in sync');
    await world.clock.until('its death', () => execution(world, '-kafka-1').status === 'ABORTED', hourMs);
    expect((await world.state('kafka'))?.slot?.nodeId).toBe(1);
    await update(world, readOnly(72));
    await world.clock.pass(20_000);
    await world.clock.finish(world.reconcile('kafka'));
    await untilQuiet(world);
    const state = await world.state('kafka');
    expect(state?.slot).toBeUndefined();
    expect(new Set(state?.goals.map(({ configId }) => configId))).toEqual(new Set([state?.target.configId]));
    expect(faultsOf(world)).toEqual([]);
  });

  test.each([
    ['another change', readOnly(72), [3, 2, 2]],
    ['the old config', { kafka: { log_retention_hours: null } }, [3, 2, 1]],
  ])(
    'to %s while a stop takes long leaves the node to whoever stops it, and stops no other beside it',
    async (_what, options, wanted) => {
      const world = await deployedService({ stopMs: 60_000 }, small);
      await update(world, readOnly(100));
      const isStopping = (nodeId: number) => taskOf(world, nodeId).view.desiredStatus === 'STOPPED';
      await world.clock.until('the stop of the second broker', () => isStopping(1), hourMs);
      // Longer than a function looks at it: the step waits with a token, and the newer plan wakes it.
      await world.clock.pass(20_000);
      await update(world, options);
      while (isStopping(1)) {
        expect([isStopping(0), isStopping(2)]).toEqual([false, false]);
        expect((await world.state('kafka'))?.slot?.nodeId).toBe(1);
        await world.clock.pass(500);
      }
      await untilQuiet(world);
      expect(world.machines.list().filter(({ machine }) => machine === 'recover')).toEqual([]);
      expect(Object.values(await starts(world)).slice(0, 3)).toEqual(wanted);
      expect(faultsOf(world)).toEqual([]);
    },
  );

  test('waits while a broker is recovered, and then rolls', async () => {
    const world = await deployedService({}, small);
    const { taskArn } = taskOf(world, 1).view;
    world.tasks.end(taskArn, killed);
    await world.clock.until('its next start', () => taskOf(world, 1).view.taskArn !== taskArn, hourMs);
    await update(world, readOnly(100));
    await world.clock.pass(1_000);
    const waits = (await world.state('kafka'))?.waits.map(({ reason }) => reason);
    expect(waits).toContainEqual({ type: 'turn', heldBy: 'the recovery of kafka-1 is under way' });
    await untilQuiet(world);
    expect(await starts(world)).toEqual({ 0: 2, 1: 3, 2: 2, 1000: 1, 1001: 1, 1002: 1 });
  });

  test('brings a broker up that has just ended: its recovery does not start it into the old config before', async () => {
    const world = await deployedService({}, small);
    world.tasks.end(taskOf(world, 1).view.taskArn, killed);
    await world.clock.pass(1_000);
    await update(world, readOnly(100));
    await untilQuiet(world);
    expect(await starts(world)).toEqual({ 0: 2, 1: 2, 2: 2, 1000: 1, 1001: 1, 1002: 1 });
    expect(faultsOf(world)).toEqual([]);
  });

  test('of a service that is going away, or is not there, is answered so', async () => {
    const world = await deployedService({}, small);
    const request = { service: 'orders', options: {}, replace: false, requestedBy: 'anna' };
    expect(await world.clock.finish(updateService(world.api, request))).toEqual({ type: 'no service' });
  });
});

describe('a preview', () => {
  const propose = (world: FakeWorld, options: unknown) =>
    world.clock.finish(proposeUpdate(world.api, { service: 'kafka', options, replace: false, requestedBy: 'anna' }));
  const apply = (world: FakeWorld, planId: string) =>
    world.clock.finish(applyProposal(world.api, { service: 'kafka', planId, requestedBy: 'bert' }));

  test('changes nothing, and is applied by its id as it was shown, once', async () => {
    const world = await deployedService({}, small);
    const before = await world.state('kafka');
    const proposed = await propose(world, readOnly(100));
    if (proposed.type !== 'proposed') throw new Error(JSON.stringify(proposed));
    const { plan } = proposed.proposal;
    expect(proposed.nodes.map(({ name, change }) => `${name}: ${change.type}`)).toEqual([
      ...['kafka-0: restart', 'kafka-1: restart', 'kafka-2: restart'],
      ...['controller-0: none', 'controller-1: none', 'controller-2: none'],
    ]);
    expect(await world.state('kafka')).toEqual(before);
    expect(await apply(world, plan.id)).toEqual({ type: 'accepted', planId: plan.id });
    await untilQuiet(world);
    expect(await apply(world, plan.id)).toEqual({ type: 'already', planId: plan.id });
    await untilQuiet(world);
    expect(await starts(world)).toEqual({ 0: 2, 1: 2, 2: 2, 1000: 1, 1001: 1, 1002: 1 });
    expect(await history(world)).toEqual(['update by bert', 'install by test']);
  });

  test('made during an update that is complete when it is applied goes back to what that led to', async () => {
    const world = await deployedService({}, small);
    const installed = (await world.state('kafka'))?.target.configId;
    await update(world, readOnly(100));
    const proposed = await propose(world, readOnly(72));
    if (proposed.type !== 'proposed') throw new Error(JSON.stringify(proposed));
    const { plan } = proposed.proposal;
    expect(plan.previousConfigId).toBe(installed);
    await untilQuiet(world);
    const rolled = (await world.state('kafka'))?.target.configId;
    await apply(world, plan.id);
    const stored = (await world.state('kafka'))?.plans.find(({ id }) => id === plan.id);
    expect(stored?.previousConfigId).toBe(rolled);
  });

  test('is refused once the service has changed, and so is one that nobody made', async () => {
    const world = await deployedService({}, small);
    const proposed = await propose(world, readOnly(100));
    if (proposed.type !== 'proposed') throw new Error(JSON.stringify(proposed));
    await update(world, dynamic);
    await untilQuiet(world);
    const { target } = (await world.state('kafka')) ?? {};
    expect((await apply(world, proposed.proposal.plan.id)).type).toBe('changed meanwhile');
    expect(await apply(world, '00000000-0000-4000-8000-00000000dead')).toEqual({ type: 'no proposal' });
    expect((await world.state('kafka'))?.target).toEqual(target);
  });

  test('is refused once something else would become of a node, though no other update came', async () => {
    const world = await deployedService({}, small);
    await update(world, readOnly(100));
    const isThrough = async () => (await starts(world))[0] === 2;
    while (!(await isThrough())) await world.clock.pass(100);
    const proposed = await propose(world, { kafka: { log_retention_hours: null } });
    if (proposed.type !== 'proposed') throw new Error(JSON.stringify(proposed));
    const changes = proposed.nodes.map(({ name, change }) => `${name}: ${change.type}`);
    expect(changes.slice(0, 3)).toEqual(['kafka-0: restart', 'kafka-1: none', 'kafka-2: none']);
    await untilQuiet(world);
    const before = await world.state('kafka');
    expect(await apply(world, proposed.proposal.plan.id)).toEqual({
      type: 'changed meanwhile',
      detail:
        'Of kafka-1 the preview says: nothing of it changes. By now it would be: Kafka reads log.retention.hours only when it starts. Ask for a new preview',
    });
    await untilQuiet(world);
    expect(await world.state('kafka')).toEqual(before);
  });

  test('that two apply at once is accepted for one, and applied already for the other', async () => {
    const world = await deployedService({}, small);
    const proposed = await propose(world, readOnly(100));
    if (proposed.type !== 'proposed') throw new Error(JSON.stringify(proposed));
    const { id: planId } = proposed.proposal.plan;
    const both = ['bert', 'carl'].map((requestedBy) =>
      applyProposal(world.api, { service: 'kafka', planId, requestedBy }),
    );
    expect(await world.clock.finish(Promise.all(both))).toEqual([
      { type: 'accepted', planId },
      { type: 'already', planId },
    ]);
  });
});

describe('a sweep after many updates', () => {
  test('leaves the newest ten plans and the install; configs and history stay', async () => {
    const world = await deployedService({}, small);
    const plans: string[] = [];
    for (let ms = 16_001; ms <= 16_012; ms++) {
      const result = await update(world, { kafka: { log_cleaner_backoff_ms: ms } });
      if (result.type === 'accepted') plans.push(result.planId);
      await untilQuiet(world);
    }
    const [installed] = (await world.state('kafka'))?.plans ?? [];
    await world.reconcile('kafka');
    const state = await world.state('kafka');
    const kept = [installed?.id, ...plans.slice(2)];
    expect(state?.plans.map(({ id }) => id)).toEqual(kept);
    expect(new Set(state?.steps.map(({ planId }) => planId))).toEqual(new Set(kept));
    expect(state?.target.configId).toBe(state?.goals[0]?.configId);
    expect(await world.store.listConfigIds('kafka')).toHaveLength(13);
    expect(await history(world)).toHaveLength(13);
    expect(findPlan({ type: 'lives', state: state as ServiceState }, plans[0] ?? '')).toBeUndefined();
  });

  test('removes the waits of an execution that is over, and of no other', async () => {
    const world = await deployedService({}, small);
    const [over] = world.machines.list();
    await update(world, { service: { deploy_strategy: 'serial-canary' }, ...readOnly(100) });
    await world.clock.pass(60_000);
    const reason = { type: 'turn', heldBy: 'nobody' } as const;
    await world.store.putWait({ service: 'kafka', nodeId: 2, holder: over?.arn ?? '', since: 1, reason });
    const waits = async () => (await world.state('kafka'))?.waits.map(({ nodeId }) => nodeId);
    expect(await waits()).toEqual([0, 2]);
    await world.reconcile('kafka');
    await world.clock.pass(60_000);
    expect(await waits()).toEqual([0]);
  });
});
