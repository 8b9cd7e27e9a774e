import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AwsError } from '../core/aws-error.ts';
import type { Authorizer, Caller, CallToAuthorize, ServiceName } from '../core/service.ts';
import type { Protocol } from './catalog.ts';
import { readAccessKeyId } from './credential-scope.ts';
import { authorizeCall, type Dispatch, dispatch, guard } from './dispatcher.ts';
import type { HostedService } from './hosted-service.ts';
import { JSON_PROTOCOL } from './json-protocol.ts';
import type { AnswerContext, ProtocolAdapter, WireRequest, WireResponse } from './message.ts';
import { queryProtocol } from './query-protocol.ts';
import { restProtocol } from './rest-protocol.ts';
import { refuseUnroutable, routeRequest } from './route-request.ts';

/** What the endpoint serves, and whom it takes the callers to be. */
export interface EndpointOptions {
  readonly services: ReadonlyMap<ServiceName, HostedService>;
  readonly findCaller: (accessKeyId: string) => Caller;
  readonly authorizer: Authorizer;
  readonly throttle?: (call: CallToAuthorize) => void;
  /** Answers what is asked of the cloud itself; undefined for what is asked of a service. */
  readonly control?: (request: WireRequest) => Promise<WireResponse> | undefined;
  readonly log: (line: string) => void;
}

/** Assets of a CDK app are some MB; beyond this a request is a mistake. */
const MAX_BODY_BYTES = 512 * 1024 * 1024;

const EC2_QUERY = queryProtocol('ec2Query');
const AWS_QUERY = queryProtocol('awsQuery');
const REST_JSON = restProtocol('rest-json');
const REST_XML = restProtocol('rest-xml');

/** One HTTP endpoint for all services, told apart as AWS's own clients address them. */
export function createEndpoint(options: EndpointOptions): Server {
  return createServer((incoming, outgoing) => {
    serve(options, incoming, outgoing).catch((error: unknown) => {
      // Only a broken connection gets here: the answer itself never throws.
      options.log(`request not answered: ${String(error)}`);
      outgoing.destroy();
    });
  });
}

async function serve(options: EndpointOptions, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const requestId = randomUUID();
  const body = await readBody(incoming);
  const response =
    body === undefined
      ? refuseUnroutable(new AwsError('EntityTooLarge', `The body exceeds ${MAX_BODY_BYTES} bytes`, 413), requestId)
      : await answerAny(options, toWireRequest(incoming, body), requestId);
  outgoing.writeHead(response.status, { 'content-length': Buffer.byteLength(response.body), ...response.headers });
  outgoing.end(incoming.method === 'HEAD' ? undefined : response.body);
}

function answerAny(options: EndpointOptions, request: WireRequest, requestId: string): Promise<WireResponse> {
  return options.control?.(request) ?? answer(options, request, requestId);
}

/** Answers any request to a service, also a malformed one. */
async function answer(options: EndpointOptions, request: WireRequest, requestId: string): Promise<WireResponse> {
  const hosted = routeRequest(options.services, request);
  if (hosted instanceof AwsError) return refuseUnroutable(hosted, requestId, request);
  const adapter = adapterOf(hosted.description.protocol);
  const context: AnswerContext = { hosted, requestId };
  try {
    const operation = adapter.findOperation(hosted, request);
    const caller = options.findCaller(readAccessKeyId(request));
    const call: Dispatch = { ...options, hosted, operation, context: { requestId, caller } };
    return await run(call, adapter, request);
  } catch (error) {
    if (error instanceof AwsError) return adapter.writeError(error, context);
    options.log(`LOCAL CLOUD BUG in the wire layer: ${error instanceof Error ? error.stack : String(error)}`);
    return adapter.writeError(new AwsError('InternalFailure', `LOCAL CLOUD BUG: ${String(error)}`, 500), context);
  }
}

async function run(call: Dispatch, adapter: ProtocolAdapter, request: WireRequest): Promise<WireResponse> {
  const { hosted, operation, context } = call;
  const { forward, handlers } = hosted.service;
  const input = adapter.readInput(hosted, request);
  if (forward !== undefined && !Object.hasOwn(handlers, operation.name)) {
    await authorizeCall(call, Object(input));
    const answered = await guard(call, () => forward(operation.name, request.body));
    return { ...answered, headers: { ...answered.headers, 'x-amzn-requestid': context.requestId } };
  }
  const output = await dispatch(call, input);
  return adapter.writeOutput(operation, output, { hosted, requestId: context.requestId });
}

function adapterOf(protocol: Protocol): ProtocolAdapter {
  switch (protocol.type) {
    case 'json':
      return JSON_PROTOCOL;
    case 'query':
      return protocol.dialect === 'ec2Query' ? EC2_QUERY : AWS_QUERY;
    case 'rest-json':
      return REST_JSON;
    case 'rest-xml':
      return REST_XML;
  }
}

/** The whole body; undefined when it is too large, which is noticed before it fills the memory. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks);
}

function toWireRequest(incoming: IncomingMessage, body: Buffer): WireRequest {
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const headers = Object.entries(incoming.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(',') : value,
  ]);
  return {
    method: incoming.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    headers: Object.fromEntries(headers.filter(([, value]) => value !== undefined)),
    body,
  };
}
