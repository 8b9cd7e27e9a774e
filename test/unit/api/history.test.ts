import { describe, expect, test } from '@jest/globals';
import { historySchema } from '../../../lib/contract/history-schema.ts';
import { forgetService } from '../../../lib/operations/forget-service.ts';
import { createFakeTasks } from '../../support/fake-tasks.ts';
import { createHandClock } from '../../support/hand-clock.ts';
import { bodyOf, completePlan, problemOf, runningService } from './a-running-service.ts';
import { type ApiUnderTest, createApiUnderTest, recordingRunner } from './api-server.ts';

const history = async (api: ApiUnderTest, query = '') =>
  historySchema.parse(bodyOf(await api.ask('GET', `/service/kafka/v1/operations${query}`)));

const patch = (api: ApiUnderTest, options: object) => api.ask('PATCH', '/service/kafka', JSON.stringify({ options }));

describe('the history', () => {
  test('shows who asked for what, what changed and what came of it, newest first', async () => {
    const api = await runningService();
    await patch(api, { brokers: { count: 2 } });
    await patch(api, { brokers: { mem: 4096 } });
    await api.ask('POST', '/v1/plans/deploy/interrupt?phase=broker');

    const { operations, cursor } = await history(api);

    const update = (await api.store.readService('kafka'))?.wish.planId;
    expect(cursor).toBeUndefined();
    expect(operations.map(({ id: _, ...operation }) => operation)).toEqual([
      {
        kind: 'interrupt',
        requestedBy: 'ann',
        requestedAt: '2026-11-21T12:00:00.000Z',
        planId: update,
        phase: 'broker',
        outcome: 'done',
        endedAt: '2026-11-21T12:00:00.000Z',
      },
      {
        kind: 'update',
        requestedBy: 'ann',
        requestedAt: '2026-11-21T12:00:00.000Z',
        planId: update,
        changes: [{ pointer: '/brokers/mem', before: 2048, after: 4096 }],
        outcome: expect.stringMatching(/^(pending|waiting)$/),
      },
      {
        kind: 'refused update',
        requestedBy: 'ann',
        requestedAt: '2026-11-21T12:00:00.000Z',
        errors: [expect.stringContaining('has 2 tasks, expected >=3 tasks')],
        outcome: 'refused',
        endedAt: '2026-11-21T12:00:00.000Z',
      },
      {
        kind: 'install',
        requestedBy: 'ann',
        requestedAt: '2026-11-21T12:00:00.000Z',
        planId: expect.any(String),
        outcome: 'complete',
        endedAt: '2026-11-21T12:10:00.000Z',
      },
    ]);
    await completePlan(api);
    expect((await history(api)).operations[1]).toMatchObject({
      outcome: 'complete',
      endedAt: '2026-11-21T12:10:00.000Z',
    });
  });

  test('keeps no secret of an update that was refused, in whatever spelling', async () => {
    const api = await runningService();
    const refused = await patch(api, {
      kafka: { 'ssl.keystore.key': 'hunter2', delegation_token_master_key: 'hunter2' },
    });
    expect([refused.statusCode, refused.body]).toEqual([400, expect.not.stringContaining('hunter2')]);
    const shown = await Promise.all(
      ['operations', 'plans/deploy', 'plan'].map((path) => api.ask('GET', `/v1/${path}`)),
    );
    expect(JSON.stringify(shown)).toContain('ssl.keystore.key');
    expect(JSON.stringify([shown, await api.store.readService('kafka')])).not.toContain('hunter2');
  });

  test('comes in pages, each operation once', async () => {
    const api = await runningService();
    for (const command of ['interrupt', 'continue', 'interrupt', 'continue']) {
      await patch(api, { brokers: { mem: 4096 } });
      await api.ask('POST', `/v1/plans/deploy/${command}`);
    }
    const whole = (await history(api)).operations.map(({ id }) => id);
    expect(whole).toHaveLength(6);
    const seen: string[] = [];
    let query = '?limit=4';
    for (let page = 0; page < 2; page++) {
      const { operations, cursor } = await history(api, query);
      seen.push(...operations.map(({ id }) => id));
      query = `?limit=4&before=${cursor}`;
    }
    expect(seen).toEqual(whole);
  });

  test('goes on to be shown of a service that is gone, as it was then, page by page', async () => {
    const api = await runningService();
    await patch(api, { brokers: { count: 2 } });
    await patch(api, { brokers: { mem: 4096 } });
    await api.ask('DELETE', '/service/kafka?confirm=kafka');
    await completePlan(api);
    const planId = (await api.store.readService('kafka'))?.wish.planId ?? '';
    const idle = { clock: createHandClock(), onChange: () => undefined, program: () => undefined };
    const ports = { ...api, clock: () => 1, tasks: createFakeTasks(idle), planRunner: recordingRunner([]) };
    await forgetService(ports, { service: 'kafka', planId });

    expect((await api.ask('GET', '/service/kafka/v1/describe')).statusCode).toBe(404);
    const { operations, cursor } = await history(api);
    expect([operations.map(({ kind, outcome }) => `${kind}: ${outcome}`), cursor]).toEqual([
      ['uninstall: complete', 'update: superseded', 'refused update: refused', 'install: complete'],
      undefined,
    ]);
    const first = await history(api, '?limit=3');
    expect(first.operations).toEqual(operations.slice(0, 3));
    const second = await history(api, `?limit=3&before=${first.cursor}`);
    expect(second).toEqual({ operations: operations.slice(3) });
  });

  test.each([
    ['limit=0', 'There is limit=1 to limit=100'],
    ['limit=101', 'There is limit=1 to limit=100'],
    ['limit=all', 'There is limit=1 to limit=100'],
    ['after=1', 'There is limit=1 to limit=100'],
    ['before=yesterday', 'before must be the cursor of the page before, not yesterday. Leave it out for the newest'],
  ])('is refused with the query %s', async (query, says) => {
    const problem = problemOf(await (await runningService()).ask('GET', `/v1/operations?${query}`));
    expect([problem.status, problem.detail]).toEqual([400, expect.stringContaining(says)]);
  });

  test('is answered 404 of a service that there is not', async () => {
    expect(problemOf(await createApiUnderTest().ask('GET', '/v1/operations')).status).toBe(404);
  });
});
