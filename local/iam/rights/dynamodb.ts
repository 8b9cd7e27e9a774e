import type { Right } from '../../core/service.ts';
import { arnIn, lastPart, type RightsCall } from './call.ts';

const PARTS: Readonly<Record<string, string>> = {
  ConditionCheck: 'ConditionCheckItem',
  Delete: 'DeleteItem',
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
};

/**
 * On the table or index. A transaction is authorized by its parts. Source: DynamoDB developer guide, IAM with
 * transactions; Service Authorization Reference.
 */
export function dynamodbRights(call: RightsCall): readonly Right[] | undefined {
  const { operation, input } = call;
  switch (operation) {
    case 'TransactWriteItems':
    case 'TransactGetItems':
      return partsOf(call, input.TransactItems ?? []);
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.keys(input.RequestItems ?? {}).map((table) => right(call, operation, table));
    default:
      return input.TableName === undefined ? undefined : [right(call, operation, input.TableName, input.IndexName)];
  }
}

function partsOf(call: RightsCall, items: readonly Readonly<Record<string, { TableName?: string }>>[]): Right[] {
  const rights = items.flatMap((item) =>
    Object.entries(item).flatMap(([part, target]) => {
      const action = PARTS[part];
      return action === undefined || target === undefined ? [] : [right(call, action, target.TableName ?? '')];
    }),
  );
  const unique = new Map(rights.map((one) => [`${one.action} ${one.resource}`, one]));
  return [...unique.values()];
}

function right(call: RightsCall, action: string, table: string, index?: string): Right {
  const path = `table/${lastPart(table)}${index === undefined ? '' : `/index/${index}`}`;
  return { action: `dynamodb:${action}`, resource: arnIn(call, 'dynamodb', path) };
}
