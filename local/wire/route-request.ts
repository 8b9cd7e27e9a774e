import { AwsError } from '../core/aws-error.ts';
import type { ServiceName } from '../core/service.ts';
import { readSigningName } from './credential-scope.ts';
import type { HostedService } from './hosted-service.ts';
import { splitTarget } from './json-protocol.ts';
import type { WireRequest, WireResponse } from './message.ts';
import { readParameters } from './query-protocol.ts';
import { xmlElement } from './xml.ts';

/** The service that a request is for, or why there is none. */
export function routeRequest(
  services: ReadonlyMap<ServiceName, HostedService>,
  request: WireRequest,
): HostedService | AwsError {
  const hosted = [...services.values()];
  if (request.headers['smithy-protocol'] !== undefined)
    return new AwsError(
      'UnknownOperationException',
      `The protocol ${request.headers['smithy-protocol']} is not spoken here`,
    );
  if (request.headers['x-amz-target'] !== undefined) return routeJson(hosted, request);
  if (isForm(request)) return routeQuery(hosted, request);
  return routeRest(hosted, request);
}

/** Answers a request that reached no service, in the form its sender most likely reads. */
export function refuseUnroutable(error: AwsError, requestId: string, request?: WireRequest): WireResponse {
  const headers = { 'x-amzn-requestid': requestId, 'x-amzn-errortype': error.name };
  if (request?.headers['x-amz-target'] !== undefined || request?.headers['smithy-protocol'] !== undefined) {
    const body = JSON.stringify({ __type: error.name, message: error.message });
    return { status: error.status, headers: { ...headers, 'content-type': 'application/x-amz-json-1.1' }, body };
  }
  const content = xmlElement('Code', error.name) + xmlElement('Message', error.message);
  return {
    status: error.status,
    headers: { ...headers, 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<ErrorResponse><Error>${xmlElement('Type', 'Sender')}${content}</Error>${xmlElement('RequestId', requestId)}</ErrorResponse>`,
  };
}

function routeJson(hosted: readonly HostedService[], request: WireRequest): HostedService | AwsError {
  const [target, operation] = splitTarget(request);
  const found = hosted.find(({ description: { protocol } }) => protocol.type === 'json' && protocol.target === target);
  return (
    found ?? new AwsError('UnknownOperationException', `The local cloud has no service ${target} (for ${operation})`)
  );
}

function routeQuery(hosted: readonly HostedService[], request: WireRequest): HostedService | AwsError {
  const parameters = readParameters(request);
  const version = parameters.get('Version');
  const action = parameters.get('Action');
  if (action === null) return new AwsError('MissingAction', 'The request has no parameter Action');
  const found = hosted.find(
    ({ description: { protocol } }) => protocol.type === 'query' && protocol.version === version,
  );
  const service = readSigningName(request) ?? 'unsigned';
  return (
    found ??
    new AwsError(
      'InvalidAction',
      `The local cloud has no query service ${service} of version ${version} (for ${action})`,
    )
  );
}

/** REST requests name their service only in the signature; an unsigned one is for S3, as a public object is. */
function routeRest(hosted: readonly HostedService[], request: WireRequest): HostedService | AwsError {
  const name = readSigningName(request) ?? 's3';
  const found = hosted.find(
    ({ description }) => description.protocol.type.startsWith('rest-') && description.signingName === name,
  );
  return (
    found ??
    new AwsError(
      'UnknownService',
      `The local cloud has no REST service ${name} (for ${request.method} ${request.path})`,
      404,
    )
  );
}

function isForm(request: WireRequest): boolean {
  const type = request.headers['content-type'] ?? '';
  if (request.method === 'POST' && type.startsWith('application/x-www-form-urlencoded')) return true;
  return request.path === '/' && request.query.has('Action');
}
