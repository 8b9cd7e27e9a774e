import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from '@jest/globals';
import { createDynamoStore } from '../../lib/aws/dynamo-store.ts';
import { leaseKey, servicePartition, slotKey, waitKey } from '../../lib/aws/store-keys.ts';
import { createTable, type TableClient } from '../../lib/aws/table.ts';
import { createModelSubject } from '../simulation/suite/aws/model-subject.ts';
import { creation, freshPort, freshService, lease, tombstone, wait } from './store-records.ts';

const { dynamodb: client, table: tableName } = createModelSubject();
const store = createDynamoStore({ tableName, client });

/** A service that is gone, and what a late writer left of it. */
async function goneService(leftovers: number): Promise<string> {
  const service = freshService();
  await store.createService(creation(service, [freshPort()]));
  await store.forgetService(tombstone(service));
  const left = (key: object, item: object) =>
    client.send(new PutCommand({ TableName: tableName, Item: { ...item, ...key } }));
  await left(leaseKey(service, 0), { ...lease(service, { nodeId: 0 }), number: 1 });
  await left(slotKey(service), { service, nodeId: 0, holder: 'execution-1' });
  for (let nodeId = 1; nodeId < leftovers; nodeId++) {
    await left(waitKey(service, nodeId, 'execution-1'), { ...wait(service), nodeId });
  }
  return service;
}

/** The store of somebody whose transactions come late: after what happens meanwhile. */
function lateStore(meanwhile: () => Promise<void>) {
  const late: TableClient = Object.assign(Object.create(client), {
    async send(command: Parameters<TableClient['send']>[0]) {
      if (command.constructor.name === 'TransactWriteCommand') await meanwhile();
      return client.send(command);
    },
  });
  return createDynamoStore({ tableName, client: late });
}

test('an install that comes second takes away nothing that the first one of its name has written', async () => {
  const service = await goneService(3);
  const second = lateStore(async () => {
    await store.createService(creation(service, [freshPort()]));
    await store.takeLease({ lease: { ...lease(service, { nodeId: 0 }), number: 7 }, withSlot: true });
  });
  expect(await second.createService(creation(service, [freshPort()]))).toEqual({ type: 'name taken' });
  const state = await store.readService(service);
  expect(state?.leases.map(({ number }) => number)).toEqual([7]);
  expect(state?.slot?.nodeId).toBe(0);
  expect(state?.waits).toEqual([]);
});

test('an install after more leftovers than a transaction takes finds none of them', async () => {
  const service = await goneService(250);
  expect(await store.createService(creation(service, [freshPort()]))).toEqual({ type: 'created' });
  const state = await store.readService(service);
  expect([state?.leases, state?.waits, state?.slot]).toEqual([[], [], undefined]);
});

test('the run that comes after one that died on the way removes what it left, and nothing of a service that is back', async () => {
  const table = createTable(tableName, client);
  const service = await goneService(250);
  await store.forgetRest(service);
  expect(await table.query(servicePartition(service))).toEqual([]);
  await store.createService(creation(service, [freshPort()]));
  const stored = await table.query(servicePartition(service));
  await store.forgetRest(service);
  expect(await table.query(servicePartition(service))).toEqual(stored);
});

test('how its run ended goes with a service that is forgotten at that moment, by a process that dies right after', async () => {
  const table = createTable(tableName, client);
  const service = freshService();
  await store.createService(creation(service, [freshPort()]));
  let isDead = false;
  const dying: TableClient = Object.assign(Object.create(client), {
    async send(command: Parameters<TableClient['send']>[0]) {
      if (isDead) throw new Error('the process is dead');
      const isLast = JSON.stringify(command.input).includes(`{"pk":"SERVICES","sk":"${service}"}`);
      if (!isLast) return client.send(command);
      await store.putRun(service, { planId: tombstone(service).plan.id, run: 1, outcome: 'failed', endedAt: 4 });
      const answer = await client.send(command);
      isDead = true;
      return answer;
    },
  });
  const forgetting = createDynamoStore({ tableName, client: dying }).forgetService(tombstone(service));
  await expect(forgetting).rejects.toMatchObject({ name: 'StoreError' });
  expect(await table.query(servicePartition(service))).toEqual([]);
});
