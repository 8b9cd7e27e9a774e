import { strict as assert } from 'node:assert';
import { describe, expect, test } from '@jest/globals';
import type { ServiceConfig } from '../../../lib/model/service/config.ts';
import { resolveOptions } from '../../../lib/model/service/resolve-options.ts';
import { applyProperties } from '../../../lib/operations/node/apply-properties.ts';
import { observeTask } from '../../../lib/operations/observe-task.ts';
import { deployedService, killed, taskOf } from '../../support/deployed-service.ts';
import { createFakeConfigs, type FakeConfigs } from '../../support/fake-configs.ts';
import type { FakeWorld } from '../../support/fake-world.ts';

interface Stage {
  readonly world: FakeWorld;
  readonly configs: FakeConfigs;
  /** One look of the step at a node. */
  look(nodeId: number): ReturnType<typeof applyProperties>;
  /** The looks until the step is done. */
  untilDone(nodeId: number): Promise<void>;
}

/** A deployed service of which each node is held by a step of a plan that leads to these options; or by its recovery. */
async function stage(kafka: object, kind: 'plan' | 'recovery' = 'plan', started: object = {}): Promise<Stage> {
  const world = await deployedService({}, { kafka: started });
  const state = await world.state('kafka');
  assert(state !== undefined, 'the service is there');
  const before = await world.store.readConfig('kafka', state.target.configId);
  assert(before !== undefined, 'its config is there');
  const target = configOf(before, kafka);
  const [plan] = state.plans;
  assert(plan !== undefined, 'its install is there');
  const accepted = await world.store.acceptPlan({
    plan: { ...plan, id: 'update', kind: 'update', configId: target.id },
    wish: { ...state.wish, planId: 'update' },
    previous: state.wish,
    operation: { id: 'operation', service: 'kafka', kind: 'update', requestedBy: 'admin', requestedAt: 1 },
    update: {
      target: { ...state.target, configId: target.id },
      config: target,
      previousConfigId: state.target.configId,
    },
  });
  expect(accepted).toBe(true);
  for (const previous of state.leases) {
    const lease = { ...previous, holder: 'execution', kind, number: previous.number + 1, released: false };
    expect(await world.store.takeLease({ lease, previous, withSlot: false })).toBe(true);
  }
  const configs = createFakeConfigs();
  const ports = { store: world.store, clock: world.clock.clock, kafka: { ...world.kafka.admin, ...configs.admin } };
  const planIds = kind === 'plan' ? { planId: 'update', stepId: 'step' } : {};
  const look = (nodeId: number) =>
    applyProperties(ports, { service: 'kafka', nodeId, kind, holder: 'execution', ...planIds });
  const untilDone = async (nodeId: number): Promise<void> => {
    for (let looks = 0; looks < 10; looks++) {
      const result = await look(nodeId);
      if (result.type === 'done') return;
      expect(result).toMatchObject({ type: 'not ready', reason: { type: 'properties', nodeId } });
    }
    throw new Error('ten looks were not enough');
  };
  return { world, configs, look, untilDone };
}

function configOf({ packageVersion, options }: ServiceConfig, kafka: object): ServiceConfig {
  const resolved = resolveOptions({ ...options, kafka }, packageVersion);
  assert(resolved.type === 'resolved', JSON.stringify(resolved));
  return { id: 'config-2', packageVersion, options: resolved.options };
}

const ofCluster = { 'min.insync.replicas': '2', 'unclean.leader.election.enable': 'false' };

