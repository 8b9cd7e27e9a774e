import { describe, expect, test } from '@jest/globals';
import { activeBlocksSchema } from '../../../lib/contract/active-blocks-schema.ts';
import { historySchema } from '../../../lib/contract/history-schema.ts';
import { planInBlocksSchema, planSchema } from '../../../lib/contract/plan-schema.ts';
import { bodyOf, completePlan, problemOf, runningService } from './a-running-service.ts';
import { type ApiUnderTest, createApiUnderTest } from './api-server.ts';

/** A service whose brokers are to be rolled. */
async function updating(service: object = {}): Promise<ApiUnderTest> {
  const api = await runningService({ service });
  const update = await api.ask('PATCH', '/service/kafka', '{"options": {"brokers": {"mem": 4096}}}');
  expect(update.statusCode).toBe(202);
  return api;
}

const planOf = async (api: ApiUnderTest) => planSchema.parse(bodyOf(await api.ask('GET', '/v1/plans/deploy')));
const blocksOf = async (api: ApiUnderTest) => planInBlocksSchema.parse(bodyOf(await api.ask('GET', '/v1/plan')));

const done = 'Command has already been reported or completed\n';

describe('a command on a plan', () => {
  test.each(['PUT', 'POST'])('takes effect by %s, and is answered 208 when it is so already', async (method) => {
    const api = await updating();
    const first = await api.ask(method, '/v1/plans/deploy/interrupt');
    expect([first.statusCode, bodyOf(first)]).toEqual([200, { message: 'Received cmd: interrupt' }]);
    expect((await planOf(api)).status).toBe('WAITING');
    const second = await api.ask(method, '/service/kafka/v1/plans/deploy/interrupt');
    expect([second.statusCode, second.headers?.['content-type'], second.body]).toEqual([
      208,
      'text/plain; charset=utf-8',
      done,
    ]);
    const third = await api.ask(method, '/v1/plans/deploy/continue');
    expect([third.statusCode, bodyOf(third)]).toEqual([200, { message: 'Received cmd: continue' }]);
    expect((await planOf(api)).status).toBe('PENDING');
  });

  test('is for a phase or a step, by name or id, and says which', async () => {
    const api = await updating();
    const ask = async (command: string, query: Record<string, string>) =>
      bodyOf(await api.ask('POST', `/v1/plans/deploy/${command}?${new URLSearchParams(query)}`));
    expect(await ask('forceComplete', { phase: 'broker', step: 'kafka-1:[broker]' })).toEqual({
      message: 'Received cmd: forceComplete for Plan: deploy, Phase: broker, Step: kafka-1:[broker]',
    });
    const broker = (await planOf(api)).phases.find(({ name }) => name === 'broker');
    expect(broker?.steps.map(({ status }) => status)).toEqual(['PENDING', 'COMPLETE', 'PENDING']);
    const ids = { phase: broker?.id ?? '', step: broker?.steps[1]?.id ?? '' };
    expect(await ask('restart', ids)).toEqual({
      message: 'Received cmd: restart for Plan: deploy, Phase: broker, Step: kafka-1:[broker]',
    });
    expect(await ask('forceComplete', { phase: 'controller' })).toEqual({
      message: 'Received cmd: forceComplete for Plan: deploy, Phase: controller',
    });
    expect(await ask('forceComplete', {})).toEqual({ message: 'Received cmd: forceComplete for Plan: deploy' });
    expect((await planOf(api)).status).toBe('COMPLETE');
  });

  test('stops it, and starts it again', async () => {
    const api = await updating();
    const stopped = await api.ask('POST', '/v1/plans/deploy/stop');
    expect([stopped.statusCode, bodyOf(stopped)]).toEqual([200, { message: 'Received cmd: stop' }]);
    expect((await planOf(api)).status).toBe('WAITING');
    const started = await api.ask('POST', '/v1/plans/deploy/start', '{}');
    expect([started.statusCode, bodyOf(started)]).toEqual([
      200,
      { message: 'Received cmd: start deploy with parameters: {}' },
    ]);
    expect((await planOf(api)).status).not.toBe('WAITING');
  });

  test('that starts what goes on, or stops what is stopped, stores nothing; the history names the others', async () => {
    const api = await updating();
    const stored = async () => (await api.store.readService('kafka'))?.steering;
    const kinds = async () =>
      historySchema.parse(bodyOf(await api.ask('GET', '/v1/operations'))).operations.map(({ kind }) => kind);
    expect((await api.ask('POST', '/v1/plans/deploy/start')).statusCode).toBe(200);
    expect([await stored(), await kinds()]).toEqual([[], ['update', 'install']]);
    for (const command of ['stop', 'stop', 'start', 'start']) {
      expect((await api.ask('POST', `/v1/plans/deploy/${command}`)).statusCode).toBe(200);
    }
    expect((await stored())?.map(({ revision }) => revision)).toEqual([2]);
    expect((await kinds()).sort()).toEqual(['install', 'start', 'stop', 'update']);
  });

  test('takes the id of a plan, and an older plan is over', async () => {
    const api = await updating();
    const state = await api.store.readService('kafka');
    const install = state?.plans.find(({ kind }) => kind === 'install')?.id;
    expect((await api.ask('POST', `/v1/plans/${state?.wish.planId}/interrupt`)).statusCode).toBe(200);
    expect((await api.ask('POST', `/v1/plans/${install}/interrupt`)).statusCode).toBe(208);
  });

  test.each([
    ['an unknown plan', 'p/continue', 404, 'Plan p not found'],
    [
      'an unknown phase',
      'deploy/restart?phase=b',
      404,
      'Plan deploy has no phase b. GET /service/kafka/v1/plans/deploy',
    ],
    ['an unknown step', 'deploy/restart?phase=broker&step=s', 404, 'Plan deploy has no step s there'],
    ['a step without its phase', 'deploy/restart?step=kafka-0:[broker]', 400, 'Missing phase'],
    ['a phase without a name', 'deploy/restart?phase=', 400, 'The query phase= is not known. There is phase='],
    ['a blank phase', 'deploy/forceComplete?phase=%20', 400, 'The query phase=+ is not known. There is phase='],
    ['a blank step', 'deploy/forceComplete?phase=broker&step=%09', 400, 'is not known. There is phase='],
    ['an unknown query', 'deploy/continue?pod=kafka-0', 400, 'The query pod=kafka-0 is not known. There is phase='],
    ['a phase to stop', 'deploy/stop?phase=broker', 400, 'There is none: a plan is stopped as a whole'],
    ['a phase to start', 'deploy/start?phase=broker', 400, 'There is none: a plan is started as a whole'],
    ['plan recovery', 'recovery/interrupt', 501, 'Plan recovery takes no commands'],
    ['a start of plan recovery', 'recovery/start', 501, 'Plan recovery takes no commands'],
    ['a preview that there is not', '00000000-0000-4000-8000-00000000abcd/start', 404, 'not found'],
  ])('is refused for %s, and changes nothing', async (_, path, status, says) => {
    const api = await updating();
    const before = JSON.stringify(await api.store.readService('kafka'));
    const problem = problemOf(await api.ask('POST', `/v1/plans/${path}`));
    expect([problem.status, problem.detail]).toEqual([status, expect.stringContaining(says)]);
    expect(JSON.stringify(await api.store.readService('kafka'))).toBe(before);
  });

  test.each([
    ['{"SPEED": "high"}', 'Plan deploy takes no parameters, but SPEED was given'],
    ['{"1x": "y"}', "Couldn't parse parameters: 1x is no name of a parameter"],
    ['{"SPEED": 1}', "Couldn't parse parameters"],
    ['[]', "Couldn't parse parameters"],
    ['{', 'The body is not JSON'],
  ])('to start is refused with the body %s', async (body, says) => {
    const api = await updating();
    const problem = problemOf(await api.ask('POST', '/v1/plans/deploy/start', body));
    expect([problem.status, problem.detail]).toEqual([400, expect.stringContaining(says)]);
  });

  test('is answered 404 of a service that there is not', async () => {
    const api = createApiUnderTest();
    const paths = ['/v1/plans/deploy/continue', '/v1/plans/deploy/stop', '/v1/plans/deploy/start', '/v1/plan/continue'];
    for (const path of paths) expect(problemOf(await api.ask('PUT', path)).status).toBe(404);
  });
});

