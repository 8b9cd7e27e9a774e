import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { canonicalText, copyOf } from '../copy.ts';
import { failure, notModelled, onlyMembers } from '../failure.ts';
import type { Operation } from '../modelled-service.ts';
import { type Condition, conditionHolds } from './condition-holds.ts';
import { type Item, sizeOfItem } from './document-value.ts';
import { readItem, requireKey, storedCondition } from './read-request.ts';
import type { Key, ModelTable } from './table.ts';

/** Source: DynamoDB API reference, TransactWriteItems. */
const mostActions = 100;
const mostBytes = 4 * 1024 * 1024;

type RequireTable = (name: string | undefined) => void;

interface Action {
  readonly key: Key;
  readonly condition: Condition | undefined;
  /** Absent for an action that writes nothing. */
  readonly write?: { readonly item: Item | undefined };
}

/**
 * All actions or none. The refusal is the SDK's own class, since callers tell it by its class; its reasons stand in the
 * order of the actions. A request that comes again with its token writes nothing more.
 */
export function createTransactWrite(table: ModelTable, requireTable: RequireTable): Operation {
  const doneByToken = new Map<string, TransactWriteCommandInput['TransactItems']>();
  return (input: TransactWriteCommandInput) => {
    onlyMembers('dynamodb TransactWrite', input, ['TransactItems', 'ClientRequestToken']);
    const token = input.ClientRequestToken;
    const done = token === undefined ? undefined : doneByToken.get(token);
    if (done !== undefined) {
      if (canonicalText(done) === canonicalText(input.TransactItems)) return {};
      throw failure('IdempotentParameterMismatchException', 'The token was used for another transaction.');
    }
    write(table, readActions(input, requireTable));
    if (token !== undefined) doneByToken.set(token, copyOf(input.TransactItems));
    return {};
  };
}

function readActions(input: TransactWriteCommandInput, requireTable: RequireTable): readonly Action[] {
  const asked = input.TransactItems ?? [];
  if (asked.length < 1 || asked.length > mostActions)
    throw invalid(
      `1 validation error detected: Value '${asked.length} actions' at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to ${mostActions} and at least 1`,
    );
  const actions = asked.map((one) => readAction(one, requireTable));
  const keys = new Set(actions.map(({ key }) => JSON.stringify([key.pk, key.sk])));
  if (keys.size < actions.length) throw invalid('Transaction request cannot include multiple operations on one item');
  const bytes = actions.reduce((sum, { write }) => sum + (write?.item === undefined ? 0 : sizeOfItem(write.item)), 0);
  if (bytes > mostBytes) throw invalid('Collection size of items in the transaction exceeds 4 MB');
  return actions;
}

function write(table: ModelTable, actions: readonly Action[]): void {
  const held = actions.map(({ key, condition }) => conditionHolds(condition, table.get(key, true)));
  if (held.includes(false)) throw cancelled(held);
  for (const { key, write } of actions) if (write !== undefined) table.set(key, write.item);
}

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

function readAction(asked: TransactItem, requireTable: RequireTable): Action {
  onlyMembers('dynamodb TransactWrite', asked, ['Put', 'Delete', 'ConditionCheck']);
  const [kind, ...others] = Object.keys(asked);
  if (kind === undefined || others.length > 0)
    throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
  const { Put, Delete, ConditionCheck } = asked;
  const members = Put ?? Delete ?? ConditionCheck;
  if (members === undefined) throw notModelled(`dynamodb TransactWrite ${kind}`, ['Put', 'Delete', 'ConditionCheck']);
  const kept = Put === undefined ? 'Key' : 'Item';
  onlyMembers(`dynamodb TransactWrite ${kind}`, members, [
    'TableName',
    kept,
    'ConditionExpression',
    'ExpressionAttributeNames',
    'ExpressionAttributeValues',
  ]);
  requireTable(members.TableName);
  const condition = storedCondition(members);
  if (Put !== undefined) {
    const { key, item } = readItem(Put.Item);
    return { key, condition, write: { item } };
  }
  if (Delete !== undefined) return { key: requireKey(Delete.Key), condition, write: { item: undefined } };
  if (condition === undefined)
    throw invalid('The expression can not be empty; ConditionCheck needs a ConditionExpression');
  return { key: requireKey(ConditionCheck?.Key), condition };
}

function cancelled(held: readonly boolean[]): Error {
  const CancellationReasons = held.map((isHeld) =>
    isHeld ? { Code: 'None' } : { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
  );
  const codes = CancellationReasons.map(({ Code }) => Code).join(', ');
  return new TransactionCanceledException({
    $metadata: { httpStatusCode: 400 },
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    CancellationReasons,
  });
}

function invalid(message: string): Error {
  return failure('ValidationException', message);
}
