import type { Cors } from '@aws-sdk/client-apigatewayv2';
import type { ApiRequest } from './api-request.ts';
import type { ApiResponse } from './api-response.ts';

/** The gateway's own answer to a preflight request; undefined when the request is none. */
export function answerPreflight(cors: Cors | undefined, request: ApiRequest): ApiResponse | undefined {
  const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
  if (cors === undefined || !isPreflight || request.headers['origin'] === undefined) return undefined;
  const headers = allowOrigin(cors, request) === undefined ? {} : preflightHeaders(cors, request);
  return { status: 204, headers, cookies: [], body: Buffer.alloc(0) };
}

/** The response with the API's CORS headers in place of the function's own. */
export function withCorsHeaders(cors: Cors | undefined, request: ApiRequest, response: ApiResponse): ApiResponse {
  if (cors === undefined) return response;
  const own = Object.entries(response.headers).filter(([name]) => !name.startsWith('access-control-'));
  const exposed = cors.ExposeHeaders ?? [];
  const allowed = allowOrigin(cors, request);
  const added =
    allowed === undefined || exposed.length === 0 ? {} : { 'access-control-expose-headers': exposed.join(',') };
  return { ...response, headers: { ...Object.fromEntries(own), ...allowed, ...added } };
}

function preflightHeaders(cors: Cors, request: ApiRequest): Record<string, string> {
  return {
    ...allowOrigin(cors, request),
    'access-control-allow-methods': (cors.AllowMethods ?? []).join(','),
    'access-control-allow-headers': (cors.AllowHeaders ?? []).join(','),
    'access-control-max-age': String(cors.MaxAge ?? 0),
  };
}

function allowOrigin(cors: Cors, request: ApiRequest): Record<string, string> | undefined {
  const origin = request.headers['origin'];
  const allowed = cors.AllowOrigins?.find((pattern) => origin !== undefined && isAllowed(pattern, origin));
  if (origin === undefined || allowed === undefined) return undefined;
  const credentials = cors.AllowCredentials === true ? { 'access-control-allow-credentials': 'true' } : {};
  return { 'access-control-allow-origin': allowed === '*' ? '*' : origin, ...credentials };
}

/** `*`, an origin, or a scheme with `*` behind it. */
function isAllowed(pattern: string, origin: string): boolean {
  return pattern.endsWith('*')
    ? origin.startsWith(pattern.slice(0, -1))
    : origin.toLowerCase() === pattern.toLowerCase();
}
