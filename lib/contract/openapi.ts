import * as z from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponsesObject } from 'zod-openapi';
import { type OperationSchemas, operationSchemas } from './operation-schemas.ts';
import { problemMediaType } from './problem-media-type.ts';
import { problemSchema } from './problem-schema.ts';
import { type Route, routes } from './routes.ts';

/** The whole API as an OpenAPI 3.1 document, made from the route table. */
export function openApiDocument(): ReturnType<typeof createDocument> {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Warden',
      version: '1.0.0',
      description: 'Apache Kafka on Amazon ECS: an operator without a server.',
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
  const path = pathParameters(route.path);
  return {
    operationId: route.operationId,
    summary: route.summary,
    description: route.description,
    ...(route.public ? { security: [] } : {}),
    requestParams: {
      ...(path === undefined ? {} : { path }),
      ...(schemas.query === undefined ? {} : { query: schemas.query }),
    },
    ...(schemas.body === undefined
      ? {}
      : { requestBody: { required: false, content: { 'application/json': { schema: schemas.body } } } }),
    responses: { ...answersOf(schemas), ...problemsOf(route, schemas) },
  };
}

function pathParameters(path: string): z.ZodObject | undefined {
  const names = [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? []);
  if (names.length === 0) return undefined;
  return z.object(Object.fromEntries(names.map((name) => [name, z.string()])));
}

function answersOf({ answers }: OperationSchemas): ZodOpenApiResponsesObject {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, schema, location }]) => [
      status,
      {
        description,
        content: { 'application/json': { schema } },
        ...(location ? { headers: z.object({ Location: z.string().meta({ description: "The plan's path." }) }) } : {}),
      },
    ]),
  );
}

function problemsOf(route: Route, { problems, answers }: OperationSchemas): ZodOpenApiResponsesObject {
  const ofToken = route.public ? {} : { 401: 'The token is missing', 403: 'The token is not known' };
  const all: Record<string, string> = {
    ...ofToken,
    ...problems,
    500: 'Something failed; `instance` names the request',
  };
  return Object.fromEntries(
    Object.entries(all)
      .filter(([status]) => !(status in answers))
      .map(([status, description]) => [
        status,
        { description, content: { [problemMediaType]: { schema: problemSchema } } },
      ]),
  );
}
