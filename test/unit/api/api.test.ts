import { describe, expect, test } from '@jest/globals';
import type { ApiResponse } from '../../../functions/api/api-response.ts';
import { connectionSchema, endpointSchema } from '../../../lib/contract/endpoint-schema.ts';
import { planInBlocksSchema, planSchema } from '../../../lib/contract/plan-schema.ts';
import { problemSchema } from '../../../lib/contract/problem-schema.ts';
import { descriptionSchema, serviceListSchema, serviceSchema } from '../../../lib/contract/service-schema.ts';
import { healthCheckDefaults } from '../../support/health-check-defaults.ts';
import { replacementDefaults } from '../../support/replacement-defaults.ts';
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
  const response = await api.ask('POST', '/services', JSON.stringify({ options }));
  expect(response.statusCode).toBe(202);
  return api;
}

/** Places a node, as its step does. */
async function place(api: ApiUnderTest, { nodeId, address }: { readonly nodeId: number; readonly address: string }) {
  const { store } = api;
  const lease = {
    service: 'kafka',
    nodeId,
    holder: `arn:x:${nodeId}`,
    kind: 'plan',
    number: 1,
    released: false,
  } as const;
  expect(await store.takeLease({ lease, withSlot: false })).toBe(true);
  const goal = {
    service: 'kafka',
    nodeId,
    configId: 'c',
    attempt: 0,
    failures: { count: 0, lastAttempt: 0 },
    ...placed,
    host: { ...placed.host, address },
  };
  expect(await store.putGoal(goal, lease)).toBe(true);
}

describe('an install', () => {
  test('without a body takes the default options and answers where the plan is', async () => {
    const api = createApiUnderTest();
    const response = await api.ask('POST', '/services');
    expect(response.statusCode).toBe(202);
    const body = bodyOf(response) as { planId: string };
    expect(body).toEqual({ name: 'kafka', planId: expect.any(String), configId: expect.any(String) });
    expect(response.headers?.['location']).toBe(`/service/kafka/v1/plans/${body.planId}`);
    expect(api.started).toEqual([`deploy:${body.planId}-1`]);
    expect((await api.store.readService('kafka'))?.plans[0]?.requestedBy).toBe('ann');
  });

  test('answers every refused option at once and changes nothing', async () => {
    const api = createApiUnderTest();
    const options = { brokers: { count: 0 }, kafka: { log_retenton_hours: 1 } };
    const response = await api.ask('POST', '/services', JSON.stringify({ options }));
    const problem = problemOf(response);
    expect(problem).toMatchObject({
      type: 'urn:warden:problem:options-refused',
      title: 'Bad Request',
      status: 400,
      detail: '2 options are refused; nothing was changed',
    });
    expect(problem.errors).toEqual([
      {
        pointer: '/brokers/count',
        value: 0,
        detail: 'Broker count must be from 1 to 100, not 0',
        allowed: 'from 1 to 100',
        hint: 'choose a number that is allowed, or leave it out for 3',
      },
      {
        pointer: '/kafka/log_retenton_hours',
        value: 1,
        detail: 'this version of Kafka has no property log.retenton.hours',
        allowed: "the names of Kafka's broker properties with _ for .",
        hint: 'did you mean kafka.log_retention_hours?',
      },
    ]);
    expect(await api.store.listServices()).toEqual([]);
    expect(api.started).toEqual([]);
  });

  test('refuses a name that is taken', async () => {
    const api = await installed();
    const problem = problemOf(await api.ask('POST', '/services', '{}'));
    expect(problem).toMatchObject({ status: 409, type: 'urn:warden:problem:name-taken' });
  });

  test('refuses a port that another service has', async () => {
    const api = await installed({ brokers: { port: 9200 } });
    const options = { service: { name: 'other' }, controllers: { port: 9200 } };
    const problem = problemOf(await api.ask('POST', '/services', JSON.stringify({ options })));
    expect(problem).toMatchObject({ status: 409, type: 'urn:warden:problem:port-taken' });
    expect(problem.detail).toContain('9200');
  });

  test('refuses a package version that is not built in', async () => {
    const problem = problemOf(await createApiUnderTest().ask('POST', '/services', '{"packageVersion": "1.0.0-4.1.0"}'));
    const allowed = '1.0.0-3.9.2, 1.0.0-4.1.2, 1.0.0-4.3.1';
    expect(problem.errors?.[0]).toMatchObject({ pointer: '/packageVersion', allowed });
  });

  test.each([
    ['no JSON', '{', 400],
    ['no object', '[]', 400],
    ['an unknown member', '{"option": {}}', 400],
    ['a version that is no text', '{"packageVersion": 1}', 400],
    ['more than 256 KiB', JSON.stringify({ options: 'x'.repeat(262_144) }), 413],
  ])('refuses a body with %s', async (_, body, status) => {
    expect(problemOf(await createApiUnderTest().ask('POST', '/services', body)).status).toBe(status);
  });
});

