import { strict as assert } from 'node:assert';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createKafkaAdmin } from '../../../lib/kafka/kafka-admin.ts';
import { KafkaUnreachableError } from '../../../lib/kafka/kafka-errors.ts';
import type { ServiceConfig } from '../../../lib/model/service/config.ts';
import { resolveOptions } from '../../../lib/model/service/resolve-options.ts';
import type { NodeLease } from '../../../lib/model/state.ts';
import { applyProperties } from '../../../lib/operations/node/apply-properties.ts';
import type { RealNode } from '../../support/kafka-process.ts';
import { createMemoryStore } from '../../support/memory-store.ts';
import { createRealService } from '../../support/real-service.ts';

const brokerId = 0;

/** A service in memory whose broker 0 really runs, held by a step of the newest plan. */
async function createHeldService({ config, clusterId }: { config: ServiceConfig; clusterId: string }, node: RealNode) {
  const store = createMemoryStore();
  const plan = (id: string, configId: string) => ({
    ...{ id, service: 'kafka', kind: 'update' as const, configId, strategy: 'serial' as const, phases: [] },
    ...{ createdAt: 1, requestedBy: 'admin' },
  });
  const operation = {
    id: 'operation',
    service: 'kafka',
    kind: 'update' as const,
    requestedBy: 'admin',
    requestedAt: 1,
  };
  const target = {
    ...{ service: 'kafka', configId: config.id, packageVersion: config.packageVersion, clusterId, createdAt: 1 },
    ...{ brokerIds: [0, 1, 2], controllerIds: [1000, 1001, 1002] },
  };
  const wish = { service: 'kafka', planId: 'plan-1' };
  await store.createService({ target, wish, config, plan: plan('plan-1', config.id), ports: [], operation });
  const lease: NodeLease = {
    ...{ service: 'kafka', nodeId: brokerId, holder: 'execution', kind: 'plan', number: 1, released: false },
  };
  await store.takeLease({ lease, withSlot: false });
  const stored = await store.putGoal(
    {
      ...{
        service: 'kafka',
        nodeId: brokerId,
        configId: config.id,
        attempt: 1,
        failures: { count: 0, lastAttempt: 0 },
      },
      host: { instanceId: 'i-1', containerInstanceArn: 'arn', address: node.address.host, zone: 'zone' },
      launch: { attempt: 1, request: '{}', requestedAt: 1, taskArn: 'task', configId: config.id },
    },
    lease,
  );
  assert(stored, 'the lease is held');
  let updates = 1;
  const accept = async (kafka: object): Promise<string> => {
    const state = await store.readService('kafka');
    assert(state !== undefined, 'the service is there');
    updates++;
    const resolved = resolveOptions(
      { ...config.options, kafka: { ...config.options.kafka, ...kafka } },
      config.packageVersion,
    );
    assert(resolved.type === 'resolved', JSON.stringify(resolved));
    const next: ServiceConfig = { ...config, id: `config-${updates}`, options: resolved.options };
    const accepted = await store.acceptPlan({
      ...{ plan: plan(`plan-${updates}`, next.id), wish: { service: 'kafka', planId: `plan-${updates}` }, operation },
      previous: state.wish,
      update: { target: { ...target, configId: next.id }, config: next, previousConfigId: state.target.configId },
    });
    assert(accepted, 'nobody else updates');
    return `plan-${updates}`;
  };
  return { store, accept };
}

