import { AwsError } from '../core/aws-error.ts';
import { unwrapChunks } from './aws-chunked.ts';
import { verifyBody } from './body-checksums.ts';
import type { HostedService } from './hosted-service.ts';
import { writeJson } from './json.ts';
import { writeErrorFields } from './json-protocol.ts';
import type { AnswerContext, ProtocolAdapter, WireRequest, WireResponse } from './message.ts';
import { findError, type Operation } from './operation.ts';
import { isInBody, type RestDialect, readRestInput } from './rest-input.ts';
import { matchRoute, type RouteMatch } from './rest-routes.ts';
import { writeScalar } from './scalar.ts';
import type { Member, Shape } from './shape.ts';
import { escapeXml, writeXmlMembers, xmlElement } from './xml.ts';

/** The REST protocols: rest-xml (S3, path style) and rest-json (Lambda, API Gateway). */
export function restProtocol(dialect: RestDialect): ProtocolAdapter {
  return {
    findOperation: (hosted, request) => route(hosted, request).operation,

    readInput(hosted, request) {
      const unwrapped = unwrapChunks(request);
      verifyBody(unwrapped);
      return readRestInput(route(hosted, unwrapped), unwrapped, dialect);
    },

    writeOutput: (operation, output, context) => writeOutput(operation, Object(output), { ...context, dialect }),

    writeError: (error, context) => (dialect === 'rest-xml' ? xmlError(error, context) : jsonError(error, context)),
  };
}

function route(hosted: HostedService, request: WireRequest): RouteMatch {
  const match = matchRoute(hosted.module, request);
  if (match !== undefined) return match;
  const { name } = hosted.service;
  throw new AwsError('MethodNotAllowed', `${name} has no operation ${request.method} ${request.path}`, 405);
}

interface Writing extends AnswerContext {
  readonly dialect: RestDialect;
}

function writeOutput(operation: Operation, output: Record<string, unknown>, writing: Writing): WireResponse {
  const members = operation.output.type === 'structure' ? [...operation.output.members.values()] : [];
  const code = members.find(({ traits }) => traits.httpResponseCode !== undefined);
  const given = code === undefined ? undefined : output[code.name];
  const { body, contentType } = writeBody(operation, output, writing);
  return {
    status: typeof given === 'number' ? given : statusOf(operation, output),
    headers: {
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
      ...requestIds(writing),
      ...Object.fromEntries(members.flatMap((member) => writeHeaders(member, output[member.name]))),
    },
    body,
  };
}

/** S3 answers a part of an object with 206, which its schema does not say. */
function statusOf({ name, traits }: Operation, output: Record<string, unknown>): number {
  if (name === 'GetObject' && output['ContentRange'] !== undefined) return 206;
  return traits.http?.[2] ?? 200;
}

function writeHeaders({ traits, shape }: Member, value: unknown): [string, string][] {
  if (value === undefined || value === null) return [];
  if (traits.httpHeader !== undefined) return [[traits.httpHeader.toLowerCase(), writeHeader(shape, value)]];
  const prefix = traits.httpPrefixHeaders;
  if (prefix === undefined) return [];
  return Object.entries(value).map(([name, text]) => [`${prefix}${name}`.toLowerCase(), String(text)]);
}

function writeHeader(shape: Shape, value: unknown): string {
  if (shape.type === 'list' && Array.isArray(value))
    return value.map((item) => writeScalar(shape.element.shape, item, 'http-date')).join(',');
  return writeScalar(shape, value, 'http-date');
}

interface Body {
  readonly body: Uint8Array | string;
  readonly contentType?: string;
}

function writeBody({ output: shape }: Operation, output: Record<string, unknown>, writing: Writing): Body {
  if (shape.type !== 'structure') return { body: '' };
  const members = [...shape.members.values()];
  const payload = members.find(({ traits }) => traits.httpPayload !== undefined);
  if (payload !== undefined) return writePayload(payload, output[payload.name], writing);
  const inBody = members.filter(isInBody);
  if (inBody.length === 0) return { body: '' };
  const bodyShape = { ...shape, members: new Map(inBody.map((member) => [member.name, member])) };
  return writeDocument(bodyShape, output, { writing, rootName: shape.traits.xmlName ?? shape.name });
}

