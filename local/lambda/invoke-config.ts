import type {
  DestinationConfig,
  FunctionEventInvokeConfig,
  GetFunctionEventInvokeConfigRequest,
  PutFunctionEventInvokeConfigRequest,
} from '@aws-sdk/client-lambda';
import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Handlers } from '../core/service.ts';
import { checkDestinations } from './check-role.ts';
import { invalidParameter } from './function-config.ts';
import type { FunctionRecord, InvokeConfigRecord } from './function-record.ts';
import { type FunctionStore, findFunction } from './function-store.ts';

/** The operations on how asynchronous invocations are retried and where they end. */
export function createInvokeConfigHandlers(store: FunctionStore): Handlers {
  return {
    PutFunctionEventInvokeConfig: (input: PutFunctionEventInvokeConfigRequest) => put(store, input, {}),
    UpdateFunctionEventInvokeConfig: (input: PutFunctionEventInvokeConfigRequest) =>
      put(store, input, needConfig(findFunction(store, input.FunctionName, input.Qualifier))),
    GetFunctionEventInvokeConfig: (input: GetFunctionEventInvokeConfigRequest) => {
      const record = findFunction(store, input.FunctionName, input.Qualifier);
      return describe(record, needConfig(record));
    },
    DeleteFunctionEventInvokeConfig: (input: GetFunctionEventInvokeConfigRequest) => {
      const { invokeConfig: _, ...record } = findFunction(store, input.FunctionName, input.Qualifier);
      store.functions.set(record.name, record);
      return {};
    },
  };
}

async function put(
  store: FunctionStore,
  input: PutFunctionEventInvokeConfigRequest,
  old: Partial<InvokeConfigRecord>,
): Promise<FunctionEventInvokeConfig> {
  refuseMembers(input, {
    operation: 'lambda PutFunctionEventInvokeConfig',
    members: ['FunctionName', 'Qualifier', 'MaximumRetryAttempts', 'MaximumEventAgeInSeconds', 'DestinationConfig'],
  });
  const record = findFunction(store, input.FunctionName, input.Qualifier);
  const maxRetries = needRange('MaximumRetryAttempts', input.MaximumRetryAttempts, [0, 2]) ?? old.maxRetries;
  const maxAgeSeconds =
    needRange('MaximumEventAgeInSeconds', input.MaximumEventAgeInSeconds, [60, 21_600]) ?? old.maxAgeSeconds;
  const arns = input.DestinationConfig === undefined ? old : parseDestinations(input.DestinationConfig);
  await checkDestinations(store.cloud, record, [arns.onSuccessArn, arns.onFailureArn]);
  const invokeConfig: InvokeConfigRecord = {
    ...(maxRetries === undefined ? {} : { maxRetries }),
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
    ...(arns.onSuccessArn === undefined ? {} : { onSuccessArn: arns.onSuccessArn }),
    ...(arns.onFailureArn === undefined ? {} : { onFailureArn: arns.onFailureArn }),
    changedAt: store.clock.now(),
  };
  store.functions.set(record.name, { ...findFunction(store, record.name), invokeConfig });
  return describe(record, invokeConfig);
}

function parseDestinations(config: DestinationConfig): Pick<InvokeConfigRecord, 'onSuccessArn' | 'onFailureArn'> {
  const onSuccessArn = config.OnSuccess?.Destination;
  const onFailureArn = config.OnFailure?.Destination;
  for (const arn of [onSuccessArn, onFailureArn]) {
    if (arn === undefined || arn.startsWith('arn:aws:sqs:')) continue;
    throw new AwsError(
      'UnsupportedOperation',
      `The destination ${arn} is no SQS queue, which is what the local cloud sends to.`,
    );
  }
  return {
    ...(onSuccessArn === undefined ? {} : { onSuccessArn }),
    ...(onFailureArn === undefined ? {} : { onFailureArn }),
  };
}

function needRange(name: string, value: number | undefined, [min, max]: readonly [number, number]): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return value;
  throw invalidParameter(`${name} ${value} is not allowed: it is a whole number from ${min} to ${max}.`);
}

function needConfig(record: FunctionRecord): InvokeConfigRecord {
  if (record.invokeConfig !== undefined) return record.invokeConfig;
  const message = `The function ${record.arn}:$LATEST doesn't have an EventInvokeConfig`;
  throw new AwsError('ResourceNotFoundException', message, 404, { Type: 'User' });
}

function describe(record: FunctionRecord, config: InvokeConfigRecord): FunctionEventInvokeConfig {
  return {
    FunctionArn: `${record.arn}:$LATEST`,
    LastModified: new Date(config.changedAt),
    ...(config.maxRetries === undefined ? {} : { MaximumRetryAttempts: config.maxRetries }),
    ...(config.maxAgeSeconds === undefined ? {} : { MaximumEventAgeInSeconds: config.maxAgeSeconds }),
    DestinationConfig: {
      OnSuccess: config.onSuccessArn === undefined ? {} : { Destination: config.onSuccessArn },
      OnFailure: config.onFailureArn === undefined ? {} : { Destination: config.onFailureArn },
    },
  };
}
