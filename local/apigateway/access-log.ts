import { randomBytes } from 'node:crypto';
import type { ApiRequest } from './api-request.ts';
import type { ApiStore, StageRecord } from './api-store.ts';
import { formatRequestTime } from './payload.ts';

/** A request that was answered. */
export interface AnsweredRequest {
  readonly apiId: string;
  readonly request: ApiRequest;
  readonly routeKey?: string;
  readonly status: number;
  readonly responseBytes: number;
  readonly latencyMs: number;
  readonly integrationLatencyMs?: number;
  readonly authorizerContext?: unknown;
  /** Why the gateway could not answer with the function's response. */
  readonly reason?: string;
}

/** Writes answered requests to the log group that their stage names. */
export type WriteAccessLog = (stage: StageRecord, answered: AnsweredRequest) => Promise<void>;

/** The line of a request: each `$context.…` of the format is replaced, by `-` when it has no value. */
function formatAccessLog(format: string, answered: AnsweredRequest): string {
  const values = contextValues(answered);
  return format.replace(/\$context\.([\w.]+)/g, (_, name: string) => {
    const value = values[name] ?? authorizerValue(answered.authorizerContext, name);
    return value === undefined || value === '' ? '-' : String(value);
  });
}

/** Makes a writer with a log stream of its own in each group. */
export function createAccessLogWriter(store: ApiStore): WriteAccessLog {
  const streams = new Map<string, Promise<{ logGroupName: string; logStreamName: string }>>();
  const openStream = async (destinationArn: string): Promise<{ logGroupName: string; logStreamName: string }> => {
    const logGroupName = destinationArn.split(':log-group:').at(-1)?.replace(/:\*$/, '') ?? '';
    const day = new Date(store.clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    const stream = { logGroupName, logStreamName: `${day}/${randomBytes(16).toString('hex')}` };
    await store.cloud.call('logs', 'CreateLogStream', stream);
    return stream;
  };
  return async (stage, answered) => {
    const { accessLog } = stage;
    if (accessLog === undefined) return;
    try {
      const opened = streams.get(accessLog.destinationArn) ?? openStream(accessLog.destinationArn);
      streams.set(accessLog.destinationArn, opened);
      const message = formatAccessLog(accessLog.format, answered);
      const logEvents = [{ timestamp: store.clock.now(), message }];
      await store.cloud.call('logs', 'PutLogEvents', { ...(await opened), logEvents });
    } catch (error) {
      // The request was answered; a log group that is gone must not fail it. The next line tries a new stream.
      streams.delete(accessLog.destinationArn);
      store.cloud.log(`apigatewayv2: no access log in ${accessLog.destinationArn}: ${String(error)}`);
    }
  };
}

function contextValues(answered: AnsweredRequest): Readonly<Record<string, string | number | undefined>> {
  const { request, reason } = answered;
  return {
    accountId: undefined,
    apiId: answered.apiId,
    'error.message': reason,
    'error.messageString': reason === undefined ? undefined : JSON.stringify(reason),
    'error.responseType': undefined,
    extendedRequestId: request.id,
    httpMethod: request.method,
    'identity.sourceIp': request.sourceIp,
    'identity.userAgent': request.headers['user-agent'],
    'integration.error': reason,
    'integration.latency': answered.integrationLatencyMs,
    integrationErrorMessage: reason,
    integrationLatency: answered.integrationLatencyMs,
    path: request.path,
    protocol: request.protocol,
    requestId: request.id,
    requestTime: formatRequestTime(request.receivedAt),
    requestTimeEpoch: Math.floor(request.receivedAt / 1000),
    responseLatency: answered.latencyMs,
    responseLength: answered.responseBytes,
    routeKey: answered.routeKey,
    domainName: request.headers['host'],
    stage: '$default',
    status: answered.status,
  };
}

function authorizerValue(context: unknown, name: string): string | undefined {
  const key = /^authorizer\.(.+)$/.exec(name)?.[1];
  if (key === undefined || typeof context !== 'object' || context === null || !Object.hasOwn(context, key))
    return undefined;
  return String((context as Record<string, unknown>)[key]);
}
