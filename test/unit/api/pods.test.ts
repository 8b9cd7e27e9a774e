import { describe, expect, test } from '@jest/globals';
import { namesSchema } from '../../../lib/contract/names-schema.ts';
import { podInfoSchema, podStatusSchema, podsSchema } from '../../../lib/contract/pod-schemas.ts';
import type { TaskSeen } from '../../../lib/model/state.ts';
import { bodyOf, problemOf, runningService } from './a-running-service.ts';
import { type ApiUnderTest, createApiUnderTest } from './api-server.ts';

const answer = { pod: 'kafka-0', tasks: ['kafka-0-broker'] };

async function see(api: ApiUnderTest, nodeId: number, changes: Partial<TaskSeen> = {}): Promise<void> {
  const seen = { service: 'kafka', nodeId, taskArn: `arn:task/${nodeId}`, purpose: 'node', attempt: 1, version: 2 };
  await api.store.putSeen({ ...seen, lastStatus: 'RUNNING', desiredStatus: 'RUNNING', ...changes } as TaskSeen);
}

async function wishOf(api: ApiUnderTest, nodeId: number) {
  return (await api.store.readService('kafka'))?.nodeWishes.find((wish) => wish.nodeId === nodeId);
}

describe('the pods of a service', () => {
  test('are listed: brokers, then controllers', async () => {
    const api = await runningService();
    expect(namesSchema.parse(bodyOf(await api.ask('GET', '/v1/pod')))).toEqual([
      ...['kafka-0', 'kafka-1', 'kafka-2'],
      ...['controller-0', 'controller-1', 'controller-2'],
    ]);
  });

  test('show the statuses of their tasks in the words of Mesos', async () => {
    const api = await runningService();
    const stopped = { lastStatus: 'STOPPED', desiredStatus: 'STOPPED' };
    await see(api, 0);
    await see(api, 1, { desiredStatus: 'STOPPED' });
    await see(api, 2, { ...stopped, stopCode: 'EssentialContainerExited', exitCode: 137 });
    await see(api, 1000, { ...stopped, stopCode: 'UserInitiated', exitCode: 143 });
    await see(api, 1001, { ...stopped, stoppedReason: 'Host EC2 terminated' });
    const { service, pods } = podsSchema.parse(bodyOf(await api.ask('GET', '/v1/pod/status')));
    expect([service, pods.map(({ name }) => name)]).toEqual(['kafka', ['kafka', 'controller']]);
    const statuses = pods.flatMap(({ instances }) => instances).map(({ tasks }) => tasks[0]?.status);
    expect(statuses).toEqual(['RUNNING', 'KILLING', 'FAILED', 'KILLED', 'LOST', 'STAGING']);
    const one = podStatusSchema.parse(bodyOf(await api.ask('GET', '/service/kafka/v1/pod/kafka-0/status')));
    expect(one).toEqual({
      name: 'kafka-0',
      tasks: [{ id: 'kafka-0-broker__0', name: 'kafka-0-broker', status: 'RUNNING' }],
    });
  });

  test('have no status before their first start', async () => {
    const api = createApiUnderTest();
    await api.ask('POST', '/services', '{}');
    const pod = podStatusSchema.parse(bodyOf(await api.ask('GET', '/v1/pod/kafka-0/status')));
    expect(pod).toEqual({ name: 'kafka-0', tasks: [{ name: 'kafka-0-broker' }] });
    for (const word of ['restart', 'replace', 'pause']) {
      const refused = await api.ask('POST', `/v1/pod/kafka-0/${word}`);
      expect([refused.statusCode, problemOf(refused).detail]).toEqual([409, expect.stringContaining('never started')]);
    }
  });

  test('tell where they run', async () => {
    const api = await runningService();
    await see(api, 0);
    const [task] = podInfoSchema.parse(bodyOf(await api.ask('GET', '/v1/pod/kafka-0/info')));
    expect(task?.info).toMatchObject({ name: 'kafka-0-broker', taskArn: 'arn:task/0', attempt: 1 });
    expect(task?.status).toEqual({ state: 'RUNNING', lastStatus: 'RUNNING', desiredStatus: 'RUNNING' });
  });

  test.each(['kafka-9', 'kafka-00', 'controller-1000', 'broker-0', 'kafka'])('do not include %s', async (pod) => {
    const api = await runningService();
    const asked = [
      await api.ask('GET', `/v1/pod/${pod}/status`),
      await api.ask('GET', `/v1/pod/${pod}/info`),
      await api.ask('POST', `/v1/pod/${pod}/restart`),
      await api.ask('POST', `/v1/pod/${pod}/replace`),
      await api.ask('POST', `/v1/pod/${pod}/pause`),
      await api.ask('POST', `/v1/pod/${pod}/resume`),
    ];
    for (const response of asked)
      expect(problemOf(response)).toMatchObject({ status: 404, detail: `Pod ${pod} not found` });
  });
});

