import type { DeleteCommandInput, GetCommandInput, PutCommandInput, QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { failure, onlyMembers } from '../failure.ts';
import type { Operation } from '../modelled-service.ts';
import { conditionHolds } from './condition-holds.ts';
import { query } from './query.ts';
import { readItem, requireKey, storedCondition } from './read-request.ts';
import type { Key, ModelTable } from './table.ts';
import { createTransactWrite } from './transact-write.ts';

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
