import { describe, expect, test } from '@jest/globals';
import { orphansSchema } from '../../../lib/contract/truth-schemas.ts';
import type { Orphan } from '../../../lib/model/truth/orphan.ts';
import { bodyOf, problemOf, runningService } from './a-running-service.ts';
import type { ApiUnderTest } from './api-server.ts';

const since = Date.UTC(2026, 10, 21, 11);
const orphan = (service: string, id: string): Orphan => ({
  ...{ what: 'volume', id, service, nodeId: 0, since },
  ...{ why: 'the table knows another one', remedy: 'look at it' },
});

async function find(api: ApiUnderTest, found: readonly Orphan[]): Promise<void> {
  await api.store.putOrphans({ lookedAt: since, found, more: 2, unread: ['EC2 did not list the volumes'] });
}

const kindsOf = async (api: ApiUnderTest) =>
  (await api.store.listOperations('kafka', { limit: 10 })).operations.map(({ kind }) => kind);

describe('what is not known', () => {
  test('is nothing before the first look, without the time of one', async () => {
    const api = await runningService();
    expect(bodyOf(await api.ask('GET', '/v1/orphans'))).toEqual({ orphans: [], more: 0, unread: [] });
  });

  test('is listed for the deployment, and for each service its own', async () => {
    const api = await runningService();
    await find(api, [orphan('kafka', 'vol-1'), orphan('old', 'vol-2')]);
    const all = orphansSchema.parse(bodyOf(await api.ask('GET', '/v1/orphans')));
    expect(all).toEqual({
      lookedAt: '2026-11-21T11:00:00.000Z',
      orphans: [
        {
          ...{ what: 'volume', id: 'vol-1', service: 'kafka', pod: 'kafka-0', since: '2026-11-21T11:00:00.000Z' },
          ...{ why: 'the table knows another one', remedy: 'look at it' },
        },
        expect.objectContaining({ id: 'vol-2', service: 'old' }),
      ],
      ...{ more: 2, unread: ['EC2 did not list the volumes'] },
    });
    // Also of a service that the table does not know: that is what they are for.
    const ofOld = orphansSchema.parse(bodyOf(await api.ask('GET', '/service/old/v1/orphans')));
    expect(ofOld.orphans.map(({ id }) => id)).toEqual(['vol-2']);
    expect(problemOf(await api.ask('GET', '/v1/orphans?all=true')).status).toBe(400);
  });
});

describe('an adoption', () => {
  test('is started once, and stands in the history', async () => {
    const api = await runningService();
    const asked = await api.ask('POST', '/v1/pod/kafka-0/adopt');
    expect([asked.statusCode, bodyOf(asked)]).toEqual([202, { message: 'Received cmd: adopt' }]);
    expect(api.started.filter((name) => name.startsWith('recover:'))).toHaveLength(1);
    expect((await api.ask('POST', '/v1/pod/kafka-0/adopt')).statusCode).toBe(208);
    expect((await kindsOf(api)).filter((kind) => kind === 'adopt node')).toEqual(['adopt node']);
  });

  test('of a service that only the cloud knows is refused, with what it has and what to do', async () => {
    const api = await runningService();
    await find(api, [orphan('old', 'vol-2')]);
    const refused = problemOf(await api.ask('POST', '/service/old/v1/pod/kafka-0/adopt'));
    expect([refused.status, refused.detail]).toEqual([
      409,
      expect.stringContaining('The cloud has vol-2 of service old'),
    ]);
    expect(problemOf(await api.ask('POST', '/service/nobody/v1/pod/kafka-0/adopt')).status).toBe(404);
  });

  test('of no pod of the service names those that it has; of one that goes away is refused', async () => {
    const api = await runningService();
    const absent = problemOf(await api.ask('POST', '/v1/pod/kafka-00/adopt'));
    expect([absent.status, absent.detail]).toEqual([404, expect.stringContaining('it has kafka-0, kafka-1')]);
    expect(problemOf(await api.ask('POST', '/v1/pod/kafka-0/adopt?force=true')).status).toBe(400);
    await api.ask('DELETE', '/service/kafka?confirm=kafka');
    expect(problemOf(await api.ask('POST', '/v1/pod/kafka-0/adopt')).status).toBe(409);
    expect(await kindsOf(api)).not.toContain('adopt node');
  });
});

describe('the word that a process is gone', () => {
  const prove = (api: ApiUnderTest, taskArn: string) =>
    api.ask('POST', '/v1/pod/kafka-0/stop-proven', JSON.stringify({ taskArn }));

  test('is taken of the task that the pod waits for, once', async () => {
    const api = await runningService();
    const seen = { nodeId: 0, taskArn: 'arn:task/0', stoppedReason: 'Host EC2 terminated' };
    const reason = { type: 'stop not proven', ...seen } as const;
    await api.store.putWait({ service: 'kafka', nodeId: 0, holder: 'h', reason, since: 1 });
    const other = problemOf(await prove(api, 'arn:task/9'));
    expect([other.status, other.detail]).toEqual([
      409,
      expect.stringContaining('that arn:task/0 has stopped, and not'),
    ]);
    const done = await prove(api, 'arn:task/0');
    expect([done.statusCode, bodyOf(done)]).toEqual([200, { message: 'Received cmd: stop-proven' }]);
    expect((await prove(api, 'arn:task/0')).statusCode).toBe(208);
    expect((await kindsOf(api)).filter((kind) => kind === 'stop proven')).toHaveLength(1);
  });

  test('is refused while the pod waits for no proof, and without the task', async () => {
    const api = await runningService();
    const refused = problemOf(await prove(api, 'arn:task/0'));
    expect([refused.status, refused.detail]).toEqual([409, expect.stringContaining('for the proof of no stop')]);
    for (const body of ['{}', '{"task":"arn:task/0"}', 'no JSON'])
      expect(problemOf(await api.ask('POST', '/v1/pod/kafka-0/stop-proven', body)).status).toBe(400);
  });
});
