import { describe, expect, test } from '@jest/globals';
import { driftSchema } from '../../../lib/contract/drift-schema.ts';
import { bodyOf, completePlan, problemOf, runningService } from './a-running-service.ts';
import { type ApiUnderTest, createApiUnderTest } from './api-server.ts';

const broker = { host: '10.0.0.1', port: 9092, rack: 'a', settled: true, fenced: false };

/** Three brokers that serve, with the cluster default that is Warden's own. */
async function serving(): Promise<ApiUnderTest> {
  const api = await runningService({ kafka: { num_partitions: 6 } });
  api.brokers.push({ ...broker, id: 0 }, { ...broker, id: 1 }, { ...broker, id: 2 });
  api.configs.set('', { 'min.insync.replicas': '2', 'unclean.leader.election.enable': 'false' });
  return api;
}

const update = async (api: ApiUnderTest, kafka: object): Promise<void> => {
  const response = await api.ask('PATCH', '/service/kafka', JSON.stringify({ options: { kafka } }));
  expect(response.statusCode).toBe(202);
};

const driftOf = async (api: ApiUnderTest) => {
  const response = await api.ask('GET', '/service/kafka/v1/drift');
  expect(response.statusCode).toBe(200);
  return driftSchema.parse(bodyOf(response));
};

describe('the drift', () => {
  test('is empty while brokers have what follows from the options', async () => {
    expect(await driftOf(await serving())).toEqual({ drift: [], unasked: [] });
  });

  test('names what others have set, on which broker, and what it is brought back to', async () => {
    const api = await serving();
    api.configs.set('1', { 'log.cleaner.threads': '4' });
    api.configs.set('', { 'log.retention.ms': '1000' });
    const { drift } = await driftOf(api);
    expect(drift).toEqual([
      expect.objectContaining({ resource: 'cluster default', name: 'log.retention.ms', value: '1000' }),
      { node: 'kafka-1', resource: 'broker', name: 'log.cleaner.threads', value: '4', expected: '1' },
    ]);
    expect(drift[0]).not.toHaveProperty('node');
  });

  test('names a default of all brokers that others took away, without a value', async () => {
    const api = await serving();
    api.configs.clear();
    api.configs.set('', { 'min.insync.replicas': '2' });
    const lost = { resource: 'cluster default', name: 'unclean.leader.election.enable', expected: 'false' };
    expect((await driftOf(api)).drift).toEqual([lost]);
  });

  test('is not what an update that waits has yet to change, also not when it took over from another one', async () => {
    const api = await serving();
    await update(api, { min_insync_replicas: 1 });
    expect((await driftOf(api)).drift).toEqual([]);
    await update(api, { unclean_leader_election_enable: true });
    expect((await driftOf(api)).drift).toEqual([]);
    api.configs.set('', { 'min.insync.replicas': '3' });
    const byHand = { resource: 'cluster default', name: 'min.insync.replicas', value: '3', expected: '1' };
    expect((await driftOf(api)).drift).toEqual([byHand]);
    await completePlan(api);
    const left = { ...byHand, name: 'unclean.leader.election.enable', value: 'false', expected: 'true' };
    expect((await driftOf(api)).drift).toEqual([byHand, left]);
  });

  test('is not what an install has not come to', async () => {
    const api = createApiUnderTest();
    await api.ask('POST', '/services');
    await completePlan(api);
    await api.ask('POST', '/service/kafka/v1/plans/deploy/restart');
    for (const id of [0, 1, 2]) api.brokers.push({ ...broker, id });
    expect((await driftOf(api)).drift).toEqual([]);
  });

  test('says which brokers could not be asked', async () => {
    const api = await serving();
    const silent = api.brokers.pop();
    if (silent !== undefined) api.brokers.push({ ...silent, fenced: true });
    expect((await driftOf(api)).unasked).toEqual(['kafka-2']);
  });

  test('of a service that is not started is not known', async () => {
    const api = createApiUnderTest();
    await api.ask('POST', '/services');
    expect(await driftOf(api)).toEqual({ drift: [], unasked: ['kafka-0', 'kafka-1', 'kafka-2'] });
  });

  test('is answered 404 of a service that there is not', async () => {
    expect(problemOf(await createApiUnderTest().ask('GET', '/v1/drift')).status).toBe(404);
  });
});
