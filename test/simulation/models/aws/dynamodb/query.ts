import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { failure, notModelled, onlyMembers } from '../failure.ts';
import { compareText } from './condition-holds.ts';
import type { Item, Value } from './document-value.ts';
import { parseExpression } from './expression-parser.ts';
import { requireKey } from './read-request.ts';
import type { Key, ModelTable, SizedItem } from './table.ts';

/** A page of a Query ends where it holds so much. Source: DynamoDB developer guide, pagination. */
const pageBytes = 1024 * 1024;
const beginning = /^(.+) AND begins_with\s*\(\s*([\w#]+)\s*,\s*(:\w+)\s*\)$/i;
const modelled = ['pk = :value', 'pk = :value AND begins_with(sk, :value)'];

/** The items of one partition, or those whose sort keys begin alike, forwards or backwards. */
export function query(table: ModelTable, input: QueryCommandInput): object {
  onlyMembers('dynamodb Query', input, [
    'TableName',
    'KeyConditionExpression',
    'ExpressionAttributeNames',
    'ExpressionAttributeValues',
    'ConsistentRead',
    'ExclusiveStartKey',
    'ScanIndexForward',
    'Limit',
  ]);
  const { Limit: limit, ScanIndexForward: isForward = true } = input;
  if (limit !== undefined && limit < 1)
    throw failure('ValidationException', `Limit ${limit}: must have value greater than or equal to 1`);
  const { pk, prefix } = keysOf(input);
  const after = input.ExclusiveStartKey === undefined ? undefined : requireKey(input.ExclusiveStartKey);
  if (after !== undefined && (after.pk !== pk || !after.sk.startsWith(prefix)))
    throw failure(
      'ValidationException',
      'The provided starting key is outside query boundaries based on provided conditions',
    );
  const inOrder = table.partition(pk, input.ConsistentRead === true);
  const items = (isForward ? inOrder : inOrder.toReversed()).filter(({ item }) => {
    const sk = String(item['sk']);
    return sk.startsWith(prefix) && (after === undefined || compareText(sk, after.sk) * (isForward ? 1 : -1) > 0);
  });
  const Items = firstPage(items).slice(0, limit);
  // A page that its limit has ended says so, also where nothing comes after it.
  const last = Items.length < items.length || Items.length === limit ? Items.at(-1) : undefined;
  return {
    Items,
    Count: Items.length,
    ScannedCount: Items.length,
    ...(last === undefined ? {} : { LastEvaluatedKey: { pk: String(last['pk']), sk: String(last['sk']) } }),
  };
}

/** Only a partition, or what in it begins alike, is modelled: the table's layout needs no more. */
function keysOf(input: QueryCommandInput): { readonly pk: string; readonly prefix: string } {
  const { KeyConditionExpression: text = '', ExpressionAttributeNames: names = {} } = input;
  const [, ofPartition = text, path = '', prefix] = beginning.exec(text) ?? [];
  const expression = parseExpression(ofPartition);
  if (expression.type !== 'compare' || expression.comparator !== '=' || expression.right.type !== 'value')
    throw notModelled(`dynamodb key condition '${text}'`, modelled);
  const name = names[expression.left.name] ?? expression.left.name;
  if (name !== 'pk') throw failure('ValidationException', 'Query condition missed key schema element: pk');
  if (prefix !== undefined && (names[path] ?? path) !== 'sk')
    throw failure('ValidationException', 'Query condition missed key schema element: sk');
  return {
    pk: textOf(input, expression.right.name),
    prefix: prefix === undefined ? '' : textOf(input, prefix),
  };
}

function textOf({ ExpressionAttributeValues = {} }: QueryCommandInput, name: string): Key['pk'] {
  const value = ExpressionAttributeValues[name] as Value | undefined;
  if (typeof value !== 'string')
    throw failure(
      'ValidationException',
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    );
  return value;
}

/** The item that goes beyond the limit of bytes is the last of its page. */
function firstPage(items: readonly SizedItem[]): readonly Item[] {
  let read = 0;
  const beyond = items.findIndex(({ bytes }) => {
    read += bytes;
    return read > pageBytes;
  });
  return (beyond < 0 ? items : items.slice(0, beyond + 1)).map(({ item }) => item);
}
