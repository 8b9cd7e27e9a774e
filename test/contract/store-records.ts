import { expect } from '@jest/globals';
import type { Operation } from '../../lib/model/operation.ts';
import type { HostPromise } from '../../lib/model/placement/host-promise.ts';
import type { Plan } from '../../lib/model/plan/plan.ts';
import type { ServiceConfig } from '../../lib/model/service/config.ts';
import type { NodeGoal, NodeLease, NodeWait, TaskSeen, Tombstone } from '../../lib/model/state.ts';
import type { ServiceCreation, Store } from '../../lib/ports/store.ts';
import { healthCheckDefaults } from '../support/health-check-defaults.ts';
import { replacementDefaults } from '../support/replacement-defaults.ts';

/** What the tests of the stores write. */
export const plan = (service: string, id = `plan of ${service}`): Plan => ({
  ...{ id, service, kind: 'install', configId: 'config-1', strategy: 'serial', createdAt: 1, requestedBy: 'test' },
  phases: [{ id: 'phase', name: 'broker', strategy: 'serial', steps: [{ id: 's-0', name: 'kafka-0', nodeId: 0 }] }],
});

export const config: ServiceConfig = {
  id: 'config-1',
  packageVersion: '1.0.0-4.3.1',
  options: {
    service: {
      name: 'any',
      placement_constraint: '[["hostname","MAX_PER","1"]]',
      deploy_strategy: 'serial',
      rollback: 'manual',
      canary_limit_secs: 600,
      minimum_soak_secs: 0,
      ...healthCheckDefaults,
      ...replacementDefaults,
      rlimits: { rlimit_nofile: { soft: 128_000, hard: 128_000 } },
    },
    brokers: {
      count: 3,
      cpus: 1,
      mem: 2048,
      heap: { size: 1024 },
      disk: 5000,
      disk_type: 'ROOT',
      port: 9092,
      kill_grace_period: 300,
      ...{ failover_delay: '10s', failover_max_delay: '60s' },
    },
    controllers: {
      ...{ mode: 'dedicated', count: 3, cpus: 0.5, mem: 1024, heap: { size: 512 }, disk: 5000, port: 9093 },
      ...{ failover_delay: '10s', failover_max_delay: '60s' },
    },
    kafka: { log_retention_hours: 24, auto_create_topics_enable: false },
  },
};

export function creation(service: string, ports: readonly number[]): ServiceCreation {
  return {
    target: {
      ...{ service, configId: config.id, packageVersion: config.packageVersion, clusterId: `cluster of ${service}` },
      ...{ brokerIds: [0, 1, 2], controllerIds: [1000, 1001, 1002], createdAt: 1 },
    },
    wish: { service, planId: `plan of ${service}` },
    config,
    plan: plan(service),
    ports,
    operation: operation(service, { kind: 'install' }),
  };
}

export const operation = (service: string, changes: Partial<Operation> = {}): Operation => ({
  ...{ id: 'operation-1', service, kind: 'update', requestedBy: 'test', requestedAt: 1, planId: `plan of ${service}` },
  ...changes,
});

export const lease = (service: string, changes: Partial<NodeLease> = {}): NodeLease => ({
  ...{ service, nodeId: 0, holder: 'execution-1', kind: 'plan', number: 1, released: false },
  ...changes,
});

export const goal = (service: string, changes: Partial<NodeGoal> = {}): NodeGoal => ({
  ...{ service, nodeId: 0, configId: config.id, attempt: 0, failures: { count: 0, lastAttempt: 0 } },
  ...changes,
});

export const seen = (service: string, version: number, changes: Partial<TaskSeen> = {}): TaskSeen => ({
  ...{ service, nodeId: 0, taskArn: 'task-1', purpose: 'node', attempt: 1, version },
  ...{ lastStatus: 'RUNNING', desiredStatus: 'RUNNING' },
  ...changes,
});

export const wait = (service: string, changes: Partial<NodeWait> = {}): NodeWait => ({
  ...{ service, nodeId: 0, holder: 'execution-1', reason: { type: 'turn', heldBy: 'nobody' }, since: 5 },
  ...{ token: 'token-1', awaits: 'turn' },
  ...changes,
});

export const promise = (service: string, nodeId: number, instanceId: string): HostPromise => ({
  ...{ service, nodeId, instanceId, cpuUnits: 1024, memoryMiB: 2048, ports: [9092] },
});

/** Of one service: other tests of the same table make promises too. */
export async function promisesOf(store: Store, service: string): Promise<readonly HostPromise[]> {
  const { promises } = await store.readHostPromises();
  return promises.filter((made) => made.service === service);
}

export const tombstone = (service: string): Tombstone => ({
  service,
  uninstalledAt: 9_000,
  plan: plan(service),
  keptVolumeIds: ['vol-1'],
});

let names = 0;
let ports = 10_000;

/** A name that no other test of this table has. */
export const freshService = (): string => `service-${++names}`;

export const freshPort = (): number => ++ports;

/** A service of its own for one test. */
export async function created(store: Store) {
  const service = freshService();
  const claimed = [freshPort(), freshPort()];
  expect(await store.createService(creation(service, claimed))).toEqual({ type: 'created' });
  return { service, claimed };
}
