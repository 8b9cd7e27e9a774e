import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApigatewayService } from '../../../../local/apigateway/service.ts';
import { createLambdaService } from '../../../../local/lambda/service.ts';
import { createLogsService } from '../../../../local/logs/service.ts';
import { createFunction, newFolder, removeFolder, type SmallCloud, startSmallCloud } from '../lambda/small-cloud.ts';

const folder = newFolder();
const services = [createLambdaService, createLogsService, createApigatewayService];
let small: SmallCloud;
let apiId: string;
let url: string;

const ECHO = 'export const handler = async (event) => event;';
const AUTHORIZER = `let asked = 0;
export const handler = async ({ identitySource: [token] }) => {
  asked += 1;
  if (token === 'broken') throw new Error('broken');
  if (token === 'odd') return { effect: 'Allow' };
  return { isAuthorized: token !== 'no', context: { asked, user: token } };
};`;

const arnOf = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

/** Lets the API invoke the function and gives it an integration; the answer is the route's target. */
async function integrate(name: string, settings: object = {}): Promise<string> {
  await small.cloud.call('lambda', 'AddPermission', {
    FunctionName: name,
    StatementId: 'api',
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
    SourceArn: `arn:aws:execute-api:us-east-1:000000000000:${apiId}/*/*`,
  });
  return integrateWithoutPermission(name, settings);
}

async function integrateWithoutPermission(name: string, settings: object = {}): Promise<string> {
  const { IntegrationId } = await small.cloud.call('apigatewayv2', 'CreateIntegration', {
    ApiId: apiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: arnOf(name),
    PayloadFormatVersion: '2.0',
    ...settings,
  });
  return `integrations/${IntegrationId}`;
}

async function createRoute(RouteKey: string, Target: string, settings: object = {}): Promise<void> {
  await small.cloud.call('apigatewayv2', 'CreateRoute', { ApiId: apiId, RouteKey, Target, ...settings });
}

/** A function that answers with the text, behind a route. */
async function answerOn(RouteKey: string, name: string, expression: string): Promise<void> {
  await createFunction(small.cloud, name, { code: `export const handler = async (event) => (${expression});` });
  await createRoute(RouteKey, await integrate(name));
}

/** The status of a request on a connection of its own, its path sent as it is. */
function statusOf(path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${url}${path}`, { agent: false }, (response) => resolve(response.resume().statusCode));
    request.on('error', reject).end();
  });
}

beforeAll(async () => {
  small = await startSmallCloud({ folder, port: 21_410, services });
  const api = await small.cloud.call('apigatewayv2', 'CreateApi', {
    Name: 'api',
    ProtocolType: 'HTTP',
    CorsConfiguration: {
      AllowOrigins: ['http://console.test'],
      AllowMethods: ['GET', 'PUT'],
      AllowHeaders: ['authorization'],
    },
  });
  apiId = api.ApiId;
  url = api.ApiEndpoint;
  await small.cloud.call('logs', 'CreateLogGroup', { logGroupName: 'access' });
  await small.cloud.call('apigatewayv2', 'CreateStage', {
    ApiId: apiId,
    StageName: '$default',
    AutoDeploy: true,
    AccessLogSettings: {
      DestinationArn: 'arn:aws:logs:us-east-1:000000000000:log-group:access',
      Format: '$context.httpMethod $context.routeKey $context.status $context.nothing',
    },
    RouteSettings: { 'GET /throttled': { ThrottlingRateLimit: 1e-6, ThrottlingBurstLimit: 1 } },
  });
  await createFunction(small.cloud, 'echo', { code: ECHO });
  const echo = await integrate('echo');
  await createRoute('ANY /service/{name}/v1/plans/{p}', echo);
  await createRoute('GET /throttled', echo);
  await createFunction(small.cloud, 'authorizer', { code: AUTHORIZER });
  const { AuthorizerId } = await small.cloud.call('apigatewayv2', 'CreateAuthorizer', {
    ApiId: apiId,
    Name: 'token',
    AuthorizerType: 'REQUEST',
    AuthorizerUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arnOf('authorizer')}/invocations`,
    AuthorizerPayloadFormatVersion: '2.0',
    EnableSimpleResponses: true,
    IdentitySource: ['$request.header.Authorization'],
    AuthorizerResultTtlInSeconds: 300,
  });
  await small.cloud.call('lambda', 'AddPermission', {
    FunctionName: 'authorizer',
    StatementId: 'api',
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
    SourceArn: `arn:aws:execute-api:us-east-1:000000000000:${apiId}/authorizers/${AuthorizerId}`,
  });
  await createRoute('GET /private', echo, { AuthorizationType: 'CUSTOM', AuthorizerId });
});

