import { type AnsweredRequest, createAccessLogWriter } from './access-log.ts';
import type { ApiRequest } from './api-request.ts';
import { type ApiResponse, gatewayResponse, parseFunctionResponse } from './api-response.ts';
import {
  type ApiRecord,
  type ApiStore,
  executeArn,
  type IntegrationRecord,
  partsOf,
  type StageRecord,
} from './api-store.ts';
import { createAuthorize } from './authorize.ts';
import { callFunction, type FunctionAnswer } from './call-function.ts';
import { answerPreflight, withCorsHeaders } from './cors.ts';
import { buildIntegrationEvent, type PayloadOptions } from './payload.ts';
import { matchRoute, type RouteMatch } from './route-match.ts';
import { createThrottle } from './throttle.ts';

/** Answers the requests of one API. */
export type Gateway = (apiId: string, request: ApiRequest) => Promise<ApiResponse>;

/** A response with what the access log tells of its making. */
interface Outcome extends Pick<AnsweredRequest, 'authorizerContext' | 'integrationLatencyMs' | 'reason'> {
  readonly response: ApiResponse;
}

/** Makes a gateway over the stored APIs; each request sees them as they are then. */
export function createGateway(store: ApiStore): Gateway {
  const route = createRouter(store);
  const writeAccessLog = createAccessLogWriter(store);
  return async (apiId, request) => {
    const api = store.apis.get(apiId);
    const stage = store.stages.get(`${apiId}/$default`);
    if (api === undefined || stage === undefined) return gatewayResponse(404, 'Not Found');
    const preflight = answerPreflight(api.cors, request);
    if (preflight !== undefined) return preflight;
    const match = findRoute(store, apiId, request);
    const outcome: Outcome =
      match.type === 'refused'
        ? { response: match.response }
        : await route(api, stage, { request, match: match.match });
    if (outcome.reason !== undefined)
      store.cloud.log(`apigatewayv2: ${request.method} ${request.path}: ${outcome.reason}`);
    const { response, ...told } = outcome;
    const now = store.clock.now();
    const answered: AnsweredRequest = {
      ...told,
      apiId,
      request,
      ...(match.type === 'matched' ? { routeKey: match.match.route.routeKey } : {}),
      status: response.status,
      responseBytes: response.body.length,
      latencyMs: now - request.receivedAt,
    };
    void writeAccessLog(stage, answered);
    return withCorsHeaders(api.cors, request, response);
  };
}

type FoundRoute =
  | { readonly type: 'matched'; readonly match: RouteMatch }
  | { readonly type: 'refused'; readonly response: ApiResponse };

function findRoute(store: ApiStore, apiId: string, request: ApiRequest): FoundRoute {
  try {
    const match = matchRoute(partsOf(store.routes, apiId), request.method, request.rawPath);
    return match === undefined
      ? { type: 'refused', response: gatewayResponse(404, 'Not Found') }
      : { type: 'matched', match };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'URIError') throw error;
    return { type: 'refused', response: gatewayResponse(400, 'Bad Request') };
  }
}

type Router = (
  api: ApiRecord,
  stage: StageRecord,
  asked: { readonly request: ApiRequest; readonly match: RouteMatch },
) => Promise<Outcome>;

/** Throttle, authorizer, integration: in this order, each may answer for the rest. */
function createRouter(store: ApiStore): Router {
  const authorize = createAuthorize(store);
  const throttle = createThrottle();
  return async (api, stage, { request, match }) => {
    const { route } = match;
    const settings = { ...stage.defaultRouteSettings, ...stage.routeSettings[route.routeKey] };
    const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = settings;
    const limit =
      rate === undefined && burst === undefined ? undefined : { rate: rate ?? 10_000, burst: burst ?? 5_000 };
    if (limit !== undefined && !throttle(`${api.id}/${route.id}`, limit, store.clock.now())) {
      return { response: gatewayResponse(429, 'Too Many Requests') };
    }
    const integration = store.integrations.get(`${api.id}/${route.target?.replace('integrations/', '')}`);
    if (integration === undefined) {
      return {
        response: gatewayResponse(500, 'Internal Server Error'),
        reason: `The route ${route.routeKey} has no integration.`,
      };
    }
    const options: PayloadOptions = { accountId: store.cloud.accountId, api, stage, match, request };
    const authorizer = store.authorizers.get(`${api.id}/${route.authorizerId}`);
    if (authorizer === undefined) return integrate(store, integration, options);
    const verdict = await authorize(authorizer, options);
    if (verdict.type === 'allowed')
      return integrate(store, integration, { ...options, authorizerContext: verdict.context });
    return { response: verdict.response, ...(verdict.reason === undefined ? {} : { reason: verdict.reason }) };
  };
}

async function integrate(store: ApiStore, integration: IntegrationRecord, options: PayloadOptions): Promise<Outcome> {
  const { api, stage, match, request, authorizerContext } = options;
  const path = match.key.type === 'default' ? '/$default' : `/${request.method}${match.key.path}`;
  const startedAt = store.clock.now();
  const answer = await callFunction(store.cloud, {
    functionArn: integration.functionArn,
    sourceArn: executeArn(store, api.id, `${stage.name}${path}`),
    event: buildIntegrationEvent(options),
    timeoutMs: integration.timeoutMs,
  });
  const integrationLatencyMs = store.clock.now() - startedAt;
  return { ...toOutcome(answer, integration), integrationLatencyMs, authorizerContext };
}

function toOutcome(answer: FunctionAnswer, { functionArn, timeoutMs }: IntegrationRecord): Outcome {
  switch (answer.type) {
    case 'returned': {
      const response = parseFunctionResponse(answer.payload);
      if (response !== undefined) return { response };
      const reason = `The function ${functionArn} returned no response of payload format 2.0: ${answer.payload.slice(0, 500)}`;
      return { response: gatewayResponse(500, 'Internal Server Error'), reason };
    }
    case 'failed':
      return { response: gatewayResponse(500, 'Internal Server Error'), reason: answer.reason };
    case 'timed-out':
      return {
        response: gatewayResponse(503, 'Service Unavailable'),
        reason: `The function ${functionArn} did not answer within ${timeoutMs} ms.`,
      };
    case 'throttled':
      return {
        response: gatewayResponse(503, 'Service Unavailable'),
        reason: `The function ${functionArn} is throttled.`,
      };
    case 'too-large':
      return { response: gatewayResponse(413, 'Request Entity Too Large') };
  }
}
