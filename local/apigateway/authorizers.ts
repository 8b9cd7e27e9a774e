import type {
  Authorizer,
  CreateAuthorizerRequest,
  DeleteAuthorizerRequest,
  GetAuthorizersRequest,
  UpdateAuthorizerRequest,
} from '@aws-sdk/client-apigatewayv2';
import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Handlers } from '../core/service.ts';
import {
  type ApiStore,
  type AuthorizerRecord,
  badRequest,
  findApi,
  findPart,
  functionArnOf,
  newId,
  partsOf,
} from './api-store.ts';
import { isIdentitySource } from './identity-source.ts';

const MEMBERS = [
  'ApiId',
  'Name',
  'AuthorizerType',
  'AuthorizerUri',
  'AuthorizerPayloadFormatVersion',
  'AuthorizerResultTtlInSeconds',
  'EnableSimpleResponses',
  'IdentitySource',
];

/** The operations on authorizers: Lambda functions with payload format 2.0 and simple responses. */
export function createAuthorizerHandlers(store: ApiStore): Handlers {
  return {
    CreateAuthorizer: (input: CreateAuthorizerRequest) => {
      const { id: apiId } = findApi(store, input.ApiId);
      const authorizer = parseAuthorizer(input, { id: newId(7), apiId });
      store.authorizers.set(`${apiId}/${authorizer.id}`, authorizer);
      return describe(authorizer);
    },
    UpdateAuthorizer: (input: UpdateAuthorizerRequest) => {
      const { AuthorizerId, ...changes } = input;
      const old = findPart(store.authorizers, input.ApiId, AuthorizerId);
      const authorizer = parseAuthorizer(changes, old);
      store.authorizers.set(`${old.apiId}/${old.id}`, authorizer);
      return describe(authorizer);
    },
    DeleteAuthorizer: (input: DeleteAuthorizerRequest) => deleteAuthorizer(store, input),
    GetAuthorizer: (input: DeleteAuthorizerRequest) =>
      describe(findPart(store.authorizers, input.ApiId, input.AuthorizerId)),
    GetAuthorizers: (input: GetAuthorizersRequest) => ({
      Items: partsOf(store.authorizers, findApi(store, input.ApiId).id).map(describe),
    }),
  };
}

function parseAuthorizer(
  input: Omit<UpdateAuthorizerRequest, 'AuthorizerId'>,
  old: Partial<AuthorizerRecord> & Pick<AuthorizerRecord, 'id' | 'apiId'>,
): AuthorizerRecord {
  refuseMembers(input, { operation: 'apigatewayv2 CreateAuthorizer', members: MEMBERS, code: 'BadRequestException' });
  checkKind(input, old.uri === undefined);
  const uri = input.AuthorizerUri ?? old.uri ?? '';
  const functionArn = functionArnOf(uri);
  if (functionArn === undefined) throw badRequest(`AuthorizerUri ${uri} is no Lambda function's ARN.`);
  const identitySource = input.IdentitySource ?? old.identitySource ?? [];
  const unknown = identitySource.find((source) => !isIdentitySource(source));
  if (unknown !== undefined) {
    throw badRequest(
      `IdentitySource ${unknown} is not one of $request.header.<name>, $request.querystring.<name>, $context.routeKey and $stageVariables.<name>.`,
    );
  }
  const ttlSeconds = input.AuthorizerResultTtlInSeconds ?? old.ttlSeconds ?? 0;
  if (ttlSeconds < 0 || ttlSeconds > 3600) {
    throw badRequest(`AuthorizerResultTtlInSeconds ${ttlSeconds} is not allowed: 0 to 3600 seconds.`);
  }
  if (ttlSeconds > 0 && identitySource.length === 0)
    throw badRequest('Caching authorizer results needs an IdentitySource.');
  return {
    id: old.id,
    apiId: old.apiId,
    name: input.Name ?? old.name ?? '',
    uri,
    functionArn,
    identitySource,
    ttlSeconds,
  };
}

/** An update may leave out what cannot change. */
function checkKind(input: Omit<UpdateAuthorizerRequest, 'AuthorizerId'>, isNew: boolean): void {
  const wanted = {
    AuthorizerType: 'REQUEST',
    AuthorizerPayloadFormatVersion: '2.0',
    EnableSimpleResponses: true,
  } as const;
  for (const name of ['AuthorizerType', 'AuthorizerPayloadFormatVersion', 'EnableSimpleResponses'] as const) {
    if (input[name] === wanted[name] || (!isNew && input[name] === undefined)) continue;
    throw badRequest(`${name} ${input[name]}: the local cloud has ${name} ${wanted[name]} only.`);
  }
}

function deleteAuthorizer(store: ApiStore, input: DeleteAuthorizerRequest): object {
  const { apiId, id } = findPart(store.authorizers, input.ApiId, input.AuthorizerId);
  const user = partsOf(store.routes, apiId).find(({ authorizerId }) => authorizerId === id);
  if (user !== undefined) {
    throw new AwsError(
      'ConflictException',
      `Cannot delete authorizer '${id}', is referenced by the route ${user.routeKey}`,
      409,
    );
  }
  store.authorizers.delete(`${apiId}/${id}`);
  return {};
}

function describe(authorizer: AuthorizerRecord): Authorizer {
  return {
    AuthorizerId: authorizer.id,
    Name: authorizer.name,
    AuthorizerType: 'REQUEST',
    AuthorizerUri: authorizer.uri,
    AuthorizerPayloadFormatVersion: '2.0',
    AuthorizerResultTtlInSeconds: authorizer.ttlSeconds,
    EnableSimpleResponses: true,
    IdentitySource: [...authorizer.identitySource],
  };
}
