import { describe, expect, test } from '@jest/globals';
import { planInBlocksSchema, planSchema } from '../../../lib/contract/plan-schema.ts';
import { previewSchema, unchangedSchema, updateAnswerSchema } from '../../../lib/contract/update-schema.ts';
import { refusedUpdates } from '../../support/refused-updates.ts';
import { bodyOf, completePlan, problemOf, runningService } from './a-running-service.ts';
import { type ApiUnderTest, createApiUnderTest } from './api-server.ts';

const patch = (api: ApiUnderTest, body: unknown, query = '') =>
  api.ask('PATCH', `/service/kafka${query}`, JSON.stringify(body));

const hours = (log_retention_hours: number) => ({ options: { kafka: { log_retention_hours } } });

describe('a plan that takes another one back', () => {
  /** A service whose update, unfinished, was taken back by a plan of its own. */
  async function takenBack() {
    const api = await runningService();
    const { planId } = updateAnswerSchema.parse(bodyOf(await patch(api, hours(100))));
    const plan = (await api.store.readService('kafka'))?.plans.find(({ id }) => id === planId);
    if (plan === undefined) throw new Error('the service has the plan');
    const takesBack = { planId, reason: 'kafka-0 was not in sync within 600 s' };
    const id = '00000000-0000-4000-8000-0000000000bb';
    const operation = {
      id: 'o-9',
      service: 'kafka',
      kind: 'roll back',
      requestedBy: 'warden',
      requestedAt: 1,
    } as const;
    const wish = { service: 'kafka', planId: id };
    const back = { plan: { ...plan, id, takesBack }, wish, previous: { service: 'kafka', planId } };
    expect(await api.store.acceptPlan({ ...back, operation: { ...operation, planId: id } })).toBe(true);
    return { api, takesBack };
  }
  const read = async (api: ApiUnderTest) => {
    const response = await api.ask('GET', '/v1/plans/deploy');
    const { status, ownStatus, takesBack, refusedUpdate } = planSchema.parse(bodyOf(response));
    return [response.statusCode, { status, ownStatus, takesBack, refusedUpdate }];
  };

  test('says so, and how its own steps are, beside a refused update too', async () => {
    const { api, takesBack } = await takenBack();
    expect(await read(api)).toEqual([417, { status: 'ERROR', ownStatus: 'PENDING', takesBack }]);
    await completePlan(api);
    expect(await read(api)).toEqual([417, { status: 'ERROR', ownStatus: 'COMPLETE', takesBack }]);
    await patch(api, { options: { brokers: { count: 2 } } });
    const refusedUpdate = { errors: [expect.stringContaining('expected >=3 tasks')], status: 'ERROR' };
    expect(await read(api)).toEqual([417, { status: 'ERROR', ownStatus: 'COMPLETE', takesBack, refusedUpdate }]);
  });

  test('is no other: those name none, and only a refused update sets their own status apart', async () => {
    const api = await runningService();
    expect(await read(api)).toEqual([200, { status: 'COMPLETE' }]);
    await patch(api, { options: { brokers: { count: 2 } } });
    const refusedUpdate = { errors: [expect.stringContaining('expected >=3 tasks')], status: 'COMPLETE' };
    expect(await read(api)).toEqual([417, { status: 'ERROR', ownStatus: 'COMPLETE', refusedUpdate }]);
  });
});

