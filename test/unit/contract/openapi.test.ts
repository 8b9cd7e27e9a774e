import { describe, expect, test } from '@jest/globals';
import { openApiDocument } from '../../../lib/contract/openapi.ts';
import { routes } from '../../../lib/contract/routes.ts';

/** By hand, from the issue and the guides: every route that clients rely on. */
const expected = [
  'GET /health',
  'POST /admin/allow-destroy',
  'POST /admin/forbid-destroy',
  'GET /services',
  'POST /services',
  'GET /service/{name}',
  'PATCH /service/{name}',
  'DELETE /service/{name}',
  'GET /openapi.json',
  'GET /v1/hosts',
  'POST /v1/hosts/{instanceId}/fence',
  ...['/service/{name}/v1', '/v1'].flatMap((prefix) =>
    [
      ...['GET plans', 'GET plans/{plan}', 'GET plan', 'GET connection', 'GET endpoints', 'GET endpoints/{endpoint}'],
      ...['GET plan/status', 'GET operations'],
      ...['POST', 'PUT'].flatMap((method) => [
        ...[`${method} plan`, `${method} plan/continue`, `${method} plan/interrupt`],
        ...[`${method} plan/forceComplete`, `${method} plan/restart`],
        ...[`${method} plans/{plan}/start`, `${method} plans/{plan}/stop`],
        ...[`${method} plans/{plan}/continue`, `${method} plans/{plan}/interrupt`],
        ...[`${method} plans/{plan}/forceComplete`, `${method} plans/{plan}/restart`],
      ]),
      ...['POST', 'PUT'].flatMap((method) => [
        ...[`${method} pod/{pod}/restart`, `${method} pod/{pod}/replace`],
        ...[`${method} pod/{pod}/pause`, `${method} pod/{pod}/resume`],
        ...[`${method} hibernate`, `${method} resume`],
      ]),
      ...['GET pod', 'GET pod/status', 'GET pod/{pod}/status', 'GET pod/{pod}/info', 'PUT brokers/{id}'],
      ...['GET brokers', 'GET drift', 'GET describe', 'GET health'],
      ...['GET orphans', 'POST pod/{pod}/adopt', 'POST pod/{pod}/stop-proven'],
      ...['GET configurations', 'GET configurations/{id}', 'GET configurations/targetId', 'GET configurations/target'],
      ...['GET state/frameworkId', 'GET state/properties', 'GET state/properties/{property}'],
      ...['GET state/zone/tasks', 'GET state/zone/tasks/{task}', 'GET state/zone/{pod}/{ip}'],
      ...['GET state/files', 'GET state/files/{file}', 'PUT state/files/{file}', 'PUT state/refresh'],
    ].map((route) => route.replace(' ', ` ${prefix}/`)),
  ),
];