describe('a broker under an update', () => {
  test('gets the new values of what Kafka takes while it runs, and then has the new config', async () => {
    const { world, configs, look } = await stage({ log_retention_ms: 60_000 });
    const before = await world.store.readGoal('kafka', 1);
    expect(await look(1)).toEqual({
      type: 'not ready',
      reason: {
        ...{ type: 'properties', nodeId: 1 },
        names: ['min.insync.replicas', 'unclean.leader.election.enable', 'log.retention.ms'],
      },
    });
    expect(configs.of('1')).toEqual({ 'log.retention.ms': '60000' });
    expect(configs.of('')).toEqual(ofCluster);
    expect((await world.store.readGoal('kafka', 1))?.configId).toBe(before?.configId);
    expect(await look(1)).toEqual({ type: 'done' });
    const goal = await world.store.readGoal('kafka', 1);
    expect(goal?.configId).toBe('config-2');
    expect(goal?.launch?.configId).toBe(before?.configId);
    expect(configs.of('0')).toEqual({});
  });

  test('is asked for nothing twice', async () => {
    const { configs, look, untilDone } = await stage({ log_retention_ms: 60_000 });
    await untilDone(1);
    const asked = configs.alterations();
    expect(await look(1)).toEqual({ type: 'done' });
    expect(configs.alterations()).toBe(asked);
  });

  test('loses what others have set, and keeps its throttles', async () => {
    const { configs, untilDone } = await stage({});
    configs.set('2', { 'num.network.threads': '5', 'leader.replication.throttled.rate': '1000' });
    configs.set('', { 'min.insync.replicas': '1', 'compression.type': 'gzip' });
    await untilDone(2);
    expect(configs.of('2')).toEqual({ 'leader.replication.throttled.rate': '1000' });
    expect(configs.of('')).toEqual(ofCluster);
  });

  test('grows its threads step by step as Kafka allows', async () => {
    const { configs, untilDone } = await stage({ num_io_threads: 50 });
    configs.file('0', { 'num.io.threads': '8' });
    await untilDone(0);
    expect(configs.history('0')).toEqual(['num.io.threads=16', 'num.io.threads=32', 'num.io.threads=50']);
  });

  test('waits with Kafka’s own sentence, and under its old config, for a value that Kafka refuses', async () => {
    const { world, configs, look } = await stage({ log_retention_ms: 60_000, log_segment_bytes: 1_048_577 });
    const before = await world.store.readGoal('kafka', 1);
    configs.refuse('log.segment.bytes', 'it is too odd');
    const refused = {
      type: 'not ready',
      reason: {
        ...{ type: 'error', name: 'KafkaRefusedProperty' },
        message: 'log.segment.bytes=1048577 of broker 1: it is too odd',
      },
    };
    expect(await look(1)).toEqual(refused);
    expect(await look(1)).toEqual(refused);
    expect(configs.of('1')).toEqual({});
    expect(await world.store.readGoal('kafka', 1)).toEqual(before);
  });

  test('is waited for while it does not serve', async () => {
    const { world, configs, look } = await stage({ log_retention_ms: 60_000 });
    world.setFate(() => []);
    world.tasks.end(taskOf(world, 1).view.taskArn, killed);
    expect(await look(1)).toEqual({
      type: 'not ready',
      reason: { type: 'registration', nodeId: 1, state: 'absent' },
    });
    expect(configs.alterations()).toBe(0);
  });

  test('sends the machine back to its start when its task is known to have stopped', async () => {
    const { world, look } = await stage({ log_retention_ms: 60_000 });
    world.setFate(() => []);
    const { taskArn } = taskOf(world, 1).view;
    world.tasks.end(taskArn, killed);
    const stopped = await world.tasks.describe(taskArn);
    assert(stopped !== undefined, 'a stopped task is shown');
    await observeTask(world, stopped);
    expect(await look(1)).toMatchObject({ type: 'failed', error: 'TaskStopped' });
  });

  test('never counts as changed while its process takes a restart', async () => {
    const { world, configs, look } = await stage({ num_partitions: 6 });
    const before = await world.store.readGoal('kafka', 1);
    expect(await look(1)).toEqual({
      type: 'not ready',
      reason: {
        ...{ type: 'error', name: 'NodeNeedsRestart' },
        message: `kafka-1 runs with config ${before?.configId}, and config config-2 takes a restart of it`,
      },
    });
    expect(await world.store.readGoal('kafka', 1)).toEqual(before);
    expect(configs.alterations()).toBe(0);
  });
});

describe('a dedicated controller under an update', () => {
  test('has the new config at once, and Kafka is asked for nothing', async () => {
    const { world, configs, look } = await stage({ log_retention_ms: 60_000 });
    expect(await look(1001)).toEqual({ type: 'done' });
    expect((await world.store.readGoal('kafka', 1001))?.configId).toBe('config-2');
    expect(configs.alterations()).toBe(0);
  });
});

describe('a recovery', () => {
  test('brings a broker back to its own config and leaves the cluster to the plan', async () => {
    const { world, configs, untilDone } = await stage({ log_retention_ms: 60_000, min_insync_replicas: 1 }, 'recovery');
    const before = await world.store.readGoal('kafka', 1);
    configs.set('1', { 'log.retention.ms': '60000' });
    configs.set('', { 'min.insync.replicas': '1' });
    await untilDone(1);
    expect(configs.of('1')).toEqual({});
    expect(configs.of('')).toEqual({ 'min.insync.replicas': '1' });
    expect(await world.store.readGoal('kafka', 1)).toEqual(before);
  });
});