describe('an update', () => {
  test('is accepted with the path of its plan, which is started', async () => {
    const api = await runningService();
    const response = await patch(api, hours(100));
    expect(response.statusCode).toBe(202);
    const { name, planId, configId } = updateAnswerSchema.parse(bodyOf(response));
    expect(name).toBe('kafka');
    expect(response.headers?.['location']).toBe(`/service/kafka/v1/plans/${planId}`);
    expect(api.started.at(-1)).toBe(`update:${planId}-1`);
    expect(bodyOf(await api.ask('GET', '/v1/configurations/targetId'))).toEqual([configId]);
    expect((await api.ask('GET', `/v1/plans/${planId}`)).statusCode).toBe(202);
  });

  test('keeps what is not given, unless it replaces', async () => {
    const api = await runningService({ kafka: { num_partitions: 6 } });
    const kafkaOptions = async () =>
      (bodyOf(await api.ask('GET', '/v1/describe')) as { resolvedOptions: { kafka: object } }).resolvedOptions.kafka;
    await patch(api, hours(100));
    expect(await kafkaOptions()).toEqual({ num_partitions: 6, log_retention_hours: 100 });
    await patch(api, { ...hours(50), replace: true });
    expect(await kafkaOptions()).toEqual({ log_retention_hours: 50 });
  });

  test('that changes nothing is answered 200 with the plan as before, and makes none', async () => {
    const api = await runningService();
    const before = (await api.store.readService('kafka'))?.plans;
    const response = await patch(api, { options: { brokers: { count: 3 } } });
    expect(response.statusCode).toBe(200);
    expect(unchangedSchema.parse(bodyOf(response))).toEqual({
      name: 'kafka',
      planId: before?.[0]?.id,
      unchanged: true,
    });
    expect((await api.store.readService('kafka'))?.plans).toEqual(before);
  });

  test.each([
    ['no JSON', '{', 'The body is not JSON'],
    ['no body at all', undefined, 'Either options or packageVersion must be given'],
    ['neither options nor a version', '{}', 'Either options or packageVersion must be given'],
    ['a replacement by nothing', '{"replace": true}', 'replace needs options'],
    ['a version and a replacement by nothing', '{"replace": true, "packageVersion": "1.0.0-4.3.1"}', 'replace needs'],
    ['an unknown member', '{"option": {}}', 'The body must be an object with options, replace and packageVersion'],
    ['a flag that is a text', '{"options": {}, "replace": "yes"}', 'The body must be an object with options'],
  ])('is refused with %s', async (_, body, says) => {
    const api = await runningService();
    const problem = problemOf(await api.ask('PATCH', '/service/kafka', body));
    expect(problem).toMatchObject({ status: 400, type: 'urn:warden:problem:bad-request' });
    expect(problem.detail).toContain(says);
  });

  test('is refused with a body over 256 KiB', async () => {
    const api = await runningService();
    expect(problemOf(await patch(api, { options: 'x'.repeat(262_144) })).status).toBe(413);
  });

  test.each(['preview=yes', 'previw=true'])('is refused with the query %s', async (query) => {
    const api = await runningService();
    const problem = problemOf(await patch(api, hours(100), `?${query}`));
    expect(problem.detail).toBe(`The query ${query} is not known. There is preview=true or preview=false`);
  });

  test('is answered 404 of a service that there is not', async () => {
    expect(problemOf(await patch(createApiUnderTest(), hours(100))).status).toBe(404);
  });

  test('is answered 409 of a service that is being uninstalled', async () => {
    const api = await runningService();
    await api.ask('DELETE', '/service/kafka?confirm=kafka');
    expect(problemOf(await patch(api, hours(100)))).toMatchObject({
      status: 409,
      type: 'urn:warden:problem:going-away',
    });
  });
});

describe('a refused update moves nothing, and its errors stand in the plan in the words of both guides', () => {
  test.each(refusedUpdates.map((refused) => [refused.title, refused] as const))(
    '%s',
    async (_, { options, replace, packageVersion, errors, inBlocks, inSteps }) => {
      const api = await runningService();
      const before = await api.ask('GET', '/v1/configurations/target');
      const started = [...api.started];

      const problem = problemOf(await patch(api, { options, replace, packageVersion }));

      expect(problem).toMatchObject({ status: 400, type: 'urn:warden:problem:options-refused' });
      expect(problem.errors?.map(({ pointer, detail }) => ({ pointer, message: detail }))).toEqual(errors);
      expect(await api.ask('GET', '/v1/configurations/target')).toEqual(before);
      expect(api.started).toEqual(started);
      const plan = await api.ask('GET', '/v1/plans/deploy');
      expect([plan.statusCode, planSchema.parse(bodyOf(plan)).errors]).toEqual([417, inSteps]);
      const blocks = await api.ask('GET', '/v1/plan');
      expect(planInBlocksSchema.parse(bodyOf(blocks))).toMatchObject({ errors: inBlocks, status: 'Error' });
    },
  );

  test('until the next accepted one', async () => {
    const api = await runningService();
    await patch(api, { options: { brokers: { count: 2 } } });
    await patch(api, hours(100));
    expect((await api.ask('GET', '/v1/plans/deploy')).statusCode).toBe(202);
  });
});

