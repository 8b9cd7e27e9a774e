import { describe, expect, test } from '@jest/globals';
import type { ApiResponse } from '../../../functions/api/api-response.ts';
import { configSchema } from '../../../lib/contract/config-schema.ts';
import { deploymentHealthSchema, healthSchema } from '../../../lib/contract/health-schema.ts';
import { problemSchema } from '../../../lib/contract/problem-schema.ts';
import { placed } from '../model/plan-status/a-service.ts';
import { type ApiUnderTest, createApiUnderTest } from './api-server.ts';

function bodyOf(response: ApiResponse): unknown {
  return JSON.parse(response.body ?? '');
}

function problemOf(response: ApiResponse) {
  expect(response.headers?.['content-type']).toBe('application/problem+json');
  const problem = problemSchema.parse(bodyOf(response));
  expect(problem.status).toBe(response.statusCode);
  return problem;
}

async function installed(options: unknown = {}): Promise<ApiUnderTest> {
  const api = createApiUnderTest();
  expect((await api.ask('POST', '/services', JSON.stringify({ options }))).statusCode).toBe(202);
  return api;
}

/** Stands node 0 on a host, as its step does. */
async function place(api: ApiUnderTest): Promise<void> {
  const held = { service: 'kafka', nodeId: 0, holder: 'arn:x', kind: 'plan', number: 1, released: false } as const;
  expect(await api.store.takeLease({ lease: held, withSlot: false })).toBe(true);
  const failures = { count: 0, lastAttempt: 0 };
  const launch = { attempt: 1, request: '{"secret":"in the request"}', requestedAt: 1, taskArn: 'arn:task/0' };
  const goal = { service: 'kafka', nodeId: 0, configId: 'c', attempt: 1, failures, ...placed, launch };
  expect(await api.store.putGoal(goal, held)).toBe(true);
}

const other = '319ebe89-42e2-40e2-9169-8568e2421023';

describe('the configurations', () => {
  test('are listed, and the target is one of them, under both spellings of the path', async () => {
    const api = await installed();
    const { configId = '' } = (await api.store.readService('kafka'))?.target ?? {};
    for (const prefix of ['/v1', '/service/kafka/v1']) {
      expect(bodyOf(await api.ask('GET', `${prefix}/configurations`))).toEqual([configId]);
      expect(bodyOf(await api.ask('GET', `${prefix}/configurations/targetId`))).toEqual([configId]);
      const target = bodyOf(await api.ask('GET', `${prefix}/configurations/target`));
      expect(target).toEqual(bodyOf(await api.ask('GET', `${prefix}/configurations/${configId}`)));
      expect(configSchema.parse(target).id).toBe(configId);
    }
  });

  test('have one body for the readers of both guides, with the values that Kafka gets', async () => {
    const api = await installed({ brokers: { mem: 4096 }, kafka: { log_retention_hours: 100 } });
    const config = configSchema.parse(bodyOf(await api.ask('GET', '/v1/configurations/target')));
    expect(config.name).toBe('kafka');
    expect(config.brokerConfiguration).toMatchObject({ cpus: 1, mem: 4096, disk: 5000, disk_type: 'ROOT', port: 9092 });
    expect(config.serviceConfiguration).toMatchObject({ name: 'kafka', count: 3 });
    expect(config.controllerConfiguration).toMatchObject({ count: 3, port: 9093 });
    expect(config.kafkaConfiguration).toMatchObject({
      'log.retention.hours': 100,
      'default.replication.factor': 3,
      'min.insync.replicas': 2,
    });
    expect(config['pod-specs'].map(({ type, count }) => [type, count])).toEqual([
      ['controller', 3],
      ['kafka', 3],
    ]);
    expect(config['pod-specs'][1]?.['task-specs'][0]).toEqual({
      name: 'broker',
      goal: 'RUNNING',
      'resource-set': {
        id: 'broker-resource-set',
        'resource-specifications': [
          { name: 'cpus', value: { type: 'SCALAR', scalar: { value: 1 } } },
          { name: 'mem', value: { type: 'SCALAR', scalar: { value: 4096 } } },
          { name: 'ports', value: { type: 'SCALAR', scalar: { value: 9092 } } },
        ],
        'volume-specifications': [{ name: 'disk', value: { type: 'SCALAR', scalar: { value: 5000 } }, type: 'ROOT' }],
      },
    });
    expect(config.options).toMatchObject({ kafka: { log_retention_hours: 100 } });
  });

  test.each([
    ['/v1/configurations/latest', 400, 'latest is no id of a configuration'],
    [`/v1/configurations/${other}`, 404, `Service kafka has no configuration ${other}.`],
    [`/service/logs/v1/configurations/${other}`, 404, 'There is no service named logs.'],
    ['/service/logs/v1/configurations', 404, 'There is no service named logs.'],
  ])('%s is answered %s', async (path, status, sentence) => {
    const problem = problemOf(await (await installed()).ask('GET', path));
    expect([problem.status, problem.detail.startsWith(sentence)]).toEqual([status, true]);
  });
});