describe.each([
  { version: '3.9.2', network: '127.56.1' },
  { version: '4.3.1', network: '127.56.2' },
])('a running broker of Kafka $version', ({ version, network }) => {
  const kafka = createRealService({ version, network });
  const admin = createKafkaAdmin({ clientId: 'test' });
  const broker = kafka.createNode(brokerId);
  const controller = kafka.createNode(1000);
  let service: Awaited<ReturnType<typeof createHeldService>>;

  /** Repeats the step as its function does; how often it looked before it was done. Jest's timeout is the limit. */
  const bring = async (planId: string): Promise<number> => {
    const ports = { store: service.store, clock: () => 1, kafka: admin };
    const request = {
      service: 'kafka',
      nodeId: brokerId,
      kind: 'plan' as const,
      holder: 'execution',
      planId,
      stepId: 's',
    };
    for (let looks = 1; ; looks++) {
      // A broker closes connections when its network threads become fewer: the machine tries again then.
      const result = await applyProperties(ports, request).catch((error: unknown) => {
        if (error instanceof KafkaUnreachableError) return undefined;
        throw error;
      });
      if (result === undefined) continue;
      if (result.type === 'done') return looks;
      expect(result).toMatchObject({
        type: 'not ready',
        reason: { type: expect.stringMatching(/^(properties|registration)$/) },
      });
    }
  };
  const tool = (...args: readonly string[]): Promise<string> =>
    kafka.runTool('kafka-configs.sh', [
      ...['--bootstrap-server', `${network}.10:9092`, '--entity-type', 'brokers', ...args],
    ]);
  const ofBroker = ['--entity-name', String(brokerId)] as const;
  /** The dynamic configs of a resource that Kafka's own tool prints, as name=value. */
  const printed = async (...entity: readonly string[]): Promise<readonly string[]> =>
    [...(await tool(...entity, '--describe')).matchAll(/^ {2}(\S+=\S*) sensitive=/gm)]
      .map(([, text]) => text ?? '')
      .sort();
  const read = async (name: string) => {
    const resource = { type: 'broker', id: brokerId } as const;
    const [found] = await admin.describeConfigs([broker.address], { resource, names: [name] });
    return { value: found?.value, source: found?.source };
  };
  const ofCluster = ['min.insync.replicas=2', 'unclean.leader.election.enable=false'];

  beforeAll(async () => {
    await controller.start();
    await broker.start();
    service = await createHeldService(kafka, broker);
  }, 120_000);

  afterAll(kafka.end);

  test('takes a change without a restart, threads in the steps that Kafka allows, seen by Kafka’s own tool', async () => {
    // It runs with three threads: 6, then 12, and a look that finds nothing more.
    const looks = await bring(await service.accept({ log_retention_ms: 60_000, num_io_threads: 12 }));
    expect(looks).toBeGreaterThanOrEqual(3);
    expect(await read('log.retention.ms')).toEqual({ value: '60000', source: 'dynamic broker' });
    expect(await read('num.io.threads')).toEqual({ value: '12', source: 'dynamic broker' });
    expect(await printed(...ofBroker)).toEqual(['log.retention.ms=60000', 'num.io.threads=12']);
    expect(await printed('--entity-default')).toEqual(ofCluster);
    expect((await service.store.readGoal('kafka', brokerId))?.configId).toBe('config-2');
  }, 120_000);

  test('takes a list with blanks, which Kafka describes without them', async () => {
    await bring(await service.accept({ log_cleanup_policy: 'compact, delete' }));
    expect(await read('log.cleanup.policy')).toEqual({ value: 'compact,delete', source: 'dynamic broker' });
  }, 120_000);

  test('takes what controllers decide by for the whole cluster', async () => {
    await bring(await service.accept({ min_insync_replicas: 1, unclean_leader_election_enable: true }));
    expect(await printed('--entity-default')).toEqual(['min.insync.replicas=1', 'unclean.leader.election.enable=true']);
    expect(await read('min.insync.replicas')).toEqual({ value: '1', source: 'dynamic cluster default' });
    expect(await printed(...ofBroker)).toEqual([]);
  }, 120_000);

  test('loses what somebody set with Kafka’s own tool, and keeps the throttle of a reassignment', async () => {
    const drift = 'log.segment.bytes=2097152,num.network.threads=4,leader.replication.throttled.rate=1000000';
    await tool(...ofBroker, '--alter', '--add-config', drift);
    await tool('--entity-default', '--alter', '--add-config', 'compression.type=gzip,min.insync.replicas=1');
    expect(await printed(...ofBroker)).toEqual(drift.split(',').sort());
    await bring(await service.accept({}));
    expect(await printed(...ofBroker)).toEqual(['leader.replication.throttled.rate=1000000']);
    expect(await printed('--entity-default')).toEqual(ofCluster);
    expect(await read('num.network.threads')).toEqual({ value: '2', source: 'static broker' });
    expect(await read('compression.type')).toEqual({ value: 'producer', source: 'default' });
  }, 120_000);
});
