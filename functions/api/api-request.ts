import type { APIGatewayProxyEventV2WithLambdaAuthorizer } from 'aws-lambda';
import { defaultServiceName } from '../../lib/contract/default-service-name.ts';

/** What the authorizer says of the caller. */
export interface Caller {
  readonly tokenName: string;
}

/** Payload format 2.0. On public routes there is no caller. */
export type ApiEvent = APIGatewayProxyEventV2WithLambdaAuthorizer<Caller | null>;

/** A request as the handlers see it. */
export interface ApiRequest {
  readonly requestId: string;
  /** From the path; paths without a name stand for the service `kafka`. */
  readonly service: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Body;
  /** Name of the caller's token. */
  readonly requestedBy: string;
}

export type Body =
  | { readonly type: 'none' }
  | { readonly type: 'json'; readonly value: unknown }
  | { readonly type: 'not json'; readonly reason: string }
  | { readonly type: 'too large'; readonly bytes: number };

/** The largest body that is read. */
export const maxBodyBytes = 256 * 1024;

/** Reads an event of the HTTP API. Never throws: a body that cannot be read is a value. */
export function readRequest(event: ApiEvent): ApiRequest {
  const pathParameters = definedMembers(event.pathParameters);
  return {
    requestId: event.requestContext.requestId,
    service: pathParameters['name'] ?? defaultServiceName,
    pathParameters,
    query: definedMembers(event.queryStringParameters),
    body: readBody(event),
    requestedBy: event.requestContext.authorizer?.lambda?.tokenName ?? 'nobody',
  };
}

function readBody({ body, isBase64Encoded }: ApiEvent): Body {
  if (body === undefined || body === '') return { type: 'none' };
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > maxBodyBytes) return { type: 'too large', bytes: bytes.length };
  try {
    return { type: 'json', value: JSON.parse(bytes.toString('utf8')) };
  } catch (error) {
    return { type: 'not json', reason: error instanceof Error ? error.message : String(error) };
  }
}

function definedMembers(members: Record<string, string | undefined> | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(members ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
