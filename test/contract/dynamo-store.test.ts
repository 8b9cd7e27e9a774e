import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createDynamoStore } from '../../lib/aws/dynamo-store.ts';
import type { Store } from '../../lib/ports/store.ts';
import { createCloud, type RunningCloud } from '../../local/core/create-cloud.ts';
import { createDynamodbService } from '../../local/dynamodb/service.ts';
import { describeChanges } from './changes.contract.ts';
import { describeNodes } from './nodes.contract.ts';
import { describeServices } from './services.contract.ts';
import { creation, goal, lease, plan } from './store-records.ts';
import { describeWaits } from './waits.contract.ts';

const port = 21_610;
const environment = {
  AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIA',
  AWS_SECRET_ACCESS_KEY: 'secret',
};

let folder: string;
let cloud: RunningCloud;
let store: Store;
const before = { ...process.env };

beforeAll(async () => {
  Object.assign(process.env, environment);
  folder = mkdtempSync(join(tmpdir(), 'warden-store-'));
  cloud = await createCloud({
    dataFolder: folder,
    optFolder: join(process.cwd(), '.warden', 'opt'),
    port,
    services: [createDynamodbService],
    log: () => undefined,
  });
  const client = new DynamoDBClient({});
  await client.send(
    new CreateTableCommand({
      TableName: 'Warden',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  client.destroy();
  store = createDynamoStore({ tableName: 'Warden' });
}, 60_000);

afterAll(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true });
  for (const name of Object.keys(environment)) delete process.env[name];
  Object.assign(process.env, before);
});

describe('the store on DynamoDB', () => {
  describeServices(() => store);
  describeNodes(() => store);
  describeChanges(() => store);
  describeWaits(() => store);

  test('throws a retriable StoreError where the table does not answer as asked', async () => {
    const lost = createDynamoStore({ tableName: 'Elsewhere' });
    await expect(lost.readService('kafka')).rejects.toMatchObject({ name: 'StoreError', code: 'WARDEN_STORE' });
  });

  test('reads a service of more than one page', async () => {
    await store.createService(creation('large', [20_001]));
    await store.takeLease({ lease: lease('large'), withSlot: false });
    const request = 'x'.repeat(300_000);
    for (const nodeId of [0, 1, 2, 3]) {
      const held = lease('large', { nodeId });
      if (nodeId > 0) await store.takeLease({ lease: held, withSlot: false });
      const launch = { attempt: 1, request, requestedAt: 1 };
      expect(await store.putGoal(goal('large', { nodeId, launch }), held)).toBe(true);
    }
    expect((await store.readService('large'))?.goals.map(({ nodeId }) => nodeId)).toEqual([0, 1, 2, 3]);
  });

  test('forgets the rest when an earlier try was cut off in the middle', async () => {
    await store.createService(creation('cut', [20_002]));
    await store.takeLease({ lease: lease('cut'), withSlot: false });
    const tombstone = { service: 'cut', uninstalledAt: 1, plan: plan('cut'), keptVolumeIds: [] };
    const { createTable } = await import('../../lib/aws/table.ts');
    await createTable('Warden').write({ type: 'delete', key: { pk: 'PORTS', sk: '20002' } });
    await createTable('Warden').write({ type: 'delete', key: { pk: 'SERVICE#cut', sk: 'LEASE#0' } });
    expect(await store.readService('cut')).toBeDefined();
    await store.forgetService(tombstone);
    expect(await createTable('Warden').query('SERVICE#cut')).toEqual([]);
    expect(await createTable('Warden').query('CONFIG#cut')).toEqual([]);
    expect(await store.listServices()).not.toContain('cut');
  });
});