describe('the services', () => {
  test('are listed with their status', async () => {
    const api = await installed();
    expect(serviceListSchema.parse(bodyOf(await api.ask('GET', '/services')))).toEqual([
      {
        name: 'kafka',
        status: 'DEPLOYING',
        packageVersion: '1.0.0-4.3.1',
        brokers: 3,
        controllers: 3,
        createdAt: '2026-11-21T12:00:00.000Z',
      },
    ]);
  });

  test('show their plan', async () => {
    const api = await installed();
    const body = serviceSchema.parse(bodyOf(await api.ask('GET', '/service/kafka')));
    expect(body).toMatchObject({ state: 'installed', name: 'kafka', plan: { kind: 'install', status: 'PENDING' } });
  });

  test('are described by their resolved options, ports included', async () => {
    const api = await installed({ kafka: { num_partitions: '6' } });
    const body = descriptionSchema.parse(bodyOf(await api.ask('GET', '/v1/describe')));
    expect(body.package).toEqual({ name: 'kafka', version: '1.0.0-4.3.1' });
    expect(body.resolvedOptions).toEqual({
      service: {
        name: 'kafka',
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
        ...{ count: 3, cpus: 1, mem: 2048, heap: { size: 512 }, disk: 5000, disk_type: 'ROOT' },
        ...{ port: 9092, kill_grace_period: 300, failover_delay: '10s', failover_max_delay: '60s' },
      },
      controllers: {
        ...{ mode: 'dedicated', count: 3, cpus: 0.5, mem: 512, heap: { size: 256 }, disk: 1000, port: 9093 },
        ...{ failover_delay: '10s', failover_max_delay: '60s' },
      },
      kafka: { num_partitions: 6 },
    });
  });
});

describe('an uninstall', () => {
  test.each(['/service/kafka', '/service/kafka?confirm=other', '/service/kafka?confirm=kafka&keepVolumes=maybe'])(
    'is refused as %s',
    async (path) => {
      const api = await installed();
      const problem = problemOf(await api.ask('DELETE', path));
      expect(problem).toMatchObject({ status: 400, type: 'urn:warden:problem:not-confirmed' });
      expect((await api.store.readService('kafka'))?.wish.uninstall).toBeUndefined();
    },
  );

  test('is accepted once it repeats the name, and again with the same plan', async () => {
    const api = await installed();
    const first = await api.ask('DELETE', '/service/kafka?confirm=kafka&keepVolumes=true');
    const second = await api.ask('DELETE', '/service/kafka?confirm=kafka');
    expect([first.statusCode, second.statusCode]).toEqual([202, 202]);
    expect(bodyOf(second)).toEqual(bodyOf(first));
    expect(second.headers?.['location']).toBe(first.headers?.['location']);
    expect((await api.store.readService('kafka'))?.wish.uninstall).toEqual({ keepVolumes: true });
  });

  test('leaves a tombstone that shows its plan, and a name that is free', async () => {
    const api = await installed();
    const { planId } = bodyOf(await api.ask('DELETE', '/service/kafka?confirm=kafka')) as { planId: string };
    const plan = (await api.store.readService('kafka'))?.plans.find(({ id }) => id === planId);
    if (plan === undefined) throw new Error('the accepted plan is stored');
    const uninstalledAt = Date.UTC(2026, 10, 21, 12, 5);
    await api.store.forgetService({ service: 'kafka', uninstalledAt, plan, keptVolumeIds: ['vol-1'] });

    expect(serviceSchema.parse(bodyOf(await api.ask('GET', '/service/kafka')))).toEqual({
      state: 'uninstalled',
      name: 'kafka',
      status: 'UNINSTALLED',
      uninstalledAt: '2026-11-21T12:05:00.000Z',
      keptVolumeIds: ['vol-1'],
      plan: { id: planId, kind: 'uninstall', status: 'COMPLETE' },
    });
    const shown = await api.ask('GET', `/service/kafka/v1/plans/${planId}`);
    expect([shown.statusCode, planSchema.parse(bodyOf(shown)).status]).toEqual([200, 'COMPLETE']);
    expect((await api.ask('GET', '/v1/connection')).statusCode).toBe(404);
    expect((await api.ask('POST', '/services', '{}')).statusCode).toBe(202);
  });
});