afterAll(async () => {
  await small.close();
  removeFolder(folder);
});

describe('the event of a request', () => {
  test('has payload format 2.0', async () => {
    const response = await fetch(`${url}/service/a%20b/v1/plans/deploy?x=1&y=2&x=3%204`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Cookie: 'c1=a; c2=b', 'X-Many': 'one', 'User-Agent': 'tester' },
      body: '{"k":1}',
    });
    const event = (await response.json()) as Record<string, Record<string, unknown>>;
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'ANY /service/{name}/v1/plans/{p}',
      rawPath: '/service/a b/v1/plans/deploy',
      rawQueryString: 'x=1&y=2&x=3%204',
      cookies: ['c1=a', 'c2=b'],
      queryStringParameters: { x: '1,3 4', y: '2' },
      pathParameters: { name: 'a b', p: 'deploy' },
      body: '{"k":1}',
      isBase64Encoded: false,
      headers: {
        'content-type': 'application/json',
        'x-many': 'one',
        host: url.replace('http://', ''),
        'x-forwarded-for': '127.0.0.1',
      },
      requestContext: {
        accountId: '000000000000',
        apiId,
        domainPrefix: apiId,
        stage: '$default',
        routeKey: 'ANY /service/{name}/v1/plans/{p}',
        http: {
          method: 'POST',
          path: '/service/a b/v1/plans/deploy',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'tester',
        },
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      },
    });
    expect(event['headers']).not.toHaveProperty('cookie');
    expect(event['requestContext']).not.toHaveProperty('authorizer');
  });

  test('leaves out what a request does not have', async () => {
    const event = await (await fetch(`${url}/service/n/v1/plans/p`)).json();
    for (const name of ['cookies', 'queryStringParameters', 'body', 'stageVariables'])
      expect(event).not.toHaveProperty(name);
    expect(event).toMatchObject({ rawQueryString: '', isBase64Encoded: false });
  });

  test('carries a form in base64', async () => {
    const response = await fetch(`${url}/service/n/v1/plans/p`, {
      method: 'PUT',
      body: new URLSearchParams({ a: 'b' }),
    });
    expect(await response.json()).toMatchObject({ body: 'YT1i', isBase64Encoded: true });
  });
});

describe('the response of a function', () => {
  test('gives status, headers, cookies and body', async () => {
    const made = `{ statusCode: 201, headers: { 'X-Own': 'yes', 'Content-Type': 'text/html' }, cookies: ['a=1', 'b=2'], body: 'hi' }`;
    await answerOn('GET /full', 'full', made);
    const response = await fetch(`${url}/full`);
    expect(response.status).toBe(201);
    expect(response.headers.get('x-own')).toBe('yes');
    expect(response.headers.get('content-type')).toBe('text/html');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.text()).toBe('hi');
  });

  test('is the returned value as JSON when it has no status', async () => {
    await answerOn('GET /inferred', 'inferred', '{ hello: 1 }');
    const response = await fetch(`${url}/inferred`);
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'application/json',
      '{"hello":1}',
    ]);
  });

  test('is decoded from base64', async () => {
    await answerOn('GET /bytes', 'bytes', `{ statusCode: 200, isBase64Encoded: true, body: 'AAH/' }`);
    const response = await fetch(`${url}/bytes`);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 1, 255]);
  });

  test('is 500 when it is malformed or the function fails', async () => {
    await answerOn('GET /malformed', 'malformed', `{ statusCode: 'high', body: '' }`);
    await createFunction(small.cloud, 'throws', {
      code: 'export const handler = async () => { throw new Error("x"); };',
    });
    await createRoute('GET /throws', await integrate('throws'));
    for (const path of ['/malformed', '/throws']) {
      const response = await fetch(`${url}${path}`);
      expect([response.status, await response.json()]).toEqual([500, { message: 'Internal Server Error' }]);
    }
  });

  test('is 503 when the function takes longer than the integration allows', async () => {
    await createFunction(small.cloud, 'late', {
      code: 'export const handler = async () => new Promise((r) => setTimeout(r, 500));',
    });
    await createRoute('GET /late', await integrate('late', { TimeoutInMillis: 50 }));
    const response = await fetch(`${url}/late`);
    expect([response.status, await response.json()]).toEqual([503, { message: 'Service Unavailable' }]);
  });

  test('is 500 when the policy of the function does not allow the API', async () => {
    await createFunction(small.cloud, 'closed', { code: ECHO });
    await createRoute('GET /closed', await integrateWithoutPermission('closed'));
    expect((await fetch(`${url}/closed`)).status).toBe(500);
  });
});

