import type {
  CreateRouteRequest,
  DeleteRouteRequest,
  GetRoutesRequest,
  Route,
  UpdateRouteRequest,
} from '@aws-sdk/client-apigatewayv2';
import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Handlers } from '../core/service.ts';
import { type ApiStore, badRequest, findApi, findPart, newId, partsOf, type RouteRecord } from './api-store.ts';
import { parseRouteKey } from './route-match.ts';

const MEMBERS = ['ApiId', 'RouteKey', 'Target', 'AuthorizationType', 'AuthorizerId', 'OperationName', 'ApiKeyRequired'];

/** The operations on routes. */
export function createRouteHandlers(store: ApiStore): Handlers {
  return {
    CreateRoute: (input: CreateRouteRequest) => {
      const { id: apiId } = findApi(store, input.ApiId);
      const route = parseRoute(store, input, { id: newId(7), apiId });
      store.routes.set(`${apiId}/${route.id}`, route);
      return describeRoute(route);
    },
    UpdateRoute: (input: UpdateRouteRequest) => {
      const { RouteId, ...changes } = input;
      const old = findPart(store.routes, input.ApiId, RouteId);
      const route = parseRoute(store, changes, old);
      store.routes.set(`${route.apiId}/${route.id}`, route);
      return describeRoute(route);
    },
    DeleteRoute: (input: DeleteRouteRequest) => {
      const { apiId, id } = findPart(store.routes, input.ApiId, input.RouteId);
      store.routes.delete(`${apiId}/${id}`);
      return {};
    },
    GetRoute: (input: DeleteRouteRequest) => describeRoute(findPart(store.routes, input.ApiId, input.RouteId)),
    GetRoutes: (input: GetRoutesRequest) => ({
      Items: partsOf(store.routes, findApi(store, input.ApiId).id).map(describeRoute),
    }),
  };
}

function parseRoute(
  store: ApiStore,
  input: Omit<UpdateRouteRequest, 'RouteId'>,
  old: Partial<RouteRecord> & Pick<RouteRecord, 'id' | 'apiId'>,
): RouteRecord {
  refuseMembers(input, { operation: 'apigatewayv2 CreateRoute', members: MEMBERS, code: 'BadRequestException' });
  const { id, apiId } = old;
  const routeKey = input.RouteKey ?? old.routeKey ?? '';
  if (parseRouteKey(routeKey) === undefined) {
    throw badRequest(
      `The provided route key is not formatted properly for HTTP protocol: ${routeKey}. Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"`,
    );
  }
  if (partsOf(store.routes, apiId).some((route) => route.routeKey === routeKey && route.id !== id)) {
    throw new AwsError('ConflictException', `Route with key ${routeKey} already exists for this API`, 409);
  }
  const target = input.Target ?? old.target;
  if (target !== undefined) findPart(store.integrations, apiId, /^integrations\/(\w+)$/.exec(target)?.[1]);
  const authorizerId = parseAuthorization(input) ? (input.AuthorizerId ?? old.authorizerId) : undefined;
  if (authorizerId !== undefined) findPart(store.authorizers, apiId, authorizerId);
  const operationName = input.OperationName ?? old.operationName;
  return {
    id,
    apiId,
    routeKey,
    ...(target === undefined ? {} : { target }),
    ...(authorizerId === undefined ? {} : { authorizerId }),
    ...(operationName === undefined ? {} : { operationName }),
  };
}

/** Whether the route may have an authorizer. */
function parseAuthorization(input: Omit<UpdateRouteRequest, 'RouteId'>): boolean {
  if (input.ApiKeyRequired === true) throw badRequest('ApiKeyRequired is supported only for WebSocket APIs.');
  switch (input.AuthorizationType) {
    case undefined:
      return true;
    case 'CUSTOM':
      if (input.AuthorizerId === undefined) throw badRequest('AuthorizationType CUSTOM needs an AuthorizerId.');
      return true;
    case 'NONE':
      return false;
    default:
      throw badRequest(`AuthorizationType ${input.AuthorizationType}: the local cloud takes NONE and CUSTOM.`);
  }
}

function describeRoute(route: RouteRecord): Route {
  return {
    RouteId: route.id,
    RouteKey: route.routeKey,
    ApiKeyRequired: false,
    AuthorizationType: route.authorizerId === undefined ? 'NONE' : 'CUSTOM',
    ...(route.authorizerId === undefined ? {} : { AuthorizerId: route.authorizerId }),
    ...(route.target === undefined ? {} : { Target: route.target }),
    ...(route.operationName === undefined ? {} : { OperationName: route.operationName }),
  };
}
