import type { Logger } from '@aws-lambda-powertools/logger';
import middy, { type MiddyfiedHandler } from '@middy/core';
import httpRouter from '@middy/http-router';
import type { Operation, RouteGroup } from '../../lib/contract/route.ts';
import { routes } from '../../lib/contract/routes.ts';
import { problemDocuments } from '../middleware.ts';
import { type ApiEvent, type ApiRequest, readRequest } from './api-request.ts';
import type { ApiResponse } from './api-response.ts';
import { answerUnknownRoute } from './unknown-route.ts';

/** Answers one operation of the contract. */
export type ApiHandler = (request: ApiRequest) => Promise<ApiResponse>;

export interface ApiSpec {
  readonly group: RouteGroup;
  /** Exactly the operations of the group. */
  readonly handlers: Partial<Record<Operation, ApiHandler>>;
  readonly logger: Logger;
}

/** The Lambda handler of a group: routes from the contract's table, errors to problem documents. */
export function createApi({ group, handlers, logger }: ApiSpec): MiddyfiedHandler<ApiEvent, ApiResponse> {
  const router = httpRouter<ApiEvent, ApiResponse>({
    routes: routes
      .filter((route) => route.group === group)
      .map(({ method, path, operation }) => ({
        method,
        path,
        handler: answering(handlerOf(handlers, operation), logger),
      })),
    notFoundResponse: answerUnknownRoute,
  });
  return middy<ApiEvent, ApiResponse>()
    .use(problemDocuments(logger))
    .handler((event, context, options) =>
      endsInSlash(event) ? answerUnknownRoute(requestOf(event)) : router(event, context, options),
    );
}

/** API Gateway knows no route by such a path; the router, which would, must not make some of them work. */
function endsInSlash(event: ApiEvent): boolean {
  const { path } = requestOf(event);
  return path !== '/' && path.endsWith('/');
}

function requestOf({ requestContext }: ApiEvent): { readonly method: string; readonly path: string } {
  return requestContext.http;
}

function handlerOf(handlers: ApiSpec['handlers'], operation: Operation): ApiHandler {
  const handler = handlers[operation];
  if (handler === undefined) throw new Error(`no handler for the operation ${operation}`);
  return handler;
}

function answering(handler: ApiHandler, logger: Logger): (event: ApiEvent) => Promise<ApiResponse> {
  return async (event) => {
    const request = readRequest(event);
    logger.resetKeys();
    logger.appendKeys({
      requestId: request.requestId,
      route: event.routeKey,
      kafkaService: request.service,
      requestedBy: request.requestedBy,
    });
    const response = await handler(request);
    logger.info('answered', { status: response.statusCode });
    return response;
  };
}
