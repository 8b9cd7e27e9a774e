import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConditionalCheckFailedException,
  CreateBackupCommand,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  ResourceNotFoundException,
  TagResourceCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createCloud, type RunningCloud } from '../../../../local/core/create-cloud.ts';
import { listLiveProcesses } from '../../../../local/core/processes.ts';
import { createDynamodbService } from '../../../../local/dynamodb/service.ts';

const PORT = 21010;
const OPT = join(process.cwd(), '.warden', 'opt');
const ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/Warden';

let folder: string;
let running: RunningCloud;
const client = new DynamoDBClient({
  endpoint: `http://127.0.0.1:${PORT}`,
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
});

beforeAll(async () => {
  expect(existsSync(join(OPT, 'dynamodb-local', 'libs'))).toBe(true);
  folder = mkdtempSync(join(tmpdir(), 'local-dynamodb-'));
  running = await open(PORT);
  await client.send(
    new CreateTableCommand({
      TableName: 'Warden',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      Tags: [{ Key: 'stack', Value: 'warden' }],
    }),
  );
}, 60_000);

afterAll(async () => {
  client.destroy();
  await running.close();
  rmSync(folder, { recursive: true });
});

function open(port: number): Promise<RunningCloud> {
  return createCloud({
    dataFolder: folder,
    optFolder: OPT,
    port,
    services: [createDynamodbService],
    log: () => undefined,
  });
}

function serverPids(): number[] {
  return listLiveProcesses(folder)
    .filter(({ kind }) => kind === 'dynamodb')
    .map(({ pid }) => pid);
}

describe('items', () => {
  test('are written on a condition, and a failed condition raises the modeled error', async () => {
    const put = new PutItemCommand({
      TableName: 'Warden',
      Item: { pk: { S: 'once' }, blob: { B: new Uint8Array([1, 2, 255]) } },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    await client.send(put);
    await expect(client.send(put)).rejects.toBeInstanceOf(ConditionalCheckFailedException);
    const { Item } = await client.send(new GetItemCommand({ TableName: 'Warden', Key: { pk: { S: 'once' } } }));
    expect([...(Item?.['blob']?.B ?? [])]).toEqual([1, 2, 255]);
  });

  test('are written in transactions that say which part was refused', async () => {
    const write = (pk: string) => ({
      Put: { TableName: 'Warden', Item: { pk: { S: pk } }, ConditionExpression: 'attribute_not_exists(pk)' },
    });
    await client.send(new PutItemCommand({ TableName: 'Warden', Item: { pk: { S: 'taken' } } }));
    const refused: unknown = await client
      .send(new TransactWriteItemsCommand({ TransactItems: [write('free'), write('taken')] }))
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(TransactionCanceledException);
    expect(refused).toMatchObject({ CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }] });
  });

  test('are reached in process with the same answers and refusals', async () => {
    const key = { pk: { S: 'in-process' } };
    await running.cloud.call('dynamodb', 'PutItem', { TableName: 'Warden', Item: { ...key, n: { N: '7' } } });
    expect(await running.cloud.call('dynamodb', 'GetItem', { TableName: 'Warden', Key: key })).toEqual({
      Item: { ...key, n: { N: '7' } },
    });
    await expect(running.cloud.call('dynamodb', 'GetItem', { TableName: 'Absent', Key: key })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      status: 400,
    });
    await expect(running.cloud.call('dynamodb', 'GetItem', { Table: 'Warden', Key: key })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});

describe('a table', () => {
  test('has the ARN of its region', async () => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'Warden' }));
    expect(Table).toMatchObject({ TableArn: ARN, TableStatus: 'ACTIVE' });
    expect(Table?.CreationDateTime).toBeInstanceOf(Date);
  });

  test('keeps tags', async () => {
    await client.send(new TagResourceCommand({ ResourceArn: ARN, Tags: [{ Key: 'team', Value: 'data' }] }));
    await client.send(new UntagResourceCommand({ ResourceArn: ARN, TagKeys: ['stack'] }));
    const { Tags } = await client.send(new ListTagsOfResourceCommand({ ResourceArn: ARN }));
    expect(Tags).toEqual([{ Key: 'team', Value: 'data' }]);
    const absent = new ListTagsOfResourceCommand({ ResourceArn: ARN.replace('Warden', 'Absent') });
    await expect(client.send(absent)).rejects.toBeInstanceOf(ResourceNotFoundException);
  });

  test('shows whether point-in-time recovery is on', async () => {
    const describeBackups = new DescribeContinuousBackupsCommand({ TableName: 'Warden' });
    const before = await client.send(describeBackups);
    expect(before.ContinuousBackupsDescription?.PointInTimeRecoveryDescription).toEqual({
      PointInTimeRecoveryStatus: 'DISABLED',
    });
    await client.send(
      new UpdateContinuousBackupsCommand({
        TableName: 'Warden',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    const after = await client.send(describeBackups);
    expect(after.ContinuousBackupsDescription?.PointInTimeRecoveryDescription).toMatchObject({
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: 35,
    });
  });

  test('takes a change of settings that only this cloud keeps, and is protected from deletion when asked', async () => {
    await client.send(new UpdateTableCommand({ TableName: 'Warden', TableClass: 'STANDARD_INFREQUENT_ACCESS' }));
    await client.send(new UpdateTableCommand({ TableName: 'Warden', DeletionProtectionEnabled: true }));
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'Warden' }));
    expect(Table).toMatchObject({
      DeletionProtectionEnabled: true,
      TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
    });
    await expect(client.send(new DeleteTableCommand({ TableName: 'Warden' }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  test('refuses what is not done by its name', async () => {
    await expect(client.send(new CreateBackupCommand({ TableName: 'Warden', BackupName: 'b' }))).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('dynamodb CreateBackup'),
    });
    await expect(
      client.send(new UpdateTableCommand({ TableName: 'Warden', ReplicaUpdates: [] })),
    ).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining('ReplicaUpdates') });
  });
});

describe('the server', () => {
  test('is started again after a kill -9, with every item that was acknowledged', async () => {
    await client.send(new PutItemCommand({ TableName: 'Warden', Item: { pk: { S: 'kept' } } }));
    const [killed] = serverPids();
    process.kill(killed ?? 0, 'SIGKILL');
    const { Item } = await client.send(new GetItemCommand({ TableName: 'Warden', Key: { pk: { S: 'kept' } } }));
    expect(Item).toEqual({ pk: { S: 'kept' } });
    expect(serverPids()).toHaveLength(1);
    expect(serverPids()).not.toContain(killed);
  }, 60_000);

  test('is adopted by the next cloud over the same folder', async () => {
    const pids = serverPids();
    const next = await open(PORT + 1);
    expect(serverPids()).toEqual(pids);
    expect(await next.cloud.call('dynamodb', 'ListTables', {})).toEqual({ TableNames: ['Warden'] });
    await next.close();
    // The first cloud still runs, and may already have started another: only the adopted server must be gone.
    for (const pid of pids) expect(serverPids()).not.toContain(pid);
  });
});