describe('a command in the form of the 1.x guides', () => {
  test.each([
    ['PUT', '/v1/plan?cmd=interrupt'],
    ['POST', '/service/kafka/v1/plan?cmd=interrupt'],
    ['PUT', '/v1/plan/interrupt'],
    ['POST', '/v1/plan/interrupt'],
  ])('takes effect as %s %s', async (method, path) => {
    const api = await updating();
    const response = await api.ask(method, path);
    expect([response.statusCode, bodyOf(response)]).toEqual([200, { Result: 'Received cmd: interrupt' }]);
    expect((await blocksOf(api)).status).toBe('Waiting');
    expect((await api.ask(method, path)).statusCode).toBe(208);
  });

  test('passes the two stops of STAGE one by one', async () => {
    const api = await updating({ phase_strategy: 'STAGE' });
    const points = async () =>
      (await blocksOf(api)).phases
        .find(({ name }) => name.startsWith('Update to: '))
        ?.blocks.map(({ has_decision_point }) => has_decision_point);
    expect(await points()).toEqual([true, true, false]);
    const first = await api.ask('PUT', '/v1/plan?cmd=continue');
    expect(bodyOf(first)).toEqual({ Result: 'Received cmd: continue' });
    expect(await points()).toEqual([false, true, false]);
  });

  test('takes the names that its plan shows', async () => {
    const api = await updating();
    const name = (await blocksOf(api)).phases.at(-1)?.name ?? '';
    expect(name).toMatch(/^Update to: /);
    const query = new URLSearchParams({ phase: name, block: 'broker-2' });
    expect(bodyOf(await api.ask('PUT', `/v1/plan/forceComplete?${query}`))).toEqual({
      Result: 'Received cmd: forceComplete',
    });
    expect((await blocksOf(api)).phases.at(-1)?.blocks.map(({ status }) => status)).toEqual([
      'Pending',
      'Pending',
      'Complete',
    ]);
  });

  test.each(['block=broker-0', 'step=broker-0', 'step=kafka-0:[broker]', 'block=kafka-0:[broker]'])(
    'takes a block by either name of the guides: %s',
    async (block) => {
      const api = await updating();
      const paths = [
        `/v1/plan/forceComplete?phase=broker&${block}`,
        `/v1/plan?cmd=forceComplete&phase=broker&${block}`,
      ];
      const [first, second] = [await api.ask('PUT', paths[0] ?? ''), await api.ask('POST', paths[1] ?? '')];
      expect([first.statusCode, second.statusCode]).toEqual([200, 208]);
      expect((await blocksOf(api)).phases.at(-1)?.blocks.map(({ status }) => status)).toEqual([
        'Complete',
        'Pending',
        'Pending',
      ]);
    },
  );

  test('finds the phase complete that the guides begin with, by its name and id', async () => {
    const api = await updating();
    const [shown] = (await blocksOf(api)).phases;
    const parts = ['phase=Reconciliation', `phase=${shown?.id}`, `phase=Reconciliation&block=${shown?.blocks[0]?.id}`];
    for (const part of parts) {
      const response = await api.ask('PUT', `/v1/plan/forceComplete?${part}`);
      expect([response.statusCode, response.body]).toEqual([208, done]);
    }
    expect((await blocksOf(api)).phases.at(-1)?.status).toBe('Pending');
  });

  test('is sent by no GET', async () => {
    const api = await updating();
    const byQuery = problemOf(await api.ask('GET', '/v1/plan?cmd=continue'));
    expect([byQuery.status, byQuery.detail]).toEqual([
      400,
      'The query cmd=continue is not known. There is none: a command is sent by PUT or POST',
    ]);
    expect(problemOf(await api.ask('GET', '/v1/plan/continue')).status).toBe(405);
  });

  test.each([
    ['no command', '/v1/plan', 400, 'The query is missing. There is cmd=continue, interrupt, forceComplete or restart'],
    ['an unknown command', '/v1/plan?cmd=start', 400, 'The query cmd=start is not known. There is cmd=continue'],
    ['a block without its phase', '/v1/plan?cmd=restart&block=broker-0', 400, 'Missing phase'],
    ['a blank phase', '/v1/plan/forceComplete?phase=%20', 400, 'The query phase=+ is not known. There is phase='],
    ['a blank block', '/v1/plan?cmd=restart&phase=broker&block=%20', 400, 'is not known. There is cmd='],
    ['an unknown phase', '/v1/plan/restart?phase=b', 404, 'Plan deploy has no phase b'],
    [
      'a block and a step',
      '/v1/plan/restart?phase=broker&block=broker-0&step=s',
      400,
      'block and step are the same: give one of them',
    ],
    [
      'a block and a step',
      '/v1/plan?cmd=restart&phase=broker&block=b&step=b',
      400,
      'block and step are the same: give one of them',
    ],
    ['a step without its phase', '/v1/plan/restart?step=broker-0', 400, 'Missing phase'],
    ['an unknown block of Reconciliation', '/v1/plan/restart?phase=Reconciliation&block=b', 404, 'no step b there'],
  ])('is refused with %s', async (_, path, status, says) => {
    const problem = problemOf(await (await updating()).ask('PUT', path));
    expect([problem.status, problem.detail]).toEqual([status, expect.stringContaining(says)]);
  });
});

describe('the active block', () => {
  test('is shown with its phase while the plan is open, and not after it', async () => {
    const api = await updating({ phase_strategy: 'STAGE' });
    const open = activeBlocksSchema.parse(bodyOf(await api.ask('GET', '/v1/plan/status')));
    expect(open).toMatchObject({
      block: { name: 'broker-0', status: 'Pending', has_decision_point: true },
      phase: { block_count: 3, status: 'Waiting' },
      stage: { errors: [], phase_count: 3, status: 'Waiting' },
    });
    await completePlan(api);
    const response = await api.ask('GET', '/service/kafka/v1/plan/status');
    expect([response.statusCode, bodyOf(response)]).toEqual([
      200,
      { stage: { errors: [], phase_count: 3, status: 'Complete' } },
    ]);
  });
});
