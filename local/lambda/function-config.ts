import { randomUUID } from 'node:crypto';
import type { CreateFunctionRequest, UpdateFunctionConfigurationRequest } from '@aws-sdk/client-lambda';
import { AwsError } from '../core/aws-error.ts';
import type { FunctionRecord, LoggingRecord } from './function-record.ts';

/** The part of a record that CreateFunction and UpdateFunctionConfiguration decide. */
export type FunctionConfig = Pick<
  FunctionRecord,
  | 'role'
  | 'handler'
  | 'description'
  | 'timeoutSeconds'
  | 'memoryMiB'
  | 'environment'
  | 'vpc'
  | 'deadLetterArn'
  | 'tracing'
  | 'logging'
  | 'ephemeralMiB'
>;

type ConfigRequest = Omit<CreateFunctionRequest, 'Code' | 'Role'> & UpdateFunctionConfigurationRequest;

/** Variables that Lambda sets itself and refuses from a function's author. */
const RESERVED_VARIABLES = [
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
];
const MAX_ENVIRONMENT_BYTES = 4096;

/**
 * The configuration that a request asks for; what it leaves out is taken from `old`, or from Lambda's defaults.
 *
 * @throws AwsError InvalidParameterValueException, UnsupportedOperation
 */
export function parseFunctionConfig(name: string, input: ConfigRequest, old?: FunctionConfig): FunctionConfig {
  checkSupported(input);
  const vpc = input.VpcConfig === undefined ? old?.vpc : parseVpc(input.VpcConfig);
  const deadLetterArn =
    input.DeadLetterConfig === undefined ? old?.deadLetterArn : parseDeadLetter(input.DeadLetterConfig);
  return {
    role: input.Role ?? old?.role ?? '',
    handler: needHandler(input.Handler ?? old?.handler),
    description: input.Description ?? old?.description ?? '',
    timeoutSeconds: needRange('Timeout', input.Timeout ?? old?.timeoutSeconds ?? 3, [1, 900]),
    memoryMiB: needRange('MemorySize', input.MemorySize ?? old?.memoryMiB ?? 128, [128, 10_240]),
    environment:
      input.Environment === undefined ? (old?.environment ?? {}) : parseEnvironment(input.Environment.Variables),
    ...(vpc === undefined ? {} : { vpc }),
    ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
    tracing: input.TracingConfig?.Mode === 'Active' ? 'Active' : (old?.tracing ?? 'PassThrough'),
    logging: parseLogging(name, input.LoggingConfig, old?.logging),
    ephemeralMiB: needRange(
      'EphemeralStorage.Size',
      input.EphemeralStorage?.Size ?? old?.ephemeralMiB ?? 512,
      [512, 10_240],
    ),
  };
}

/** What changes with each change of code or configuration. */
export function newRevision(nowMs: number): { readonly lastModified: string; readonly revisionId: string } {
  return { lastModified: new Date(nowMs).toISOString().replace('Z', '+0000'), revisionId: randomUUID() };
}

/** The refusal of a value, as Lambda names it. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });
}

function checkSupported(input: ConfigRequest): void {
  if (input.Runtime !== undefined && input.Runtime !== 'nodejs24.x') {
    throw unsupported(`Runtime ${input.Runtime}: the local cloud runs nodejs24.x only.`);
  }
  if (input.PackageType !== undefined && input.PackageType !== 'Zip') {
    throw unsupported(`PackageType ${input.PackageType}: the local cloud takes Zip only.`);
  }
  if ((input.Layers?.length ?? 0) > 0)
    throw unsupported('Layers are not in the local cloud: bundle the code into the function.');
  if (input.SnapStart?.ApplyOn === 'PublishedVersions') throw unsupported('SnapStart is not there for Node.js.');
  if (input.VpcConfig?.Ipv6AllowedForDualStack === true)
    throw unsupported('VpcConfig.Ipv6AllowedForDualStack is not in the local cloud.');
  if (input.LoggingConfig?.SystemLogLevel === 'WARN')
    throw unsupported('LoggingConfig.SystemLogLevel WARN is not in the local cloud.');
}

function unsupported(message: string): AwsError {
  return new AwsError('UnsupportedOperation', message);
}

function needHandler(handler: string | undefined): string {
  if (handler === undefined || !/^\S{1,128}$/.test(handler)) {
    throw invalidParameter(
      `Handler ${String(handler)} is not allowed: it is file.export, without blanks, up to 128 characters.`,
    );
  }
  return handler;
}

function needRange(name: string, value: number, [min, max]: readonly [number, number]): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalidParameter(`${name} ${value} is not allowed: it is a whole number from ${min} to ${max}.`);
}

function parseEnvironment(variables: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const environment = { ...variables };
  const names = Object.keys(environment);
  const reserved = names.filter((name) => RESERVED_VARIABLES.includes(name));
  if (reserved.length > 0) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  const malformed = names.filter((name) => !/^[a-zA-Z]\w+$/.test(name));
  if (malformed.length > 0) {
    throw invalidParameter(
      `Environment variable names ${malformed.join(', ')} are not allowed: a letter, then letters, digits and _.`,
    );
  }
  const bytes = Buffer.byteLength(JSON.stringify(environment));
  if (bytes > MAX_ENVIRONMENT_BYTES) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${bytes} bytes`,
    );
  }
  return environment;
}

function parseVpc(vpc: NonNullable<ConfigRequest['VpcConfig']>): FunctionRecord['vpc'] {
  const subnetIds = vpc.SubnetIds ?? [];
  const securityGroupIds = vpc.SecurityGroupIds ?? [];
  if (subnetIds.length === 0 && securityGroupIds.length === 0) return undefined;
  if (subnetIds.length === 0 || securityGroupIds.length === 0) {
    throw invalidParameter('VpcConfig needs both SubnetIds and SecurityGroupIds.');
  }
  return { subnetIds, securityGroupIds };
}

function parseDeadLetter(config: NonNullable<ConfigRequest['DeadLetterConfig']>): string | undefined {
  const arn = config.TargetArn;
  if (arn === undefined || arn === '') return undefined;
  if (!arn.startsWith('arn:aws:sqs:'))
    throw unsupported(`DeadLetterConfig.TargetArn ${arn}: the local cloud takes SQS queues only.`);
  return arn;
}

function parseLogging(
  name: string,
  input: ConfigRequest['LoggingConfig'],
  old: LoggingRecord | undefined,
): LoggingRecord {
  const format = input?.LogFormat ?? old?.format ?? 'Text';
  const applicationLevel = input?.ApplicationLogLevel ?? old?.applicationLevel;
  if (input?.ApplicationLogLevel !== undefined && format !== 'JSON') {
    throw invalidParameter('LoggingConfig.ApplicationLogLevel is only supported with LogFormat JSON.');
  }
  return {
    format,
    group: input?.LogGroup ?? old?.group ?? `/aws/lambda/${name}`,
    ...(format === 'JSON' && applicationLevel !== undefined ? { applicationLevel } : {}),
  };
}