describe('the plans', () => {
  test('are listed under both spellings of the path', async () => {
    const api = await installed();
    expect(bodyOf(await api.ask('GET', '/service/kafka/v1/plans'))).toEqual(['deploy']);
    expect(bodyOf(await api.ask('GET', '/v1/plans'))).toEqual(['deploy']);
  });

  test('answer 202 in the shape of the 2.x guides while they are not complete', async () => {
    const api = await installed();
    const response = await api.ask('GET', '/v1/plans/deploy');
    const plan = planSchema.parse(bodyOf(response));
    expect(response.statusCode).toBe(202);
    expect(response.body).toMatch(/^\{\n {2}"phases": \[\n/);
    expect(Object.keys(plan)).toEqual(['phases', 'errors', 'strategy', 'status']);
    expect(plan.phases.map((phase) => [phase.name, phase.strategy, phase.steps.map((step) => step.name)])).toEqual([
      ['controller', 'serial', ['controller-0:[controller]', 'controller-1:[controller]', 'controller-2:[controller]']],
      ['broker', 'serial', ['kafka-0:[broker]', 'kafka-1:[broker]', 'kafka-2:[broker]']],
    ]);
  });

  test('answer 417 with their errors', async () => {
    const api = await installed();
    const planId = (await api.store.readService('kafka'))?.wish.planId ?? '';
    await api.store.putRun('kafka', { planId, run: 1, outcome: 'failed', error: 'States.Runtime', endedAt: 1 });
    const response = await api.ask('GET', `/v1/plans/${planId}`);
    expect(response.statusCode).toBe(417);
    expect(planSchema.parse(bodyOf(response)).errors).toHaveLength(1);
  });

  test('answer 200 once they are complete; the 1.x form 503 before', async () => {
    const api = await installed({ brokers: { count: 1 }, controllers: { count: 1 } });
    const before = await api.ask('GET', '/v1/plan');
    expect(before.statusCode).toBe(503);
    const plan = (await api.store.readService('kafka'))?.plans[0];
    for (const { steps } of plan?.phases ?? []) {
      for (const { id, nodeId } of steps) {
        const lease = { service: 'kafka', nodeId, holder: 'arn:h', kind: 'plan', number: 1, released: false } as const;
        await api.store.takeLease({ lease, withSlot: true });
        const step = { planId: plan?.id ?? '', stepId: id, startedAt: 1, endedAt: 2 };
        expect(await api.store.finishNode({ lease, step })).toBe(true);
      }
    }
    expect((await api.ask('GET', '/v1/plans/deploy')).statusCode).toBe(200);
    const after = await api.ask('GET', '/v1/plan');
    const blocks = planInBlocksSchema.parse(bodyOf(after));
    expect([after.statusCode, blocks.status]).toEqual([200, 'Complete']);
    expect(blocks.phases.map(({ name }) => name).slice(0, 2)).toEqual(['Reconciliation', 'controller']);
    expect(blocks.phases[2]).toEqual({
      blocks: [
        {
          has_decision_point: false,
          id: expect.any(String),
          message: 'Broker-0 is Complete',
          name: 'broker-0',
          status: 'Complete',
        },
      ],
      id: expect.any(String),
      name: `Update to: ${plan?.configId}`,
      status: 'Complete',
    });
  });

  test('are not found by other names', async () => {
    const api = await installed();
    expect(problemOf(await api.ask('GET', '/v1/plans/p'))).toMatchObject({ status: 404, detail: 'Plan p not found' });
    expect(problemOf(await api.ask('GET', '/service/other/v1/plans')).status).toBe(404);
  });
});

describe('the endpoints', () => {
  test('give the addresses of the placed nodes by id, and controllers in the place of ZooKeeper', async () => {
    const api = await installed();
    await place(api, { nodeId: 1, address: '10.0.0.2' });
    await place(api, { nodeId: 0, address: '10.0.0.1' });
    await place(api, { nodeId: 1000, address: '10.0.0.3' });
    expect(connectionSchema.parse(bodyOf(await api.ask('GET', '/v1/connection')))).toEqual({
      address: ['10.0.0.1:9092', '10.0.0.2:9092'],
      dns: [],
      controller: ['10.0.0.3:9093'],
    });
    expect(bodyOf(await api.ask('GET', '/v1/endpoints'))).toEqual(['broker', 'controller']);
    expect(endpointSchema.parse(bodyOf(await api.ask('GET', '/v1/endpoints/controller')))).toEqual({
      address: ['10.0.0.3:9093'],
      dns: [],
    });
    expect(problemOf(await api.ask('GET', '/v1/endpoints/zookeeper')).detail).toContain('broker, controller');
  });

  test('list the brokers that Kafka has registered and not fenced', async () => {
    const api = await installed();
    expect(bodyOf(await api.ask('GET', '/v1/brokers'))).toEqual([]);
    await place(api, { nodeId: 0, address: '10.0.0.1' });
    const broker = { host: '10.0.0.1', port: 9092, rack: 'a', settled: true };
    api.brokers.push({ ...broker, id: 0, fenced: false }, { ...broker, id: 1, fenced: true });
    expect(bodyOf(await api.ask('GET', '/v1/brokers'))).toEqual(['0']);
  });
});

describe('every other request', () => {
  test('for no route is answered 404', async () => {
    expect(problemOf(await createApiUnderTest().ask('GET', '/v2/plans')).status).toBe(404);
  });

  test('with the wrong method is answered 405 with the right ones', async () => {
    const response = await createApiUnderTest().ask('PUT', '/services');
    expect(problemOf(response).status).toBe(405);
    expect(response.headers?.['allow']).toBe('GET, POST');
  });

  test('that fails for a passing reason may be repeated', async () => {
    const { store } = createApiUnderTest();
    const error = Object.assign(new Error('the table does not answer'), {
      name: 'StoreError',
      code: 'WARDEN_STORE',
      retriable: true,
    });
    const api = createApiUnderTest({ store: { ...store, listServices: () => Promise.reject(error) } });
    const response = await api.ask('GET', '/services');
    expect(problemOf(response)).toMatchObject({ status: 503, instance: 'r-1' });
    expect(response.headers?.['retry-after']).toBe('1');
  });

  test('that a missing permission fails names the denied action', async () => {
    const { store } = createApiUnderTest();
    const sentence = 'User: Api is not authorized to perform: dynamodb:Query on resource: table/Warden';
    const error = Object.assign(new Error(`read SERVICES: AccessDeniedException: ${sentence}`), {
      name: 'StoreError',
      code: 'WARDEN_STORE',
      retriable: false,
      cause: Object.assign(new Error(sentence), { name: 'AccessDeniedException' }),
    });
    const api = createApiUnderTest({ store: { ...store, listServices: () => Promise.reject(error) } });
    const problem = problemOf(await api.ask('GET', '/services'));
    expect(problem).toMatchObject({ status: 500, type: 'urn:warden:problem:permission-missing', instance: 'r-1' });
    expect(problem.detail).toContain(sentence);
  });

  test('that fails for another reason says nothing of the inside', async () => {
    const { store } = createApiUnderTest();
    const api = createApiUnderTest({ store: { ...store, listServices: () => Promise.reject(new Error('secret')) } });
    const response = await api.ask('GET', '/services');
    expect(problemOf(response)).toMatchObject({ status: 500, instance: 'r-1' });
    expect(response.body).not.toContain('secret');
  });
});
