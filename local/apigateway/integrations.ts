import type {
  CreateIntegrationRequest,
  DeleteIntegrationRequest,
  GetIntegrationsRequest,
  Integration,
  UpdateIntegrationRequest,
} from '@aws-sdk/client-apigatewayv2';
import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Handlers } from '../core/service.ts';
import {
  type ApiStore,
  badRequest,
  findApi,
  findPart,
  functionArnOf,
  type IntegrationRecord,
  newId,
  partsOf,
} from './api-store.ts';

const MEMBERS = [
  'ApiId',
  'IntegrationType',
  'IntegrationUri',
  'IntegrationMethod',
  'PayloadFormatVersion',
  'TimeoutInMillis',
  'Description',
  'ConnectionType',
];
const MIN_TIMEOUT_MS = 50;
const MAX_TIMEOUT_MS = 30_000;

/** The operations on integrations: Lambda proxies with payload format 2.0. */
export function createIntegrationHandlers(store: ApiStore): Handlers {
  return {
    CreateIntegration: (input: CreateIntegrationRequest) => {
      const { id: apiId } = findApi(store, input.ApiId);
      const integration = parseIntegration(input, { id: newId(7), apiId });
      store.integrations.set(`${apiId}/${integration.id}`, integration);
      return describe(integration);
    },
    UpdateIntegration: (input: UpdateIntegrationRequest) => {
      const { IntegrationId, ...changes } = input;
      const old = findPart(store.integrations, input.ApiId, IntegrationId);
      const integration = parseIntegration(changes, old);
      store.integrations.set(`${old.apiId}/${old.id}`, integration);
      return describe(integration);
    },
    DeleteIntegration: (input: DeleteIntegrationRequest) => deleteIntegration(store, input),
    GetIntegration: (input: DeleteIntegrationRequest) =>
      describe(findPart(store.integrations, input.ApiId, input.IntegrationId)),
    GetIntegrations: (input: GetIntegrationsRequest) => ({
      Items: partsOf(store.integrations, findApi(store, input.ApiId).id).map(describe),
    }),
  };
}

function parseIntegration(
  input: Omit<UpdateIntegrationRequest, 'IntegrationId'>,
  old: Partial<IntegrationRecord> & Pick<IntegrationRecord, 'id' | 'apiId'>,
): IntegrationRecord {
  refuseMembers(input, { operation: 'apigatewayv2 CreateIntegration', members: MEMBERS, code: 'BadRequestException' });
  const isNew = old.uri === undefined;
  if ((isNew || input.IntegrationType !== undefined) && input.IntegrationType !== 'AWS_PROXY') {
    throw badRequest(`IntegrationType ${input.IntegrationType}: the local cloud has AWS_PROXY to Lambda only.`);
  }
  if ((isNew || input.PayloadFormatVersion !== undefined) && input.PayloadFormatVersion !== '2.0') {
    throw badRequest(`PayloadFormatVersion ${input.PayloadFormatVersion}: the local cloud has 2.0 only.`);
  }
  if (input.ConnectionType !== undefined && input.ConnectionType !== 'INTERNET') {
    throw badRequest(`ConnectionType ${input.ConnectionType}: the local cloud has INTERNET only.`);
  }
  const uri = input.IntegrationUri ?? old.uri ?? '';
  const functionArn = functionArnOf(uri);
  if (functionArn === undefined) throw badRequest(`IntegrationUri ${uri} is no Lambda function's ARN.`);
  const timeoutMs = input.TimeoutInMillis ?? old.timeoutMs ?? MAX_TIMEOUT_MS;
  if (timeoutMs < MIN_TIMEOUT_MS || timeoutMs > MAX_TIMEOUT_MS) {
    throw badRequest(
      `TimeoutInMillis ${timeoutMs} is not allowed: ${MIN_TIMEOUT_MS} to ${MAX_TIMEOUT_MS} milliseconds.`,
    );
  }
  const description = input.Description ?? old.description;
  const method = input.IntegrationMethod ?? old.method ?? 'POST';
  return {
    id: old.id,
    apiId: old.apiId,
    uri,
    functionArn,
    method,
    timeoutMs,
    ...(description === undefined ? {} : { description }),
  };
}

function deleteIntegration(store: ApiStore, input: DeleteIntegrationRequest): object {
  const { apiId, id } = findPart(store.integrations, input.ApiId, input.IntegrationId);
  const user = partsOf(store.routes, apiId).find(({ target }) => target === `integrations/${id}`);
  if (user !== undefined) {
    throw new AwsError(
      'ConflictException',
      `Cannot delete Integration '${id}' as it is referenced by the route ${user.routeKey}`,
      409,
    );
  }
  store.integrations.delete(`${apiId}/${id}`);
  return {};
}

function describe(integration: IntegrationRecord): Integration {
  return {
    IntegrationId: integration.id,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: integration.uri,
    IntegrationMethod: integration.method,
    ConnectionType: 'INTERNET',
    PayloadFormatVersion: '2.0',
    TimeoutInMillis: integration.timeoutMs,
    ...(integration.description === undefined ? {} : { Description: integration.description }),
  };
}
