import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import type { ApiEvent } from '../../../functions/api/api-request.ts';
import type { ApiResponse } from '../../../functions/api/api-response.ts';
import { awsHandlers } from '../../../functions/api/aws-handlers.ts';
import { commandHandlers } from '../../../functions/api/command-handlers.ts';
import { createApi } from '../../../functions/api/create-api.ts';
import { type DeploymentApiPorts, deploymentHandlers } from '../../../functions/api/deployment-handlers.ts';
import { type KafkaApiPorts, kafkaHandlers } from '../../../functions/api/kafka-handlers.ts';
import type { RouteGroup } from '../../../lib/contract/route.ts';
import { routes } from '../../../lib/contract/routes.ts';
import type { Deployment } from '../../../lib/ports/deployment.ts';
import type { KafkaBroker } from '../../../lib/ports/kafka-admin.ts';
import type { PlanRunner } from '../../../lib/ports/plan-runner.ts';
import type { Store } from '../../../lib/ports/store.ts';
import { createFakeConfigs, type FakeConfigs } from '../../support/fake-configs.ts';
import { createMemoryStore } from '../../support/memory-store.ts';

/** The API's own functions over a store in memory, for tests of the API and of its clients. */
export interface ApiUnderTest {
  readonly store: Store;
  /** Names of the executions that were started. */
  readonly started: string[];
  /** What Kafka says of its brokers. */
  readonly brokers: KafkaBroker[];
  /** What Kafka says of its configs. */
  readonly configs: FakeConfigs;
  readonly deployment: Deployment;
  readonly ask: (method: string, path: string, body?: string) => Promise<ApiResponse>;
}

const context = { awsRequestId: 'r-1', getRemainingTimeInMillis: () => 10_000 } as Context;

export function createApiUnderTest(changes: Partial<DeploymentApiPorts> = {}): ApiUnderTest {
  const store = changes.store ?? createMemoryStore();
  const started: string[] = [];
  const brokers: KafkaBroker[] = [];
  const deployment = changes.deployment ?? createMemoryDeployment();
  let ids = 0;
  const ports: DeploymentApiPorts = {
    store,
    planRunner: recordingRunner(started),
    deployment,
    clock: () => Date.UTC(2026, 10, 21, 12, 0, 0),
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    ...changes,
  };
  const logger = new Logger({ serviceName: 'test', logLevel: 'SILENT' });
  const configs = createFakeConfigs();
  const kafkaAdmin: KafkaApiPorts['kafkaAdmin'] = {
    ...configs.admin,
    describeCluster: async (asked) => ({ clusterId: 'c', brokers, answered: asked, silent: [] }),
  };
  const functions = {
    aws: createApi({ group: 'aws', handlers: awsHandlers(ports), logger }),
    commands: createApi({ group: 'commands', handlers: commandHandlers(ports), logger }),
    deployment: createApi({ group: 'deployment', handlers: deploymentHandlers(ports), logger }),
    kafka: createApi({ group: 'kafka', handlers: kafkaHandlers({ store, kafkaAdmin }), logger }),
  };
  return {
    store,
    started,
    brokers,
    configs,
    deployment,
    ask: async (method, path, body) => {
      const event = eventOf(method, path, body);
      return functions[groupOf(event)](event, context);
    },
  };
}

/** A stack that is protected from being deleted until somebody lifts that. */
export function createMemoryDeployment(): Deployment {
  let isProtected = true;
  return {
    isProtected: async () => isProtected,
    protect: async (wanted) => {
      isProtected = wanted;
    },
  };
}

export function recordingRunner(started: string[]): PlanRunner {
  return {
    start: async (machine, name) => {
      started.push(`${machine}:${name}`);
      return `arn:${machine}:${name}`;
    },
    arnOf: (machine, name) => `arn:${machine}:${name}`,
    status: async () => ({ type: 'unknown' }),
    answer: async () => false,
  };
}

/** As API Gateway does it: the route key chooses the function, everything else goes to the function of `aws`. */
function groupOf({ requestContext: { http } }: ApiEvent): RouteGroup {
  return routes.find((route) => route.method === http.method && patternOf(route.path).test(http.path))?.group ?? 'aws';
}

/** API Gateway hands on the decoded values of a route's variables; without a route there are none. */
function pathParametersOf(method: string, path: string): Record<string, string> {
  const route = routes.find((candidate) => candidate.method === method && patternOf(candidate.path).test(path));
  const groups = route === undefined ? {} : patternOf(route.path).exec(path)?.groups;
  return Object.fromEntries(Object.entries(groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]));
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
}

function eventOf(method: string, target: string, body: string | undefined): ApiEvent {
  const url = new URL(target, 'http://api');
  const query = Object.fromEntries(url.searchParams);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers: {},
    pathParameters: pathParametersOf(method, url.pathname),
    ...(Object.keys(query).length === 0 ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: '1',
      apiId: 'a',
      authorizer: { lambda: { tokenName: 'ann' } },
      domainName: 'api',
      domainPrefix: 'api',
      http: { method, path: url.pathname, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'r-1',
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded: false,
  };
}

/** The same behind real HTTP, with one token. */
export interface ApiServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

export async function serveApi(api: ApiUnderTest, token: string): Promise<ApiServer> {
  const server = createServer((request, response) => void answer(api, token, { request, response }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

async function answer(
  api: ApiUnderTest,
  token: string,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const given = request.headers.authorization;
  if (given !== `token=${token}`) {
    response.writeHead(given === undefined ? 401 : 403, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ message: given === undefined ? 'Unauthorized' : 'Forbidden' }));
    return;
  }
  const body = (await buffer(request)).toString('utf8');
  const {
    statusCode = 200,
    headers = {},
    body: text,
  } = await api.ask(request.method ?? 'GET', request.url ?? '/', body === '' ? undefined : body);
  response.writeHead(
    statusCode,
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
  );
  response.end(text);
}
