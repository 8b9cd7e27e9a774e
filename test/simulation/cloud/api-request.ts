import type { ApiEvent } from '../../../functions/api/api-request.ts';
import type { RouteGroup } from '../../../lib/contract/route.ts';
import { routes } from '../../../lib/contract/routes.ts';
import type { FunctionName } from '../../../lib/stacks/function-table.ts';

/** A request of a client. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON; a text is sent as it is. */
  readonly body?: unknown;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
}

const functions: Readonly<Record<RouteGroup, FunctionName>> = {
  ...{ aws: 'Api', commands: 'ApiCommands' },
  ...{ deployment: 'ApiDeployment', kafka: 'ApiKafka' },
};

/** The function whose group serves the route; what is no route goes where API Gateway's `$default` goes. */
export function functionOf({ method, path }: HttpRequest): FunctionName {
  const route = routes.find((candidate) => candidate.method === method && match(candidate.path, path) !== undefined);
  return functions[route?.group ?? 'aws'];
}

/** The event of the HTTP API, payload format 2.0. */
export function apiEvent(request: HttpRequest, more: { readonly requestId: string; readonly now: number }): ApiEvent {
  const { method, path, query = {}, body } = request;
  const route = routes.find((candidate) => candidate.method === method && match(candidate.path, path) !== undefined);
  const routeKey = route === undefined ? '$default' : `${method} ${route.path}`;
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: { 'content-type': 'application/json' },
    queryStringParameters: { ...query },
    pathParameters: route === undefined ? {} : { ...match(route.path, path) },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    isBase64Encoded: false,
    requestContext: {
      accountId: '123456789012',
      apiId: 'simulated',
      domainName: 'simulated',
      domainPrefix: 'simulated',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'simulation' },
      requestId: more.requestId,
      routeKey,
      stage: '$default',
      time: new Date(more.now).toISOString(),
      timeEpoch: more.now,
      authorizer: { lambda: { tokenName: 'operator' } },
    },
  };
}

function match(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const names = Array.from(pattern.matchAll(/\{(\w+)\}/g), ([, name = '']) => name);
  const found = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '([^/]+)')}$`).exec(path);
  if (found === null) return undefined;
  return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? '')]));
}
