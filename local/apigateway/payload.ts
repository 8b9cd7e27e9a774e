import type { ApiRequest } from './api-request.ts';
import type { ApiRecord, StageRecord } from './api-store.ts';
import type { RouteMatch } from './route-match.ts';

/** What the event of a request is made of. */
export interface PayloadOptions {
  readonly accountId: string;
  readonly api: ApiRecord;
  readonly stage: StageRecord;
  readonly match: RouteMatch;
  readonly request: ApiRequest;
  /** The context that an authorizer answered; null when it answered none, undefined when the route has no authorizer. */
  readonly authorizerContext?: unknown;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The event of an HTTP API in payload format 2.0. Source: API Gateway developer guide, Lambda proxy integrations. */
export function buildIntegrationEvent(options: PayloadOptions): Record<string, unknown> {
  const { body, headers } = options.request;
  const isText = isTextType(headers['content-type']);
  const text = body.toString(isText ? 'utf8' : 'base64');
  return {
    version: '2.0',
    ...commonParts(options),
    requestContext: buildContext(options),
    ...(body.length === 0 ? {} : { body: text }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** The event of a Lambda authorizer in payload format 2.0: no body, but the values that identify the caller. */
export function buildAuthorizerEvent(
  options: PayloadOptions,
  identity: { readonly routeArn: string; readonly identitySource: readonly string[] },
): Record<string, unknown> {
  return {
    version: '2.0',
    type: 'REQUEST',
    routeArn: identity.routeArn,
    identitySource: identity.identitySource,
    ...commonParts(options),
    requestContext: buildContext(options),
  };
}

/** 12/Mar/2020:19:03:58 +0000 */
export function formatRequestTime(epochMs: number): string {
  const [day = '', time = ''] = new Date(epochMs).toISOString().split('T');
  const [year, month, date] = day.split('-');
  return `${date}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}

/** The values of each name joined by commas, decoded; undefined when there are none. */
export function parseQuery(rawQuery: string): Record<string, string> | undefined {
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQuery)) {
    const earlier = values.get(name);
    values.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  return values.size === 0 ? undefined : Object.fromEntries(values);
}

function commonParts({ match, request, stage }: PayloadOptions): Record<string, unknown> {
  const query = parseQuery(request.rawQuery);
  return {
    routeKey: match.route.routeKey,
    rawPath: request.path,
    rawQueryString: request.rawQuery,
    ...(request.cookies.length === 0 ? {} : { cookies: request.cookies }),
    headers: request.headers,
    ...(query === undefined ? {} : { queryStringParameters: query }),
    ...(Object.keys(match.pathParameters).length === 0 ? {} : { pathParameters: match.pathParameters }),
    ...(Object.keys(stage.variables).length === 0 ? {} : { stageVariables: stage.variables }),
  };
}

function buildContext({
  accountId,
  api,
  stage,
  match,
  request,
  authorizerContext,
}: PayloadOptions): Record<string, unknown> {
  return {
    accountId,
    apiId: api.id,
    ...(authorizerContext === undefined ? {} : { authorizer: { lambda: authorizerContext } }),
    domainName: request.headers['host'] ?? `127.0.0.1:${api.port}`,
    domainPrefix: api.id,
    http: {
      method: request.method,
      path: request.path,
      protocol: request.protocol,
      sourceIp: request.sourceIp,
      userAgent: request.headers['user-agent'] ?? '',
    },
    requestId: request.id,
    routeKey: match.route.routeKey,
    stage: stage.name,
    time: formatRequestTime(request.receivedAt),
    timeEpoch: request.receivedAt,
  };
}

/** Bodies of other types, and of none, travel in base64. */
function isTextType(contentType: string | undefined): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return type.startsWith('text/') || /^application\/(?:json|javascript|xml|.+\+json|.+\+xml)$/.test(type);
}