function writePayload(payload: Member, value: unknown, writing: Writing): Body {
  if (value === undefined || value === null) return { body: '' };
  if (ArrayBuffer.isView(value)) return { body: new Uint8Array(value.buffer, value.byteOffset, value.byteLength) };
  if (typeof value === 'string') return { body: value };
  const rootName = payload.traits.xmlName ?? (payload.shape.type === 'structure' ? payload.shape.name : payload.name);
  return writeDocument(payload.shape, value, { writing, rootName });
}

function writeDocument(shape: Shape, value: unknown, to: { writing: Writing; rootName: string }): Body {
  const { writing, rootName } = to;
  if (writing.dialect === 'rest-json')
    return {
      body: JSON.stringify(writeJson(shape, value, { useJsonName: true }) ?? {}),
      contentType: 'application/json',
    };
  const { protocol } = writing.hosted.description;
  const namespace = protocol.type === 'rest-xml' ? protocol.xmlNamespace : '';
  const xml = `<${rootName} xmlns="${escapeXml(namespace)}">${writeContent(shape, value, rootName)}</${rootName}>`;
  return { body: `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`, contentType: 'application/xml' };
}

/** GetBucketLocation's answer is its only member: `<LocationConstraint>eu-west-1</LocationConstraint>`. */
function writeContent(shape: Shape, value: unknown, rootName: string): string {
  const content = writeXmlMembers(shape, value);
  const isUnwrapped = shape.type === 'structure' && shape.members.size === 1 && shape.members.has(rootName);
  return isUnwrapped ? content.replace(`<${rootName}>`, '').replace(`</${rootName}>`, '') : content;
}

function xmlError(error: AwsError, context: AnswerContext): WireResponse {
  const shape = findError(context.hosted.module, error.name);
  const fields =
    shape === undefined
      ? Object.entries(error.fields)
          .map(([name, value]) => xmlElement(name, String(value)))
          .join('')
      : writeXmlMembers(shape, error.fields);
  const { protocol } = context.hosted.description;
  const wraps = protocol.type === 'rest-xml' && protocol.wrapsErrors === true;
  const sender = wraps ? xmlElement('Type', error.status < 500 ? 'Sender' : 'Receiver') : '';
  const content = `${sender}${xmlElement('Code', error.name)}${xmlElement('Message', error.message)}${fields}`;
  const requestId = xmlElement('RequestId', context.requestId);
  const document = wraps
    ? `<ErrorResponse xmlns="${escapeXml(protocol.xmlNamespace)}"><Error>${content}</Error>${requestId}</ErrorResponse>`
    : `<Error>${content}${requestId}</Error>`;
  return {
    status: error.status,
    headers: { 'content-type': 'application/xml', ...requestIds(context) },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${document}`,
  };
}

function jsonError(error: AwsError, context: AnswerContext): WireResponse {
  const shape = findError(context.hosted.module, error.name);
  const inHeaders = [...(shape?.members.values() ?? [])].filter(({ traits }) => traits.httpHeader !== undefined);
  const headers = inHeaders.flatMap((member) => writeHeaders(member, error.fields[member.name]));
  const inBody = Object.entries(error.fields).filter(([name]) => !inHeaders.some((member) => member.name === name));
  const told = new AwsError(error.name, error.message, error.status, Object.fromEntries(inBody));
  return {
    status: error.status,
    headers: {
      'content-type': 'application/json',
      'x-amzn-errortype': error.name,
      ...Object.fromEntries(headers),
      ...requestIds(context),
    },
    body: JSON.stringify({ message: error.message, ...writeErrorFields(context.hosted.module, told, true) }),
  };
}

/** S3 has a header of its own for what the other services call x-amzn-requestid. */
function requestIds({ requestId }: AnswerContext): Record<string, string> {
  return { 'x-amzn-requestid': requestId, 'x-amz-request-id': requestId };
}
