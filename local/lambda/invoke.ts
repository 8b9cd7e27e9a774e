import { randomUUID } from 'node:crypto';
import type { InvocationRequest, InvocationResponse } from '@aws-sdk/client-lambda';
import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Handlers } from '../core/service.ts';
import type { AsyncInvocations } from './async-invocations.ts';
import type { Call } from './environment.ts';
import type { FunctionRecord } from './function-record.ts';
import { type FunctionStore, findFunction } from './function-store.ts';
import type { Pool } from './pool.ts';

const MAX_SYNC_BYTES = 6_291_456;
const MAX_ASYNC_BYTES = 1_048_576;

/** Invoke: waits for the answer, queues the event, or only looks. */
export function createInvokeHandlers(store: FunctionStore, pool: Pool, async: AsyncInvocations): Handlers {
  return {
    Invoke: (input: InvocationRequest) => {
      refuseMembers(input, {
        operation: 'lambda Invoke',
        members: ['FunctionName', 'InvocationType', 'LogType', 'ClientContext', 'Payload', 'Qualifier'],
      });
      const record = findFunction(store, input.FunctionName, input.Qualifier);
      switch (input.InvocationType ?? 'RequestResponse') {
        case 'DryRun':
          return { StatusCode: 204 };
        case 'Event':
          async.accept(record, readPayload(input, MAX_ASYNC_BYTES));
          return { StatusCode: 202 };
        default:
          return invokeNow(pool, record, input);
      }
    },
  };
}

async function invokeNow(pool: Pool, record: FunctionRecord, input: InvocationRequest): Promise<InvocationResponse> {
  if (record.reservedConcurrency !== undefined && pool.busyCount(record.name) >= record.reservedConcurrency) {
    throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, {
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      Type: 'User',
    });
  }
  const call: Call = {
    requestId: randomUUID(),
    payload: readPayload(input, MAX_SYNC_BYTES),
    ...(input.ClientContext === undefined
      ? {}
      : { clientContext: Buffer.from(input.ClientContext, 'base64').toString('utf8') }),
    wantsLog: input.LogType === 'Tail',
  };
  const result = await pool.run(record, call);
  return {
    StatusCode: 200,
    ExecutedVersion: '$LATEST',
    Payload: Buffer.from(result.payload) as Uint8Array as NonNullable<InvocationResponse['Payload']>,
    ...(result.type === 'failed' ? { FunctionError: 'Unhandled' } : {}),
    ...(result.logTail === undefined ? {} : { LogResult: Buffer.from(result.logTail).toString('base64') }),
  };
}

/** The event as JSON text; an absent one is an empty object. */
function readPayload({ Payload }: InvocationRequest, maxBytes: number): string {
  if (Payload === undefined || Payload.length === 0) return '{}';
  if (Payload.length > maxBytes) {
    throw new AwsError(
      'RequestTooLargeException',
      `Request must be smaller than ${maxBytes} bytes for the Invoke operation`,
      413,
      {
        Type: 'User',
      },
    );
  }
  const text = Buffer.from(Payload).toString('utf8');
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${String(error)}`,
      400,
      {
        Type: 'User',
      },
    );
  }
}
