import { AwsError } from '../core/aws-error.ts';
import type { HostedService } from './hosted-service.ts';
import { readJson, writeJson } from './json.ts';
import type { ProtocolAdapter, WireRequest } from './message.ts';
import { findError, findOperation, type Operation, type ServiceModule } from './operation.ts';

const OPTIONS = { useJsonName: false };

/** AWS JSON 1.0 and 1.1: the operation stands in X-Amz-Target, input and output are JSON bodies. */
export const JSON_PROTOCOL: ProtocolAdapter = {
  findOperation: operationOf,

  readInput: (hosted, request) => readJson(operationOf(hosted, request).input, parseBody(request.body), OPTIONS),

  writeOutput: (operation, output, { hosted, requestId }) => ({
    status: 200,
    headers: { 'content-type': contentType(hosted.description.protocol), 'x-amzn-requestid': requestId },
    body: JSON.stringify(writeJson(operation.output, output ?? {}, OPTIONS) ?? {}),
  }),

  writeError: (error, { hosted, requestId }) => ({
    status: error.status,
    headers: {
      'content-type': contentType(hosted.description.protocol),
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': error.name,
      ...queryErrorHeader(hosted.module, error.name),
    },
    body: JSON.stringify({
      __type: error.name,
      message: error.message,
      ...writeErrorFields(hosted.module, error, OPTIONS.useJsonName),
    }),
  }),
};

function operationOf(hosted: HostedService, request: WireRequest): Operation {
  const name = splitTarget(request)[1];
  const operation = findOperation(hosted.module, name);
  if (operation !== undefined) return operation;
  throw new AwsError('UnknownOperationException', `${hosted.service.name} has no operation ${name}`);
}

/** Service and operation of an X-Amz-Target header, for example AWSStepFunctions and StartExecution. */
export function splitTarget(request: WireRequest): [string, string] {
  const target = request.headers['x-amz-target'] ?? '';
  const dot = target.lastIndexOf('.');
  return [target.slice(0, Math.max(dot, 0)), target.slice(dot + 1)];
}

/**
 * Parses a body that must be a JSON object; an empty body is one without members.
 * @throws SerializationException
 */
export function parseBody(body: Buffer): unknown {
  if (body.length === 0) return {};
  const value = parse(body);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new AwsError('SerializationException', 'The body must be a JSON object');
}

/** The modeled members of an error; members of an error that is not modeled are written as they are. */
export function writeErrorFields(module: ServiceModule, error: AwsError, useJsonName: boolean): object {
  const shape = findError(module, error.name);
  const fields = shape === undefined ? error.fields : writeJson(shape, error.fields, { useJsonName });
  return typeof fields === 'object' && fields !== null ? fields : {};
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AwsError('SerializationException', `The body is not JSON: ${reason}`);
  }
}

function contentType(protocol: { type: string; version?: string }): string {
  return `application/x-amz-json-${protocol.version ?? '1.1'}`;
}

/** Clients of a service that once spoke query (SQS) read the old code from here. */
function queryErrorHeader(module: ServiceModule, code: string): Record<string, string> {
  const old = findError(module, code)?.traits.awsQueryError;
  return old === undefined ? {} : { 'x-amzn-query-error': `${old[0]};Sender` };
}
