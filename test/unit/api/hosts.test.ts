import { describe, expect, test } from '@jest/globals';
import { hostsSchema } from '../../../lib/contract/host-schemas.ts';
import type { TaskSeen } from '../../../lib/model/state.ts';
import { bodyOf, problemOf, runningService } from './a-running-service.ts';
import type { ApiUnderTest } from './api-server.ts';

const silentSince = Date.UTC(2026, 10, 21, 11);

/** All nodes are on `i-1`. */
async function onOneHost(more: object = {}): Promise<ApiUnderTest> {
  const api = await runningService();
  for (const nodeId of [0, 1000]) {
    const seen = { service: 'kafka', nodeId, taskArn: `arn:task/${nodeId}`, purpose: 'node', attempt: 1, version: 2 };
    await api.store.putSeen({ ...seen, lastStatus: 'RUNNING', desiredStatus: 'RUNNING' } as TaskSeen);
  }
  await api.store.putHostSeen({ service: 'kafka', instanceId: 'i-1', status: 'ACTIVE', ...more });
  return api;
}

const path = '/v1/hosts/i-1/fence';

describe('the hosts', () => {
  test('are listed with zone, status, agent and nodes', async () => {
    const api = await onOneHost({ silentSince });
    const nodes = [{ nodeId: 0, life: 'dead' as const, since: silentSince + 1 }];
    await api.store.putWitness({ service: 'kafka', askedAt: silentSince + 1, nodes });
    const { hosts } = hostsSchema.parse(bodyOf(await api.ask('GET', '/v1/hosts')));
    expect(hosts).toMatchObject([
      {
        ...{ instanceId: 'i-1', zone: 'a', status: 'ACTIVE', agent: 'out of touch', since: '2026-11-21T11:00:00.000Z' },
        nodes: [
          { service: 'kafka', pod: 'kafka-0', life: 'dead' },
          { service: 'kafka', pod: 'kafka-1', life: 'unknown' },
          { service: 'kafka', pod: 'kafka-2', life: 'unknown' },
          ...[0, 1, 2].map((number) => ({ pod: `controller-${number}`, life: 'unknown' })),
        ],
      },
    ]);
    expect(hosts[0]).not.toHaveProperty('fence');
  });

  test('are not known to be in touch before a sweep has looked', async () => {
    const api = await runningService();
    const { hosts } = hostsSchema.parse(bodyOf(await api.ask('GET', '/v1/hosts')));
    expect(hosts).toMatchObject([{ instanceId: 'i-1', status: 'unknown', agent: 'unknown' }]);
  });

  test('show which of them EC2 has stopped or terminated', async () => {
    const api = await onOneHost({ silentSince, stoppedSince: silentSince });
    const statusOf = async () => hostsSchema.parse(bodyOf(await api.ask('GET', '/v1/hosts'))).hosts[0]?.status;
    expect(await statusOf()).toBe('stopped');
    await api.store.putGoneHost({ service: 'kafka', instanceId: 'i-1', seenAt: silentSince });
    expect(await statusOf()).toBe('terminated');
  });
});

describe('a fence', () => {
  test('of a host that is out of touch is taken once, begins at once, and stands in list and history', async () => {
    const api = await onOneHost({ silentSince });
    const answer = await api.ask('POST', path);
    expect([answer.statusCode, bodyOf(answer)]).toEqual([202, { message: 'Received cmd: fence' }]);
    const { hosts } = hostsSchema.parse(bodyOf(await api.ask('GET', '/v1/hosts')));
    expect(hosts[0]?.fence).toMatchObject({ force: false, why: 'an operator has decided' });
    expect((await api.ask('POST', path)).statusCode).toBe(208);
    expect(bodyOf(await api.ask('GET', '/v1/operations'))).toMatchObject({
      operations: [
        { kind: 'fence host', instanceId: 'i-1', why: 'an operator has decided', outcome: 'done' },
        { kind: 'install' },
      ],
    });
  });

  test('that EC2 has refused says when and why', async () => {
    const api = await onOneHost({ silentSince });
    await api.ask('POST', path);
    const [fence] = (await api.store.readService('kafka'))?.fences ?? [];
    if (fence === undefined) throw new Error('the fence is not stored');
    await api.store.noteFence({ ...fence, refused: { at: silentSince, why: 'OperationNotPermitted: protected' } });
    const { hosts } = hostsSchema.parse(bodyOf(await api.ask('GET', '/v1/hosts')));
    expect(hosts[0]?.fence?.refused).toEqual({
      ...{ at: '2026-11-21T11:00:00.000Z', why: 'OperationNotPermitted: protected' },
    });
  });

  test('of a host that is in touch is refused, its nodes named, unless it is forced', async () => {
    const api = await onOneHost();
    const refused = problemOf(await api.ask('POST', path));
    expect(refused.status).toBe(409);
    expect(refused.detail).toContain('kafka/kafka-0');
    expect(refused.detail).toContain('kafka/controller-0');
    expect(refused.detail).toContain('force=true');
    expect((await api.ask('POST', `${path}?force=true`)).statusCode).toBe(202);
  });

  test('of a host that is only silent for a moment is refused as well', async () => {
    const api = await onOneHost();
    await api.store.putHostSeen({
      service: 'kafka',
      instanceId: 'i-1',
      status: 'ACTIVE',
      silentSince: Date.UTC(2200, 0),
    });
    expect((await api.ask('POST', path)).statusCode).toBe(409);
  });

  test('of a host that has ended says that it is so already', async () => {
    const api = await onOneHost({ silentSince });
    await api.store.putGoneHost({ service: 'kafka', instanceId: 'i-1', seenAt: silentSince });
    expect((await api.ask('POST', path)).statusCode).toBe(208);
  });

  test('of an unknown host is refused with those that are known', async () => {
    const api = await onOneHost();
    const refused = problemOf(await api.ask('POST', '/v1/hosts/i-9/fence'));
    expect([refused.status, refused.detail]).toEqual([
      404,
      'No node of any service is on a host i-9; nodes are on i-1',
    ]);
  });

  test('refuses what it does not read', async () => {
    const api = await onOneHost();
    expect(problemOf(await api.ask('POST', `${path}?force=yes`)).status).toBe(400);
    expect(problemOf(await api.ask('GET', '/v1/hosts?zone=a')).status).toBe(400);
  });
});