describe('the health', () => {
  test('of a service that has not begun is 204 in the body and 200 over HTTP', async () => {
    const api = await installed();
    const response = await api.ask('GET', '/v1/health');
    expect([response.statusCode, healthSchema.parse(bodyOf(response))]).toEqual([
      200,
      { value: 204, reasons: ['plan deploy is PENDING: 0 of 6 steps are complete'] },
    ]);
  });

  test('of a service whose plan failed is 500 in both, and no problem document', async () => {
    const api = await installed();
    const planId = (await api.store.readService('kafka'))?.wish.planId ?? '';
    await api.store.putRun('kafka', { planId, run: 1, outcome: 'failed', error: 'States.Runtime', endedAt: 1 });
    const response = await api.ask('GET', '/service/kafka/v1/health');
    expect([response.statusCode, response.headers?.['content-type']]).toEqual([500, 'application/json']);
    expect(healthSchema.parse(bodyOf(response)).reasons[1]).toContain('States.Runtime');
  });

  test('names lost events with their queue, for the service and for the deployment', async () => {
    const api = await installed();
    const lookedAt = Date.UTC(2026, 10, 21, 12);
    await api.store.putLostEvents({
      lookedAt,
      queues: [
        { name: 'Warden-Undelivered', holds: 'undelivered', drained: 2, drainedAt: lookedAt, stayed: 0 },
        { name: 'Warden-Failed', holds: 'failed', drained: 0, stayed: 3, error: 'StoreError: no answer' },
      ],
    });
    const ofService = healthSchema.parse(bodyOf(await api.ask('GET', '/v1/health')));
    expect(ofService.reasons.at(-2)).toContain('queue Warden-Failed holds 3 events');
    expect(ofService.reasons.at(-1)).toContain('were taken up from queue Warden-Undelivered');
    const response = await api.ask('GET', '/health');
    const ofDeployment = deploymentHealthSchema.parse(bodyOf(response));
    expect([response.statusCode, ofDeployment.value]).toEqual([206, 206]);
    expect(ofDeployment.services).toEqual([{ name: 'kafka', value: 204 }]);
    expect(ofDeployment.deadLetters).toEqual([
      { queue: 'Warden-Undelivered', messages: 0, takenUp: 2, takenUpAt: '2026-11-21T12:00:00.000Z' },
      { queue: 'Warden-Failed', messages: 3, takenUp: 0 },
    ]);
  });

  test('also says what is well when asked, and takes no other question', async () => {
    const api = await installed();
    expect(healthSchema.parse(bodyOf(await api.ask('GET', '/v1/health?verbose=true'))).reasons).toContain(
      'no event got lost',
    );
    expect(problemOf(await api.ask('GET', '/v1/health?verbose=maybe')).status).toBe(400);
    expect(problemOf(await api.ask('GET', '/v1/health?loud=true')).status).toBe(400);
    expect(problemOf(await api.ask('GET', '/service/logs/v1/health')).status).toBe(404);
  });
});

describe('the state', () => {
  test("has Kafka's cluster id in the place of the framework id", async () => {
    const api = await installed();
    const clusterId = (await api.store.readService('kafka'))?.target.clusterId;
    expect(bodyOf(await api.ask('GET', '/v1/state/frameworkId'))).toEqual([clusterId]);
  });

  test('lists its facts, and answers each of them', async () => {
    const api = await installed();
    await place(api);
    const names = bodyOf(await api.ask('GET', '/v1/state/properties')) as string[];
    expect(names).toEqual([
      ...['cluster-id', 'created-at', 'package-version', 'target-config-id', 'current-plan-id'],
      'kafka-0-broker:task-status',
    ]);
    for (const name of names) {
      expect((await api.ask('GET', `/v1/state/properties/${encodeURIComponent(name)}`)).statusCode).toBe(200);
    }
    expect(bodyOf(await api.ask('GET', '/v1/state/properties/package-version'))).toBe('1.0.0-4.3.1');
    expect(problemOf(await api.ask('GET', '/v1/state/properties/token')).status).toBe(404);
  });

  test('shows where a task runs, and nothing of the request that started it', async () => {
    const api = await installed();
    await place(api);
    const status = await api.ask('GET', '/v1/state/properties/kafka-0-broker:task-status');
    expect(bodyOf(status)).toMatchObject({ attempt: 1, address: '10.0.0.1', zone: 'a', taskArn: 'arn:task/0' });
    expect(status.body).not.toContain('secret');
  });

  test('knows the zones by task, and by pod and address', async () => {
    const api = await installed();
    await place(api);
    expect(bodyOf(await api.ask('GET', '/v1/state/zone/tasks'))).toEqual({ 'kafka-0-broker': 'a' });
    expect(bodyOf(await api.ask('GET', '/v1/state/zone/tasks/kafka-0-broker'))).toBe('a');
    expect(bodyOf(await api.ask('GET', '/v1/state/zone/kafka/10.0.0.1'))).toBe('a');
    for (const path of ['tasks/kafka-1-broker', 'kafka/10.0.0.2', 'controller/10.0.0.1']) {
      expect(problemOf(await api.ask('GET', `/v1/state/zone/${path}`)).status).toBe(404);
    }
  });

  test.each([
    ['GET', 'files', 'Warden keeps no files'],
    ['GET', 'files/f', 'Warden keeps no files'],
    ['PUT', 'files/f', 'Warden keeps no files'],
    ['PUT', 'refresh', 'There is no cache'],
  ])('does not do %s /state/%s and says why', async (method, path, sentence) => {
    const problem = problemOf(await (await installed()).ask(method, `/v1/state/${path}`));
    expect([problem.status, problem.detail.startsWith(sentence)]).toEqual([501, true]);
  });
});
