import { failure } from '../failure.ts';
import { type ConditionMembers, readCondition } from './condition-holds.ts';
import { type Item, largestItemBytes, sizeOfItem, storedMap, typeOf } from './document-value.ts';
import type { Key } from './table.ts';

/** The key of an item to be read or deleted: pk and sk, and nothing else. */
export function requireKey(value: Readonly<Record<string, unknown>> | undefined): Key {
  const key = value ?? {};
  const { pk, sk } = key;
  if (typeof pk !== 'string' || typeof sk !== 'string' || Object.keys(key).length !== 2)
    throw failure('ValidationException', 'The provided key element does not match the schema');
  requireNotEmpty({ pk, sk });
  return { pk, sk };
}

/** An item to be written, as it will be stored, and its key. */
export function readItem(value: Readonly<Record<string, unknown>> | undefined): {
  readonly key: Key;
  readonly item: Item;
} {
  const item = storedMap(value ?? {});
  for (const name of ['pk', 'sk']) {
    const part = item[name];
    if (part === undefined)
      throw failure(
        'ValidationException',
        `One or more parameter values were invalid: Missing the key ${name} in the item`,
      );
    if (typeof part !== 'string')
      throw failure(
        'ValidationException',
        `One or more parameter values were invalid: Type mismatch for key ${name} expected: S actual: ${typeOf(part)}`,
      );
  }
  const key = { pk: String(item['pk']), sk: String(item['sk']) };
  requireNotEmpty(key);
  if (sizeOfItem(item) > largestItemBytes)
    throw failure('ValidationException', 'Item size has exceeded the maximum allowed size');
  return { key, item };
}

/** The condition of a request with its values as DynamoDB would keep them. */
export function storedCondition(members: object) {
  const { ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues } = members as ConditionMembers;
  return readCondition({
    ConditionExpression,
    ExpressionAttributeNames,
    ExpressionAttributeValues: ExpressionAttributeValues && storedMap(ExpressionAttributeValues),
  });
}

function requireNotEmpty(key: Key): void {
  for (const name of ['pk', 'sk'] as const) {
    if (key[name] === '')
      throw failure(
        'ValidationException',
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
      );
  }
}
