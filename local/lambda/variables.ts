import type { Cloud } from '../core/service.ts';
import type { FunctionRecord } from './function-record.ts';
import type { RoleSession } from './role-session.ts';

/** What the variables of an environment are made of. */
export interface VariablesOptions {
  readonly cloud: Cloud;
  readonly record: FunctionRecord;
  readonly codeFolder: string;
  readonly session: RoleSession;
  readonly stream: string;
}

/**
 * The environment variables of a worker: the function's own, what Lambda sets, the credentials of its role, and the
 * cloud's endpoint. Of this process's environment only the three that any program needs.
 */
export function functionVariables({
  cloud,
  record,
  codeFolder,
  session,
  stream,
}: VariablesOptions): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: process.env['HOME'] ?? '/',
    TMPDIR: process.env['TMPDIR'] ?? '/tmp',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    AWS_ENDPOINT_URL: cloud.endpointUrl,
    ...record.environment,
    AWS_REGION: cloud.region,
    AWS_DEFAULT_REGION: cloud.region,
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: record.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(record.memoryMiB),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: record.logging.group,
    AWS_LAMBDA_LOG_STREAM_NAME: stream,
    ...logVariables(record),
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    LAMBDA_TASK_ROOT: codeFolder,
    LAMBDA_RUNTIME_DIR: codeFolder,
    _HANDLER: record.handler,
  };
}

/** The name of an environment's log stream; in a group of its own choice a function's name is part of it. */
export function logStreamName(
  record: FunctionRecord,
  { now, id }: { readonly now: number; readonly id: string },
): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '/');
  const isOwnGroup = record.logging.group === `/aws/lambda/${record.name}`;
  return `${day}/${isOwnGroup ? '' : record.name}[$LATEST]${id}`;
}

function logVariables({ logging }: FunctionRecord): Record<string, string> {
  if (logging.format === 'Text') return { AWS_LAMBDA_LOG_FORMAT: 'Text' };
  return { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: logging.applicationLevel ?? 'INFO' };
}