describe('a restart', () => {
  test.each(['POST', 'PUT'])('is noted with who asked, once per word, by %s', async (method) => {
    const api = await runningService();
    for (let times = 1; times <= 2; times++) {
      const response = await api.ask(method, '/v1/pod/kafka-0/restart');
      expect([response.statusCode, bodyOf(response)]).toEqual([200, answer]);
      expect((await wishOf(api, 0))?.restart?.times).toBe(times);
    }
    const { operations } = await api.store.listOperations('kafka', { limit: 2 });
    expect(operations.map(({ kind, pod }) => `${kind} ${pod}`)).toEqual(Array(2).fill('restart node kafka-0'));
  });

  test('in the form of the 1.x guides answers the id of the task', async () => {
    const api = await runningService();
    const response = await api.ask('PUT', '/v1/brokers/1');
    expect([response.statusCode, bodyOf(response)]).toEqual([200, ['kafka-1-broker__1']]);
    expect((await wishOf(api, 1))?.restart?.times).toBe(1);
    for (const id of ['9', '1000', 'x']) {
      const refused = await api.ask('PUT', `/v1/brokers/${id}`);
      expect(problemOf(refused)).toMatchObject({ status: 404, detail: `Broker ${id} not found` });
    }
    expect((await api.ask('PUT', '/v1/brokers/1?force=true')).statusCode).toBe(400);
  });

  test('is refused while the service is uninstalled', async () => {
    const api = await runningService();
    await api.ask('DELETE', '/service/kafka?confirm=kafka');
    expect(problemOf(await api.ask('POST', '/v1/pod/kafka-0/restart')).status).toBe(409);
  });
});

describe('a replacement', () => {
  test.each(['POST', 'PUT'])('is noted with who asked and for which volume, by %s', async (method) => {
    const api = await runningService();
    const kept = await api.ask(method, '/v1/pod/kafka-0/replace');
    expect([kept.statusCode, bodyOf(kept)]).toEqual([200, answer]);
    expect((await wishOf(api, 0))?.replace).toMatchObject({ times: 1, volume: 'keep', force: false });
    await api.ask(method, '/v1/pod/kafka-0/replace?volume=discard&force=true');
    expect((await wishOf(api, 0))?.replace).toMatchObject({ times: 2, volume: 'discard', force: true });
    const { operations } = await api.store.listOperations('kafka', { limit: 2 });
    expect(operations.map(({ kind, pod }) => `${kind} ${pod}`)).toEqual(Array(2).fill('replace node kafka-0'));
    const [task] = podInfoSchema.parse(bodyOf(await api.ask('GET', '/v1/pod/kafka-0/info')));
    expect(task?.info.replacementAskedBy).toBe(operations[0]?.requestedBy);
  });

  test('in the form of the 1.x guides keeps the volume, and answers the id of the task', async () => {
    const api = await runningService();
    const response = await api.ask('PUT', '/v1/brokers/1?replace=true');
    expect([response.statusCode, bodyOf(response)]).toEqual([200, ['kafka-1-broker__1']]);
    expect((await wishOf(api, 1))?.replace).toMatchObject({ times: 1, volume: 'keep' });
    expect((await wishOf(api, 1))?.restart).toBeUndefined();
  });

  test('is taken back by a resume', async () => {
    const api = await runningService();
    await api.ask('POST', '/v1/pod/kafka-0/replace');
    expect((await api.ask('POST', '/v1/pod/kafka-0/resume')).statusCode).toBe(200);
    expect((await wishOf(api, 0))?.replace).toMatchObject({ times: 1, cancelled: true });
    const [task] = podInfoSchema.parse(bodyOf(await api.ask('GET', '/v1/pod/kafka-0/info')));
    expect(task?.info.replacementAskedBy).toBeUndefined();
  });

  test.each([
    ['?volume=empty', 'volume=keep or discard'],
    ['?force=true', 'only with volume=discard'],
    ['?volume=discard&force=yes', 'force=true or false'],
    ['?discard=true', 'is not known'],
  ])('with %s is refused', async (query, detail) => {
    const api = await runningService();
    const refused = await api.ask('POST', `/v1/pod/kafka-0/replace${query}`);
    expect(problemOf(refused)).toMatchObject({ status: 400, detail: expect.stringContaining(detail) });
    expect(await wishOf(api, 0)).toBeUndefined();
  });
});

