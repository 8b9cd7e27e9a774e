import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandOutput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { awsCall, StoreError } from './operating-errors.ts';
import type { Key } from './store-keys.ts';

export type Item = Readonly<Record<string, unknown>>;

/** A condition in DynamoDB's words. */
export interface Condition {
  readonly expression: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
}

export type Write =
  | { readonly type: 'put'; readonly key: Key; readonly item: object; readonly condition?: Condition }
  | { readonly type: 'delete'; readonly key: Key; readonly condition?: Condition }
  | { readonly type: 'check'; readonly key: Key; readonly condition: Condition };

type WriteResult =
  | { readonly type: 'written' }
  /** Positions of the writes whose conditions did not hold. */
  | { readonly type: 'refused'; readonly positions: readonly number[] };

export const absent: Condition = { expression: 'attribute_not_exists(pk)' };
export const present: Condition = { expression: 'attribute_exists(pk)' };

interface NewestRange {
  readonly pk: string;
  readonly prefix: string;
  readonly limit: number;
  readonly before?: string;
}

/** Our one DynamoDB table: consistent reads, conditional writes; a lost condition is a value. */
export interface Table {
  get(key: Key): Promise<Item | undefined>;
  query(pk: string): Promise<readonly Item[]>;
  /** Items of a partition whose sort keys begin so, from the last one backwards; `before` is the sort key of one. */
  queryNewest(range: NewestRange): Promise<readonly Item[]>;
  write(...writes: readonly Write[]): Promise<WriteResult>;
}

/** Whatever takes the commands of DynamoDB's document client. */
export type TableClient = Pick<DynamoDBDocumentClient, 'send'>;

export function createTable(tableName: string, client: TableClient = createClient()): Table {
  return {
    get: (key) =>
      storeCall(`read ${key.pk} ${key.sk}`, async () => {
        const answer = await client.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
        return answer.Item;
      }),
    query: (pk) => storeCall(`read ${pk}`, () => queryAll(client, tableName, pk)),
    queryNewest: (range) => storeCall(`read ${range.pk}`, () => queryNewest(client, tableName, range)),
    write: (...writes) => {
      const [first] = writes;
      if (first === undefined) return Promise.resolve({ type: 'written' });
      const asked = `write ${writes.map(({ key }) => `${key.pk} ${key.sk}`).join(', ')}`;
      return storeCall(asked, () =>
        writes.length === 1 ? writeOne(client, tableName, first) : transact(client, tableName, writes),
      );
    },
  };
}

function createClient(): TableClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } });
}

function storeCall<Result>(asked: string, call: () => Promise<Result>): Promise<Result> {
  return awsCall(call, { asked, as: StoreError });
}

async function queryAll(client: TableClient, tableName: string, pk: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ConsistentRead: true,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
}

/** Fewer than asked only at the end: an answer that its size ends is followed by the next. */
async function queryNewest(
  client: TableClient,
  tableName: string,
  { pk, prefix, limit, before }: NewestRange,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let from: Record<string, unknown> | undefined = before === undefined ? undefined : { pk, sk: before };
  do {
    const answer: QueryCommandOutput = await client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: limit - items.length,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    items.push(...(answer.Items ?? []));
    from = answer.LastEvaluatedKey;
  } while (from !== undefined && items.length < limit);
  return items;
}

async function writeOne(client: TableClient, tableName: string, write: Write): Promise<WriteResult> {
  try {
    const condition = conditionFields(write.condition);
    if (write.type === 'put') {
      await client.send(new PutCommand({ TableName: tableName, Item: { ...write.item, ...write.key }, ...condition }));
    } else if (write.type === 'delete') {
      await client.send(new DeleteCommand({ TableName: tableName, Key: write.key, ...condition }));
    }
    return { type: 'written' };
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException')
      return { type: 'refused', positions: [0] };
    throw error;
  }
}

async function transact(client: TableClient, tableName: string, writes: readonly Write[]): Promise<WriteResult> {
  try {
    await client.send(
      new TransactWriteCommand({ TransactItems: writes.map((write) => transactItem(tableName, write)) }),
    );
    return { type: 'written' };
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
    const positions = codes.flatMap((code, position) => (code === 'ConditionalCheckFailed' ? [position] : []));
    // Cancelled by a conflict or a fault, not by a condition of ours: nothing is known, so it is an error.
    if (positions.length === 0) throw error;
    return { type: 'refused', positions };
  }
}

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

function transactItem(TableName: string, write: Write): TransactItem {
  const condition = conditionFields(write.condition);
  switch (write.type) {
    case 'put':
      return { Put: { TableName, Item: { ...write.item, ...write.key }, ...condition } };
    case 'delete':
      return { Delete: { TableName, Key: write.key, ...condition } };
    case 'check':
      return {
        ConditionCheck: { TableName, Key: write.key, ConditionExpression: write.condition.expression, ...condition },
      };
  }
}

function conditionFields(condition: Condition | undefined) {
  if (condition === undefined) return {};
  return {
    ConditionExpression: condition.expression,
    ...(condition.names === undefined ? {} : { ExpressionAttributeNames: { ...condition.names } }),
    ...(condition.values === undefined ? {} : { ExpressionAttributeValues: { ...condition.values } }),
  };
}
