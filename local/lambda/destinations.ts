import type { CallResult } from './environment.ts';
import type { FunctionRecord } from './function-record.ts';
import type { FunctionStore } from './function-store.ts';
import { assumeFunctionRole } from './role-session.ts';

/** An asynchronous invocation that will not run again. */
export interface FinishedInvocation {
  readonly record: FunctionRecord;
  readonly requestId: string;
  readonly payload: string;
  readonly runs: number;
  readonly condition: 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';
  /** Absent when the function never ran. */
  readonly result?: CallResult;
}

/** Sends the record of an invocation to the destination that the function names for its condition, if any. */
export async function sendToDestination(store: FunctionStore, finished: FinishedInvocation): Promise<void> {
  const { record, condition, result } = finished;
  const { onSuccessArn, onFailureArn } = record.invokeConfig ?? {};
  const arn = condition === 'Success' ? onSuccessArn : onFailureArn;
  if (arn === undefined) return;
  const answer =
    result === undefined
      ? {}
      : {
          responseContext: {
            statusCode: 200,
            executedVersion: '$LATEST',
            ...(result.type === 'failed' ? { functionError: 'Unhandled' } : {}),
          },
          responsePayload: JSON.parse(result.payload),
        };
  const body = {
    version: '1.0',
    timestamp: new Date(store.clock.now()).toISOString(),
    requestContext: {
      requestId: finished.requestId,
      functionArn: `${record.arn}:$LATEST`,
      condition,
      approximateInvokeCount: finished.runs,
    },
    requestPayload: JSON.parse(finished.payload),
    ...answer,
  };
  await send(store, record, arn, { MessageBody: JSON.stringify(body) });
}

/** Sends the event itself to the function's dead-letter queue, if it has one. */
export async function sendToDeadLetterQueue(store: FunctionStore, finished: FinishedInvocation): Promise<void> {
  const { record, requestId, payload, result } = finished;
  if (record.deadLetterArn === undefined) return;
  const error: unknown = result === undefined ? undefined : JSON.parse(result.payload);
  const message =
    typeof error === 'object' && error !== null && 'errorMessage' in error ? String(error.errorMessage) : '';
  await send(store, record, record.deadLetterArn, {
    MessageBody: payload,
    MessageAttributes: {
      RequestID: { DataType: 'String', StringValue: requestId },
      ErrorCode: { DataType: 'Number', StringValue: '200' },
      ErrorMessage: { DataType: 'String', StringValue: message.slice(0, 1024) || finished.condition },
    },
  });
}

async function send(store: FunctionStore, record: FunctionRecord, arn: string, message: object): Promise<void> {
  const { cloud } = store;
  try {
    const { caller } = await assumeFunctionRole(cloud, record.role, record.name);
    const { QueueUrl } = await cloud.call('sqs', 'GetQueueUrl', { QueueName: arn.split(':').at(-1) });
    await cloud.call('sqs', 'SendMessage', { QueueUrl, ...message }, caller);
  } catch (error) {
    // Lambda drops what it cannot deliver to a destination; here the log at least says so.
    cloud.log(`lambda: ${record.name} could not send an event to ${arn}: ${String(error)}`);
  }
}