describe('the route table', () => {
  test('holds exactly the routes of the contract', () => {
    expect(routes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([...expected].sort());
  });

  test('names each operation once', () => {
    const ids = routes.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('lets only the document itself be read without a token', () => {
    expect(routes.filter((route) => route.public).map(({ path }) => path)).toEqual(['/openapi.json']);
  });

  test('asks Kafka from inside the VPC only', () => {
    expect(routes.filter(({ group }) => group === 'kafka').map(({ path }) => path)).toEqual([
      '/service/{name}/v1/brokers',
      '/service/{name}/v1/drift',
      '/v1/brokers',
      '/v1/drift',
    ]);
  });
});

describe('the OpenAPI document', () => {
  const document = JSON.parse(JSON.stringify(openApiDocument()));

  test('is of version 3.1 and has every route', () => {
    expect(document.openapi).toBe('3.1.0');
    const operations = Object.entries(document.paths as Record<string, object>).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations.sort()).toEqual([...expected].sort());
  });

  test('resolves each of its references', () => {
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g);
    const missing = [...references]
      .map(([, name = '']) => name)
      .filter((name) => !(name in document.components.schemas));
    expect(missing).toEqual([]);
  });

  test('asks for a token everywhere but for itself', () => {
    expect(document.security).toEqual([{ token: [] }]);
    expect(document.paths['/openapi.json'].get.security).toEqual([]);
    expect(document.paths['/services'].get).not.toHaveProperty('security');
  });

  test("declares the gateway's own answers to requests without a known token, on every route that wants one", () => {
    const operations = Object.entries(document.paths as Record<string, Record<string, { responses: object }>>).flatMap(
      ([path, item]) =>
        Object.entries(item).map(([method, { responses }]) => ({ route: `${method} ${path}`, responses })),
    );
    const gateway = expect.objectContaining({
      content: {
        'application/json': expect.objectContaining({ schema: { $ref: '#/components/schemas/GatewayMessage' } }),
      },
    });
    const wanting = operations.filter(({ route }) => route !== 'get /openapi.json');
    expect(wanting.length).toBe(expected.length - 1);
    for (const { responses } of wanting) expect(responses).toMatchObject({ 401: gateway, 403: gateway });
    expect(document.paths['/openapi.json'].get.responses).not.toHaveProperty('401');
    expect(document.components.schemas.GatewayMessage.properties.message.type).toBe('string');
  });

  test('declares a problem document for what each operation refuses', () => {
    const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
    expect(document.paths['/services'].post.responses).toMatchObject({
      400: { content: problem },
      409: { content: problem },
      413: { content: problem },
      503: { content: problem },
    });
    expect(document.paths['/v1/configurations/{id}'].get.responses).toMatchObject({
      400: { content: problem },
      404: { content: problem },
    });
    expect(document.paths['/v1/state/refresh'].put.responses).toMatchObject({ 501: { content: problem } });
  });

  test('declares what a start of a plan can be answered', () => {
    const { responses } = document.paths['/v1/plans/{plan}/start'].post;
    const statuses = ['200', '202', '208', '400', '401', '403', '404', '409', '413', '500', '501', '503'];
    expect(Object.keys(responses)).toEqual(statuses);
    expect(responses['208'].description).toContain('The preview was applied before');
    expect(responses['501'].content).toHaveProperty(['application/problem+json']);
    expect(document.paths['/v1/plans/{plan}/stop'].post.responses['208'].description).not.toContain('so already');
  });

  test('demands the body of an update alone: installs and starts can do without', () => {
    const required = (path: string, method: string) => document.paths[path][method].requestBody.required ?? false;
    expect([
      required('/service/{name}', 'patch'),
      required('/services', 'post'),
      required('/v1/plans/{plan}/start', 'post'),
    ]).toEqual([true, false, false]);
  });

  test('declares the health under each of its statuses, beside the problem documents of the same', () => {
    const { responses } = document.paths['/v1/health'].get;
    expect(Object.keys(responses)).toEqual([
      '200',
      '202',
      '203',
      '206',
      '207',
      '208',
      '400',
      '401',
      '403',
      '404',
      '500',
      '503',
    ]);
    expect(Object.keys(responses['503'].content).sort()).toEqual(['application/json', 'application/problem+json']);
  });

  test('describes each option with title, type, default and range', () => {
    const { properties } = document.components.schemas.InstallRequest.properties.options;
    expect(Object.keys(properties)).toEqual(['service', 'brokers', 'controllers', 'kafka']);
    expect(properties.brokers.properties.count).toEqual({
      type: 'integer',
      title: 'Broker count',
      description: 'Number of brokers; their ids are 0 to count - 1.',
      default: 3,
      minimum: 1,
      maximum: 100,
    });
    expect(properties.controllers.properties.count.enum).toEqual([1, 3, 5]);
  });

  test('describes each part that a command can be for by itself', () => {
    const described = (path: string): object =>
      Object.fromEntries(
        document.paths[path].post.parameters.map((parameter: { name: string; description?: string }) => [
          parameter.name,
          parameter.description,
        ]),
      );
    const phase = 'Name or id of a phase. Default: the whole plan.';
    expect(described('/v1/plans/{plan}/restart')).toEqual({
      ...{ plan: undefined, phase },
      step: 'Name or id of a step; needs `phase`. Default: the whole phase.',
    });
    expect(described('/v1/plan/restart')).toEqual({
      ...{ phase, block: 'Name or id of a block; needs `phase`.' },
      step: 'Another name of `block`; one of them is given.',
    });
  });

  test('describes the query of an uninstall and the plan header of its answer', () => {
    const { parameters, responses } = document.paths['/service/{name}'].delete;
    expect(
      parameters.map((parameter: { name: string; required?: boolean }) => [
        parameter.name,
        parameter.required ?? false,
      ]),
    ).toEqual([
      ['name', true],
      ['confirm', true],
      ['keepVolumes', false],
    ]);
    expect(Object.keys(responses['202'].headers)).toEqual(['Location']);
  });
});