describe('a preview', () => {
  const preview = async (api: ApiUnderTest, body: unknown) => {
    const response = await patch(api, body, '?preview=true');
    expect(response.statusCode).toBe(200);
    return previewSchema.parse(bodyOf(response));
  };

  test('shows plan, nodes with reasons, and differences, and changes nothing', async () => {
    const api = await runningService();
    const before = JSON.stringify(await api.store.readService('kafka'));
    const { plan, nodes, changes, warnings } = await preview(api, {
      options: { brokers: { mem: 4096 }, kafka: { log_retention_hours: 100 } },
    });
    expect(JSON.stringify(await api.store.readService('kafka'))).toBe(before);
    expect(plan).toMatchObject({ status: 'PENDING', errors: [], strategy: 'serial' });
    expect(nodes.find(({ name }) => name === 'kafka-0')).toMatchObject({
      nodeId: 0,
      change: { type: 'restart' },
      reasons: expect.arrayContaining(['/brokers/mem is given to the process when it starts']),
    });
    expect(nodes.find(({ name }) => name === 'controller-0')).toEqual({
      name: 'controller-0',
      nodeId: 1000,
      change: { type: 'none' },
      reasons: ['nothing of it changes'],
    });
    expect(changes).toEqual([
      { pointer: '/brokers/mem', before: 2048, after: 4096 },
      { pointer: '/kafka/log_retention_hours', after: 100 },
    ]);
    expect(warnings).toEqual([]);
  });

  test('of a dynamic change restarts nothing', async () => {
    const { nodes } = await preview(await runningService(), { options: { kafka: { log_cleaner_threads: 2 } } });
    expect(nodes.find(({ nodeId }) => nodeId === 0)).toMatchObject({
      change: { type: 'dynamic', properties: ['log.cleaner.threads'] },
      reasons: ['Kafka takes log.cleaner.threads while it runs'],
    });
  });

  test('waits before its first broker under a canary strategy', async () => {
    const { plan } = await preview(await runningService(), {
      options: { service: { phase_strategy: 'STAGE' }, brokers: { mem: 4096 } },
    });
    expect(plan).toMatchObject({ status: 'WAITING', phases: [{ name: 'broker' }, { name: 'controller' }] });
  });

  test('warns of the restart of the only node', async () => {
    const api = await runningService({ brokers: { count: 1 }, controllers: { mode: 'combined' } });
    const { warnings } = await preview(api, { options: { brokers: { mem: 4096 } } });
    expect(warnings[0]).toBe('kafka-0 is the only broker: while it restarts, nothing can be produced or consumed');
    expect(warnings).toHaveLength(2);
  });

  test('is applied by its id, once', async () => {
    const api = await runningService();
    const { planId, configId } = await preview(api, hours(100));
    const response = await api.ask('POST', `/service/kafka/v1/plans/${planId}/start`, '{}');
    expect([response.statusCode, bodyOf(response)]).toEqual([202, { name: 'kafka', planId }]);
    expect(response.headers?.['location']).toBe(`/service/kafka/v1/plans/${planId}`);
    expect(api.started.at(-1)).toBe(`update:${planId}-1`);
    expect(bodyOf(await api.ask('GET', '/v1/configurations/targetId'))).toEqual([configId]);

    await completePlan(api);
    const again = await api.ask('POST', `/service/kafka/v1/plans/${planId}/start`);
    expect([again.statusCode, again.body]).toEqual([208, 'Command has already been reported or completed\n']);
    expect((await api.ask('GET', '/v1/plans/deploy')).statusCode).toBe(200);
  });

  test('is refused once the service was changed', async () => {
    const api = await runningService();
    const { planId } = await preview(api, hours(100));
    await patch(api, hours(50));
    const problem = problemOf(await api.ask('PUT', `/v1/plans/${planId}/start`));
    expect(problem).toMatchObject({ status: 409, type: 'urn:warden:problem:changed-meanwhile' });
    expect(problem.detail).toContain('Ask for a new preview');
  });

  test('that is refused leaves no errors in the plan', async () => {
    const api = await runningService();
    expect(problemOf(await patch(api, { options: { brokers: { count: 2 } } }, '?preview=true')).status).toBe(400);
    expect((await api.ask('GET', '/v1/plans/deploy')).statusCode).toBe(200);
  });
});
