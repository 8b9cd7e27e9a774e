import type { DeleteCommandInput, GetCommandInput, PutCommandInput, QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { failure, notModelled, onlyMembers } from '../failure.ts';
import type { Operation } from '../modelled-service.ts';
import { compareText, conditionHolds } from './condition-holds.ts';
import type { Item, Value } from './document-value.ts';
import { parseExpression } from './expression-parser.ts';
import { readItem, requireKey, storedCondition } from './read-request.ts';
import type { Key, ModelTable, SizedItem } from './table.ts';
import { createTransactWrite } from './transact-write.ts';

/** A page of a Query ends where it holds so much. Source: DynamoDB developer guide, pagination. */
const pageBytes = 1024 * 1024;
const conditionMembers = ['ConditionExpression', 'ExpressionAttributeNames', 'ExpressionAttributeValues'];

/** DynamoDB behind the document client, over one table with the keys pk and sk. */
export function dynamodbOperations(table: ModelTable, tableName: string): Readonly<Record<string, Operation>> {
  const transactWrite = createTransactWrite(table, (name) => requireTable(tableName, name));
  return {
    Get: (input: GetCommandInput) => {
      onlyMembers('dynamodb Get', input, ['TableName', 'Key', 'ConsistentRead']);
      requireTable(tableName, input.TableName);
      const Item = table.get(requireKey(input.Key), input.ConsistentRead === true);
      return Item === undefined ? {} : { Item };
    },
    Query: (input: QueryCommandInput) => {
      requireTable(tableName, input.TableName);
      return query(table, input);
    },
    Put: (input: PutCommandInput) => {
      onlyMembers('dynamodb Put', input, ['TableName', 'Item', ...conditionMembers]);
      requireTable(tableName, input.TableName);
      const { key, item } = readItem(input.Item);
      checkCondition(table, key, input);
      table.set(key, item);
      return {};
    },
    Delete: (input: DeleteCommandInput) => {
      onlyMembers('dynamodb Delete', input, ['TableName', 'Key', ...conditionMembers]);
      requireTable(tableName, input.TableName);
      const key = requireKey(input.Key);
      checkCondition(table, key, input);
      table.set(key, undefined);
      return {};
    },
    TransactWrite: transactWrite,
  };
}

/** @throws ServiceError ResourceNotFoundException */
function requireTable(known: string, name: string | undefined): void {
  if (name !== known)
    throw failure('ResourceNotFoundException', `Requested resource not found: table '${name}'; there is '${known}'.`);
}

function checkCondition(table: ModelTable, key: Key, members: object): void {
  if (!conditionHolds(storedCondition(members), table.get(key, true)))
    throw failure('ConditionalCheckFailedException', 'The conditional request failed');
}

function query(table: ModelTable, input: QueryCommandInput): object {
  onlyMembers('dynamodb Query', input, [
    'TableName',
    'KeyConditionExpression',
    'ExpressionAttributeNames',
    'ExpressionAttributeValues',
    'ConsistentRead',
    'ExclusiveStartKey',
  ]);
  const partition = partitionOf(input);
  const after = input.ExclusiveStartKey === undefined ? undefined : requireKey(input.ExclusiveStartKey);
  if (after !== undefined && after.pk !== partition)
    throw failure(
      'ValidationException',
      'The provided starting key is outside query boundaries based on provided conditions',
    );
  const items = table
    .partition(partition, input.ConsistentRead === true)
    .filter(({ item }) => after === undefined || compareText(String(item['sk']), after.sk) > 0);
  const Items = firstPage(items);
  const last = Items.length < items.length ? Items.at(-1) : undefined;
  return {
    Items,
    Count: Items.length,
    ScannedCount: Items.length,
    ...(last === undefined ? {} : { LastEvaluatedKey: { pk: String(last['pk']), sk: String(last['sk']) } }),
  };
}

/** Only `pk = :value` is modelled: the table's layout needs no more. */
function partitionOf(input: QueryCommandInput): string {
  const { KeyConditionExpression = '', ExpressionAttributeNames = {}, ExpressionAttributeValues = {} } = input;
  const expression = parseExpression(KeyConditionExpression);
  if (expression.type !== 'compare' || expression.comparator !== '=' || expression.right.type !== 'value')
    throw notModelled(`dynamodb key condition '${KeyConditionExpression}'`, ['pk = :value']);
  const name = ExpressionAttributeNames[expression.left.name] ?? expression.left.name;
  if (name !== 'pk') throw failure('ValidationException', 'Query condition missed key schema element: pk');
  const value = ExpressionAttributeValues[expression.right.name] as Value | undefined;
  if (typeof value !== 'string')
    throw failure(
      'ValidationException',
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    );
  return value;
}

/** The item that goes beyond the limit is the last of its page. */
function firstPage(items: readonly SizedItem[]): readonly Item[] {
  let read = 0;
  const beyond = items.findIndex(({ bytes }) => {
    read += bytes;
    return read > pageBytes;
  });
  return (beyond < 0 ? items : items.slice(0, beyond + 1)).map(({ item }) => item);
}
