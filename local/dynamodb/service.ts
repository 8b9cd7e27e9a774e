import { join } from 'node:path';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import { AwsError } from '../core/aws-error.ts';
import { DurableMap } from '../core/durable-map.ts';
import type { Cloud, LocalService } from '../core/service.ts';
import { forwardOperation } from '../wire/forward-operation.ts';
import { findOperation } from '../wire/operation.ts';
import { createDynamodbServer } from './server.ts';
import { tableHandlers } from './table-handlers.ts';

/** What DynamoDB Local does as AWS does. Everything else it answers with an error that names nothing. */
const FORWARDED = new Set([
  'BatchExecuteStatement',
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeLimits',
  'DescribeTable',
  'DescribeTimeToLive',
  'ExecuteStatement',
  'ExecuteTransaction',
  'GetItem',
  'ListTables',
  'PutItem',
  'Query',
  'Scan',
  'TransactGetItems',
  'TransactWriteItems',
  'UpdateItem',
  'UpdateTable',
  'UpdateTimeToLive',
]);

/** DynamoDB: AWS's own DynamoDB Local in a process that survives the cloud, with the settings that it lacks. */
export function createDynamodbService(cloud: Cloud): LocalService {
  const server = createDynamodbServer(cloud);
  const forward = async (operation: string, body: Buffer) => {
    if (FORWARDED.has(operation)) return server.post(operation, body);
    throw new AwsError(
      'NotImplemented',
      `dynamodb ${operation} is not in the local cloud; what is there: local/dynamodb/FEATURES.md`,
      501,
    );
  };
  return {
    name: 'dynamodb',
    forward,
    handlers: tableHandlers({
      cloud,
      settings: new DurableMap(join(cloud.dataFolder, 'dynamodb', 'settings.jsonl')),
      async ask(name, input) {
        const operation = findOperation(dynamodb, name);
        if (operation === undefined) throw new Error(`dynamodb has no operation ${name}`);
        return Object(await forwardOperation({ operation, forward, module: dynamodb }, input));
      },
    }),
    start: server.start,
    stop: server.stop,
  };
}
