import { describe, expect, test } from '@jest/globals';
import { appliedSchema } from '../../../lib/contract/command-schemas.ts';
import { deploymentHealthSchema, healthSchema } from '../../../lib/contract/health-schema.ts';
import { historySchema } from '../../../lib/contract/history-schema.ts';
import { planInBlocksSchema, planSchema } from '../../../lib/contract/plan-schema.ts';
import { serviceSchema } from '../../../lib/contract/service-schema.ts';
import { bodyOf, completePlan, problemOf, runningService } from './a-running-service.ts';
import { type ApiUnderTest, createApiUnderTest } from './api-server.ts';

const already = 'Command has already been reported or completed\n';

async function serviceOf(api: ApiUnderTest) {
  return serviceSchema.parse(bodyOf(await api.ask('GET', '/service/kafka')));
}

describe('the API', () => {
  test.each([
    ['POST', '/service/kafka/v1'],
    ['PUT', '/v1'],
  ] as const)('has a service hibernate and resumes it: %s %s', async (method, path) => {
    const api = await runningService();
    const asleep = await api.ask(method, `${path}/hibernate`);
    expect(asleep.statusCode).toBe(202);
    const { name, planId } = appliedSchema.parse(bodyOf(asleep));
    expect(name).toBe('kafka');
    expect(asleep.headers?.['location']).toBe(`/service/kafka/v1/plans/${planId}`);
    expect(await serviceOf(api)).toMatchObject({ status: 'HIBERNATING', plan: { id: planId, kind: 'hibernate' } });
    const again = await api.ask(method, `${path}/hibernate`);
    expect([again.statusCode, again.body]).toEqual([208, already]);
    await completePlan(api);
    expect(await serviceOf(api)).toMatchObject({ status: 'HIBERNATED', plan: { status: 'COMPLETE' } });
    const awake = await api.ask(method, `${path}/resume`);
    expect(awake.statusCode).toBe(202);
    expect(await serviceOf(api)).toMatchObject({ status: 'DEPLOYING', plan: { kind: 'resume' } });
    const wakes = await api.ask(method, `${path}/resume`);
    expect([wakes.statusCode, wakes.body]).toEqual([208, already]);
    const { operations } = historySchema.parse(bodyOf(await api.ask('GET', `${path}/operations`)));
    expect(operations.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['resume', 'pending'],
      ['hibernate', 'complete'],
      ['install', 'complete'],
    ]);
  });

  test('shows both as plans of their own name, and as the deploy plan of both guides', async () => {
    const api = await runningService();
    expect(bodyOf(await api.ask('GET', '/v1/plans'))).toEqual(['deploy']);
    await api.ask('POST', '/v1/hibernate');
    expect(bodyOf(await api.ask('GET', '/v1/plans'))).toEqual(['deploy', 'hibernate']);
    await completePlan(api);
    const named = await api.ask('GET', '/v1/plans/hibernate');
    expect(named.statusCode).toBe(200);
    expect(planSchema.parse(bodyOf(named)).phases.map(({ name }) => name)).toEqual([
      'hibernate-broker',
      'hibernate-controller',
    ]);
    expect(bodyOf(await api.ask('GET', '/v1/plans/deploy'))).toEqual(bodyOf(named));
    const blocks = planInBlocksSchema.parse(bodyOf(await api.ask('GET', '/v1/plan')));
    expect([blocks.status, blocks.phases.map(({ name }) => name)]).toEqual([
      'Complete',
      ['Reconciliation', 'hibernate-broker', 'hibernate-controller'],
    ]);
    await api.ask('POST', '/v1/resume');
    expect(bodyOf(await api.ask('GET', '/v1/plans'))).toEqual(['deploy', 'resume']);
    const resumed = planSchema.parse(bodyOf(await api.ask('GET', '/v1/plans/resume')));
    expect([resumed.strategy, resumed.phases.map(({ name }) => name)]).toEqual(['parallel', ['controller', 'broker']]);
  });

  test('waits for the user in the health of a service that hibernates, and leaves that of the deployment alone', async () => {
    const api = await runningService();
    await api.ask('POST', '/v1/hibernate');
    expect(healthSchema.parse(bodyOf(await api.ask('GET', '/v1/health'))).value).not.toBe(207);
    await completePlan(api);
    const response = await api.ask('GET', '/v1/health');
    const { value, reasons } = healthSchema.parse(bodyOf(response));
    expect([response.statusCode, value]).toEqual([207, 207]);
    expect(reasons[0]).toMatch(
      /^the service hibernates, asked for by \S+ at \S+Z: nothing of it runs before POST \/service\/kafka\/v1\/resume/,
    );
    const all = deploymentHealthSchema.parse(bodyOf(await api.ask('GET', '/health')));
    expect(all).toMatchObject({ value: 200, services: [{ name: 'kafka', value: 207 }] });
    expect(all.reasons).toEqual(['service kafka hibernates']);
  });

  test('refuses what would change a service that hibernates, and says what to do first', async () => {
    const api = await runningService();
    await api.ask('POST', '/v1/hibernate');
    await completePlan(api);
    const update = JSON.stringify({ options: { kafka: { log_retention_hours: 100 } } });
    const asked = [
      await api.ask('PATCH', '/service/kafka', update),
      await api.ask('PATCH', '/service/kafka?preview=true', update),
      await api.ask('POST', '/v1/pod/kafka-0/restart'),
      await api.ask('POST', '/v1/pod/kafka-0/pause'),
      await api.ask('POST', '/v1/pod/kafka-0/resume'),
      await api.ask('PUT', '/v1/brokers/0'),
    ];
    for (const response of asked) {
      expect(problemOf(response)).toMatchObject({
        ...{ status: 409, type: 'urn:warden:problem:hibernates' },
        detail: expect.stringContaining('Resume it first: POST /service/kafka/v1/resume (warden resume)'),
      });
    }
    const state = await api.store.readService('kafka');
    expect(state?.nodeWishes).toEqual([]);
  });

  test('refuses a service that is not there, one that goes away, and a query', async () => {
    const api = createApiUnderTest();
    for (const word of ['hibernate', 'resume'])
      expect(problemOf(await api.ask('POST', `/v1/${word}`))).toMatchObject({ status: 404 });
    const running = await runningService();
    expect(problemOf(await running.ask('POST', '/v1/hibernate?wait=true'))).toMatchObject({ status: 400 });
    await running.ask('DELETE', '/service/kafka?confirm=kafka');
    for (const word of ['hibernate', 'resume'])
      expect(problemOf(await running.ask('POST', `/v1/${word}`))).toMatchObject({
        ...{ status: 409, type: 'urn:warden:problem:going-away' },
      });
  });
});