describe('a pause', () => {
  test('takes a list of tasks, is shown, and is taken back', async () => {
    const api = await runningService();
    await see(api, 0);
    const statusNow = async () =>
      podStatusSchema.parse(bodyOf(await api.ask('GET', '/v1/pod/kafka-0/status'))).tasks[0]?.status;
    const paused = await api.ask('POST', '/v1/pod/kafka-0/pause', '["kafka-0-broker"]');
    expect([paused.statusCode, bodyOf(paused), await statusNow()]).toEqual([200, answer, 'PAUSING']);
    await see(api, 0, { version: 3, lastStatus: 'STOPPED', desiredStatus: 'STOPPED', exitCode: 143 });
    expect(await statusNow()).toBe('PAUSED');
    const resumed = await api.ask('POST', '/v1/pod/kafka-0/resume', '["broker"]');
    expect([resumed.statusCode, bodyOf(resumed), await statusNow()]).toEqual([200, answer, 'KILLED']);
    expect((await api.ask('POST', '/v1/pod/kafka-0/resume')).statusCode).toBe(200);
    const { operations } = await api.store.listOperations('kafka', { limit: 2 });
    expect(operations.map(({ kind }) => kind)).toEqual(['resume node', 'pause node']);
  });

  test('takes its deadline from the body or the query', async () => {
    const api = await runningService();
    await api.ask('POST', '/v1/pod/kafka-0/pause', '{"until": "2099-01-01T00:00:00+01:00"}');
    expect((await wishOf(api, 0))?.pause?.until).toBe(Date.UTC(2098, 11, 31, 23));
    await api.ask('POST', '/v1/pod/kafka-0/pause?for=1h30m');
    const pause = (await wishOf(api, 0))?.pause;
    expect((pause?.until ?? 0) - (pause?.requestedAt ?? 0)).toBe(5_400_000);
  });

  test.each([
    ['', '{"until": "2020-01-01T00:00:00Z"}', 'The deadline must be later than now'],
    ['', '{"until": "tomorrow"}', 'list of task names'],
    ['', '"kafka-0-broker"', 'list of task names'],
    ['', '{"tasks": []}', 'list of task names'],
    ['', '["kafka-1-broker"]', 'Pod kafka-0 has no task kafka-1-broker'],
    ['?for=30', '', 'for=<time>'],
    ['?for=999999999h', '', 'later than 9999'],
    ['?for=30m', '{"until": "2099-01-01T00:00:00Z"}', 'not both'],
    ['?until=1', '', 'is not known'],
  ])('with %s %s is refused', async (query, body, detail) => {
    const api = await runningService();
    const refused = await api.ask('POST', `/v1/pod/kafka-0/pause${query}`, ...(body === '' ? [] : [body]));
    expect(problemOf(refused)).toMatchObject({ status: 400, detail: expect.stringContaining(detail) });
    expect(await wishOf(api, 0)).toBeUndefined();
  });

  test.each(['{}', '"broker"', '["zookeeper"]'])('is not taken back by %s', async (body) => {
    const api = await runningService();
    await api.ask('POST', '/v1/pod/kafka-0/pause');
    expect(problemOf(await api.ask('POST', '/v1/pod/kafka-0/resume', body)).status).toBe(400);
    expect((await wishOf(api, 0))?.pause).toBeDefined();
  });
});

describe('a resume of a deactivated pod', () => {
  test('reactivates it once, and its recovery starts', async () => {
    const api = await runningService();
    const lease = (await api.store.readService('kafka'))?.leases.find(({ nodeId }) => nodeId === 0);
    const goal = (await api.store.readService('kafka'))?.goals.find(({ nodeId }) => nodeId === 0);
    if (lease === undefined || goal === undefined) throw new Error('the node has a goal and had a lease');
    // The node fails once more than its two tries, and nobody holds it.
    const failed = { ...goal, failures: { count: 3, lastAttempt: 1, tries: 2 } };
    const taken = { ...lease, released: false, number: lease.number + 1 };
    expect(await api.store.takeLease({ lease: taken, withSlot: false, previous: lease })).toBe(true);
    expect(await api.store.finishNode({ lease: taken, goal: failed })).toBe(true);
    await see(api, 0, { version: 3, lastStatus: 'STOPPED', desiredStatus: 'STOPPED', exitCode: 1 });
    const resumed = await api.ask('POST', '/v1/pod/kafka-0/resume');
    expect([resumed.statusCode, bodyOf(resumed)]).toEqual([200, answer]);
    expect((await wishOf(api, 0))?.reactivation).toMatchObject({ attempt: 1 });
    expect(api.started.filter((name) => name.startsWith('recover:'))).toHaveLength(1);
    expect((await api.ask('POST', '/v1/pod/kafka-0/resume')).statusCode).toBe(200);
    const { operations } = await api.store.listOperations('kafka', { limit: 9 });
    expect(operations.filter(({ kind }) => kind === 'reactivate node')).toHaveLength(1);
  });
});