describe('the gateway itself', () => {
  test('answers 404 where there is no route', async () => {
    const response = await fetch(`${url}/nowhere`);
    expect([response.status, await response.json()]).toEqual([404, { message: 'Not Found' }]);
  });

  test('answers 413 to a body of more than 10 MB', async () => {
    const response = await fetch(`${url}/service/n/v1/plans/p`, {
      method: 'PUT',
      body: new Uint8Array(10 * 1024 * 1024 + 1),
    });
    expect([response.status, await response.json()]).toEqual([413, { message: 'Request Entity Too Large' }]);
  });

  test('answers 429 beyond the limit of a route', async () => {
    const statuses = [(await fetch(`${url}/throttled`)).status, (await fetch(`${url}/throttled`)).status];
    expect(statuses).toEqual([200, 429]);
  });

  test('answers 400 to a malformed escape', async () => {
    const status = await statusOf('/service/%zz/v1/plans/p');
    expect(status).toBe(400);
  });

  test('answers preflight requests of the allowed origin alone', async () => {
    const preflight = (origin: string): Promise<Response> =>
      fetch(`${url}/private`, {
        method: 'OPTIONS',
        headers: { Origin: origin, 'Access-Control-Request-Method': 'PUT' },
      });
    const allowed = await preflight('http://console.test');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('http://console.test');
    expect(allowed.headers.get('access-control-allow-methods')).toBe('GET,PUT');
    expect((await preflight('http://other.test')).headers.get('access-control-allow-origin')).toBeNull();
  });

  test('writes the access log', async () => {
    await fetch(`${url}/nowhere`, { method: 'DELETE' });
    const { events } = await small.cloud.call('logs', 'FilterLogEvents', {
      logGroupName: 'access',
      filterPattern: 'DELETE',
    });
    expect(events[0].message).toBe('DELETE - 404 -');
  });
});

describe('an authorizer', () => {
  const get = (token?: string): Promise<Response> =>
    fetch(`${url}/private`, token === undefined ? {} : { headers: { Authorization: token } });

  test('is not asked when the identity is missing: 401', async () => {
    const response = await get();
    expect([response.status, await response.json()]).toEqual([401, { message: 'Unauthorized' }]);
  });

  test('lets a request through with its context, and is not asked again within its time', async () => {
    const first = (await (await get('anna')).json()) as { requestContext: { authorizer: unknown } };
    const second = (await (await get('anna')).json()) as { requestContext: { authorizer: unknown } };
    expect(first.requestContext.authorizer).toEqual({ lambda: { asked: 1, user: 'anna' } });
    expect(second.requestContext.authorizer).toEqual({ lambda: { asked: 1, user: 'anna' } });
  });

  test('refuses with 403', async () => {
    const response = await get('no');
    expect([response.status, await response.json()]).toEqual([403, { message: 'Forbidden' }]);
  });

  test('makes 500 when it fails or answers in another form', async () => {
    expect((await get('broken')).status).toBe(500);
    expect((await get('odd')).status).toBe(500);
  });
});

test('an API keeps its port, routes and authorizers over a restart of the cloud', async () => {
  await small.close();
  small = await startSmallCloud({ folder, port: 21_410, services });
  const { ApiEndpoint } = await small.cloud.call('apigatewayv2', 'GetApi', { ApiId: apiId });
  expect(ApiEndpoint).toBe(url);
  expect(await statusOf('/private')).toBe(401);
  expect(await statusOf('/service/n/v1/plans/p')).toBe(200);
});
