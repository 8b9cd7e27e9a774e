import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { AwsSubject } from './aws-subject.ts';

export type Actions = NonNullable<TransactWriteCommandInput['TransactItems']>;

/** Requests to DynamoDB as the cases make them; reads are consistent. */
export function dynamodbSteps(open: () => AwsSubject) {
  const put = (Item: Record<string, unknown>, more: Partial<PutCommandInput> = {}) =>
    open().dynamodb.send(new PutCommand({ TableName: open().table, Item, ...more }));
  const get = async (Key: Record<string, unknown>) =>
    (await open().dynamodb.send(new GetCommand({ TableName: open().table, Key, ConsistentRead: true }))).Item;
  const remove = (Key: Record<string, unknown>) =>
    open().dynamodb.send(new DeleteCommand({ TableName: open().table, Key }));
  const query = (pk: string, from?: Record<string, unknown>) =>
    open().dynamodb.send(
      new QueryCommand({
        TableName: open().table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ConsistentRead: true,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
  const transact = (TransactItems: Actions, ClientRequestToken?: string) =>
    open().dynamodb.send(
      new TransactWriteCommand({ TransactItems, ...(ClientRequestToken === undefined ? {} : { ClientRequestToken }) }),
    );
  const TableName = () => open().table;
  const absent = 'attribute_not_exists(pk)';
  return { put, get, remove, query, transact, TableName, absent };
}
