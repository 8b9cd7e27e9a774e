import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Cors, RouteSettings } from '@aws-sdk/client-apigatewayv2';
import { AwsError } from '../core/aws-error.ts';
import { DurableMap } from '../core/durable-map.ts';
import type { Cloud } from '../core/service.ts';
import type { Clock } from '../events/clock.ts';

/** An HTTP API; it listens on its port for as long as it is there. `createdAt` is epoch milliseconds. */
export interface ApiRecord {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly version?: string;
  readonly cors?: Cors;
  readonly port: number;
  readonly createdAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** A route: `GET /service/{name}`, `ANY /{proxy+}` or `$default`. */
export interface RouteRecord {
  readonly id: string;
  readonly apiId: string;
  readonly routeKey: string;
  /** `integrations/<id>`. */
  readonly target?: string;
  readonly authorizerId?: string;
  readonly operationName?: string;
}

/** A Lambda proxy integration with payload format 2.0. */
export interface IntegrationRecord {
  readonly id: string;
  readonly apiId: string;
  readonly functionArn: string;
  readonly uri: string;
  readonly method: string;
  readonly timeoutMs: number;
  readonly description?: string;
}

/** A Lambda authorizer with payload format 2.0 and simple responses. */
export interface AuthorizerRecord {
  readonly id: string;
  readonly apiId: string;
  readonly name: string;
  readonly functionArn: string;
  readonly uri: string;
  readonly identitySource: readonly string[];
  readonly ttlSeconds: number;
}

/** The stage `$default`, deployed automatically. Times are epoch milliseconds. */
export interface StageRecord {
  readonly apiId: string;
  readonly name: '$default';
  readonly description?: string;
  readonly accessLog?: { readonly destinationArn: string; readonly format: string };
  readonly defaultRouteSettings?: RouteSettings;
  readonly routeSettings: Readonly<Record<string, RouteSettings>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly changedAt: number;
}

/** What the operations and the listeners share. The parts of an API are kept as `<apiId>/<id>`. */
export interface ApiStore {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly apis: DurableMap<ApiRecord>;
  readonly routes: DurableMap<RouteRecord>;
  readonly integrations: DurableMap<IntegrationRecord>;
  readonly authorizers: DurableMap<AuthorizerRecord>;
  readonly stages: DurableMap<StageRecord>;
}

/** Opens the store over its folder. */
export function openApiStore(cloud: Cloud, clock: Clock): ApiStore {
  const file = (name: string): string => join(cloud.dataFolder, 'apigatewayv2', `${name}.jsonl`);
  return {
    cloud,
    clock,
    apis: new DurableMap(file('apis')),
    routes: new DurableMap(file('routes')),
    integrations: new DurableMap(file('integrations')),
    authorizers: new DurableMap(file('authorizers')),
    stages: new DurableMap(file('stages')),
  };
}

/** Ten letters and digits, as AWS names APIs; seven for their parts. */
export function newId(length: 7 | 10): string {
  return [...randomBytes(length)].map((byte) => (byte % 36).toString(36)).join('');
}

/** The parts of one kind that belong to an API. */
export function partsOf<Part extends { readonly apiId: string }>(parts: DurableMap<Part>, apiId: string): Part[] {
  return parts.values().filter((part) => part.apiId === apiId);
}

/** @throws AwsError NotFoundException */
export function findApi(store: ApiStore, apiId: string | undefined): ApiRecord {
  const api = store.apis.get(apiId ?? '');
  if (api === undefined) throw notFound(`Invalid API identifier specified ${store.cloud.accountId}:${apiId}`);
  return api;
}

/**
 * Finds a part of an API.
 *
 * @throws AwsError NotFoundException
 */
export function findPart<Part>(parts: DurableMap<Part>, apiId: string | undefined, id: string | undefined): Part {
  const part = parts.get(`${apiId}/${id}`);
  if (part === undefined) throw notFound(`Unable to find the part ${id} of the API ${apiId}`);
  return part;
}

/** The refusal of a request, as API Gateway names it. */
export function badRequest(message: string): AwsError {
  return new AwsError('BadRequestException', message, 400);
}

/** The ARN that a permission's SourceArn is compared with. */
export function executeArn(store: ApiStore, apiId: string, path: string): string {
  const { partition, region, accountId } = store.cloud;
  return `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${path}`;
}

/** The function in an ARN, or in the invocation path that API Gateway makes of it; undefined for anything else. */
export function functionArnOf(uri: string): string | undefined {
  const arn =
    /^arn:[^:]+:apigateway:[^:]+:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/.exec(uri)?.[1] ?? uri;
  return /^arn:[^:]+:lambda:[^:]+:\d+:function:[\w-]+(:\$LATEST)?$/.test(arn) ? arn : undefined;
}

function notFound(message: string): AwsError {
  return new AwsError('NotFoundException', message, 404);
}
