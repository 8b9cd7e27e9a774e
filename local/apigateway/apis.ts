import type {
  Api,
  CreateApiRequest,
  DeleteApiRequest,
  GetApisRequest,
  GetApisResponse,
  UpdateApiRequest,
} from '@aws-sdk/client-apigatewayv2';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Handlers } from '../core/service.ts';
import { type ApiRecord, type ApiStore, badRequest, findApi, newId, partsOf } from './api-store.ts';
import type { Listeners } from './listeners.ts';

const MEMBERS = [
  'Name',
  'ProtocolType',
  'Description',
  'Version',
  'CorsConfiguration',
  'RouteSelectionExpression',
  'ApiKeySelectionExpression',
  'DisableExecuteApiEndpoint',
  'IpAddressType',
];
const ROUTE_SELECTION = '$request.method $request.path';

/** The operations on APIs; each API listens on a port of its own as long as it is there. */
export function createApiHandlers(store: ApiStore, listeners: Listeners): Handlers {
  return {
    CreateApi: (input: CreateApiRequest) => createApi(store, listeners, input),
    UpdateApi: (input: UpdateApiRequest) => updateApi(store, input),
    DeleteApi: (input: DeleteApiRequest) => deleteApi(store, listeners, input),
    GetApi: (input: DeleteApiRequest) => describeApi(findApi(store, input.ApiId)),
    GetApis: (input: GetApisRequest) => getApis(store, input),
    DeleteCorsConfiguration: (input: DeleteApiRequest) => {
      const { cors: _, ...api } = findApi(store, input.ApiId);
      store.apis.set(api.id, api);
      return {};
    },
  };
}

/** Where an API listens; on AWS it would be https and a name. */
function endpointOf(api: ApiRecord): string {
  return `http://127.0.0.1:${api.port}`;
}

async function createApi(store: ApiStore, listeners: Listeners, input: CreateApiRequest): Promise<Api> {
  refuseMembers(input, {
    operation: 'apigatewayv2 CreateApi',
    members: [...MEMBERS, 'Tags'],
    code: 'BadRequestException',
  });
  checkApi(input);
  if (input.ProtocolType !== 'HTTP') {
    throw badRequest(`ProtocolType ${input.ProtocolType}: the local cloud has HTTP APIs only.`);
  }
  if (!input.Name) throw badRequest('Name is required.');
  const draft = {
    id: newId(10),
    name: input.Name,
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.Version === undefined ? {} : { version: input.Version }),
    ...(input.CorsConfiguration === undefined ? {} : { cors: input.CorsConfiguration }),
    createdAt: store.clock.now(),
    tags: { ...input.Tags },
  };
  return describeApi(await listeners.open(draft));
}

function updateApi(store: ApiStore, input: UpdateApiRequest): Api {
  refuseMembers(input, {
    operation: 'apigatewayv2 UpdateApi',
    members: [...MEMBERS, 'ApiId'],
    code: 'BadRequestException',
  });
  checkApi(input);
  const old = findApi(store, input.ApiId);
  const api: ApiRecord = {
    ...old,
    name: input.Name ?? old.name,
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.Version === undefined ? {} : { version: input.Version }),
    ...(input.CorsConfiguration === undefined ? {} : { cors: input.CorsConfiguration }),
  };
  store.apis.set(api.id, api);
  return describeApi(api);
}

async function deleteApi(store: ApiStore, listeners: Listeners, input: DeleteApiRequest): Promise<object> {
  const { id } = findApi(store, input.ApiId);
  for (const parts of [store.routes, store.integrations, store.authorizers]) {
    for (const part of partsOf<{ readonly apiId: string; readonly id: string }>(parts, id))
      parts.delete(`${id}/${part.id}`);
  }
  store.stages.delete(`${id}/$default`);
  store.apis.delete(id);
  await listeners.close(id);
  return {};
}

function getApis(store: ApiStore, input: GetApisRequest): GetApisResponse {
  const found = store.apis
    .values()
    .filter(({ id }) => id > (input.NextToken ?? ''))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const page = found.slice(0, input.MaxResults === undefined ? found.length : Number(input.MaxResults));
  const last = page.at(-1);
  return {
    Items: page.map(describeApi),
    ...(found.length > page.length && last !== undefined ? { NextToken: last.id } : {}),
  };
}

function checkApi(input: Omit<UpdateApiRequest, 'ApiId'>): void {
  if (input.RouteSelectionExpression !== undefined && input.RouteSelectionExpression !== ROUTE_SELECTION) {
    throw badRequest(
      `RouteSelectionExpression ${input.RouteSelectionExpression}: an HTTP API has ${ROUTE_SELECTION} only.`,
    );
  }
  if (input.DisableExecuteApiEndpoint === true) {
    throw badRequest(
      'DisableExecuteApiEndpoint: the local cloud has no custom domains, so nobody could reach the API.',
    );
  }
  if (input.IpAddressType !== undefined && input.IpAddressType !== 'ipv4') {
    throw badRequest(`IpAddressType ${input.IpAddressType}: the local cloud listens on ipv4 only.`);
  }
}

function describeApi(api: ApiRecord): Api {
  return {
    ApiId: api.id,
    ApiEndpoint: endpointOf(api),
    Name: api.name,
    ProtocolType: 'HTTP',
    RouteSelectionExpression: ROUTE_SELECTION,
    ApiKeySelectionExpression: '$request.header.x-api-key',
    DisableExecuteApiEndpoint: false,
    IpAddressType: 'ipv4',
    CreatedDate: new Date(api.createdAt),
    ...(api.description === undefined ? {} : { Description: api.description }),
    ...(api.version === undefined ? {} : { Version: api.version }),
    ...(api.cors === undefined ? {} : { CorsConfiguration: api.cors }),
    Tags: { ...api.tags },
  };
}
