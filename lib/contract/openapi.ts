import * as z from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponseObject } from 'zod-openapi';
import { defaultServiceName } from './default-service-name.ts';
import { gatewayMessageSchema } from './gateway-message-schema.ts';
import { operationSchemas } from './operation-schemas.ts';
import { problemMediaType } from './problem-media-type.ts';
import { problemSchema } from './problem-schema.ts';
import { describeRequests } from './request-words.ts';
import type { Route } from './route.ts';
import { routeWords } from './route-words.ts';
import { routes } from './routes.ts';
import type { OperationSchemas } from './schemas-of-operation.ts';

const description = `Apache Kafka on Amazon ECS: an operator without a server.

Refusals are problem documents (RFC 9457). A request without a token (401), with an unknown one (403), beyond the
throttle (429), or of more than 6 MB (413) is answered by the gateway itself, as \`{"message": …}\`. A path that is no route
is answered 404, a route with another method 405 with \`Allow\`; HEAD and OPTIONS are methods like others and no route has
them. Bodies are read as JSON whatever their content type says.`;

/** The whole API as an OpenAPI 3.1 document, made from the route table. */
export function openApiDocument(): ReturnType<typeof createDocument> {
  describeRequests();
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Warden',
      version: '1.0.0',
      description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: '`token=<token>`, as in the guides; `Bearer <token>` works too.',
        },
      },
    },
  });
}

function operationOf(route: Route): ZodOpenApiOperationObject {
  const schemas = operationSchemas[route.operation];
  const words = routeWords[route.operation];
  const path = pathParameters(route.path);
  return {
    operationId: route.operationId,
    summary: words.summary,
    description: isOfDefault(route)
      ? `For the service named ${defaultServiceName}. ${words.description}`
      : words.description,
    ...(route.public ? { security: [] } : {}),
    requestParams: {
      ...(path === undefined ? {} : { path }),
      ...(schemas.query === undefined ? {} : { query: schemas.query }),
    },
    ...(schemas.body === undefined
      ? {}
      : {
          requestBody: {
            required: schemas.needsBody === true,
            content: { 'application/json': { schema: schemas.body } },
          },
        }),
    responses: mergeResponses(problemsOf(route, schemas), answersOf(schemas)),
  };
}

/** Paths without a name stand for one service. */
function isOfDefault({ path }: Route): boolean {
  return path.startsWith('/v1/') && path !== '/v1/orphans' && !path.startsWith('/v1/hosts');
}

function pathParameters(path: string): z.ZodObject | undefined {
  const names = [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? []);
  if (names.length === 0) return undefined;
  return z.object(Object.fromEntries(names.map((name) => [name, z.string()])));
}

function answersOf({ answers }: OperationSchemas): Responses {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, schema, location, isText }]) => [
      status,
      {
        description,
        content: { [isText ? 'text/plain' : 'application/json']: { schema } },
        ...(location ? { headers: z.object({ Location: z.string().meta({ description: "The plan's path." }) }) } : {}),
      },
    ]),
  );
}

type Responses = Readonly<Record<string, ZodOpenApiResponseObject>>;

/** A status that both have is answered with either body. */
function mergeResponses(problems: Responses, answers: Responses): Responses {
  const merged = Object.entries(answers).map(([status, answer]) => {
    const problem = problems[status];
    return [status, { ...answer, content: { ...answer.content, ...problem?.content } }];
  });
  return { ...problems, ...Object.fromEntries(merged) };
}

function problemsOf(route: Route, { problems }: OperationSchemas): Responses {
  const all: Record<string, string> = {
    ...problems,
    500: 'Something failed; `instance` names the request',
    503: 'A service of AWS did not answer; try again',
  };
  const ofUs = Object.fromEntries(
    Object.entries(all).map(([status, description]) => [
      status,
      { description, content: { [problemMediaType]: { schema: problemSchema } } },
    ]),
  );
  return route.public ? ofUs : { ...ofGateway, ...ofUs };
}

const ofGateway: Responses = {
  401: {
    description: 'The token is missing. Answered by the gateway',
    content: { 'application/json': { schema: gatewayMessageSchema, example: { message: 'Unauthorized' } } },
  },
  403: {
    description: 'The token is not known. Answered by the gateway',
    content: { 'application/json': { schema: gatewayMessageSchema, example: { message: 'Forbidden' } } },
  },
};
