import { AwsError } from '../core/aws-error.ts';
import { isChecksum } from './body-checksums.ts';
import { readJson } from './json.ts';
import { parseBody } from './json-protocol.ts';
import type { WireRequest } from './message.ts';
import type { RouteMatch } from './rest-routes.ts';
import { readScalar } from './scalar.ts';
import type { Member, Shape, StructureShape } from './shape.ts';
import { readXmlDocument } from './xml-reader.ts';

export type RestDialect = 'rest-json' | 'rest-xml';

/** Headers of the transport, the signature and the retry, which are no members of any input. */
const TRANSPORT_HEADERS = new Set([
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-decoded-content-length',
  'x-amz-security-token',
  'x-amz-trailer',
  'x-amz-trailer-signature',
  'x-amz-user-agent',
]);

/** Gathers an input from path, address, headers and body. */
export function readRestInput(match: RouteMatch, request: WireRequest, dialect: RestDialect): unknown {
  const shape = match.operation.input;
  if (shape.type !== 'structure') return {};
  refuseUnbound(match, request, shape);
  const read: Record<string, unknown> = {};
  for (const member of shape.members.values()) {
    const value = readBound(member, match, request);
    if (value !== undefined) read[member.name] = value;
  }
  return { ...read, ...readBody(shape, request, dialect) };
}

/** Whether a member travels in the body together with others, and not in path, address or headers. */
export function isInBody({ traits }: Member): boolean {
  const { httpHeader, httpLabel, httpPayload, httpPrefixHeaders, httpQuery, httpQueryParams, httpResponseCode } =
    traits;
  const places = [httpHeader, httpLabel, httpPayload, httpPrefixHeaders, httpQuery, httpQueryParams, httpResponseCode];
  return places.every((place) => place === undefined);
}

function readBound(member: Member, { labels }: RouteMatch, { query, headers }: WireRequest): unknown {
  const { httpHeader, httpLabel, httpPrefixHeaders, httpQuery } = member.traits;
  if (httpLabel !== undefined) {
    const label = labels[member.name];
    return label === undefined ? undefined : readScalar(member.shape, decode(label));
  }
  if (httpQuery !== undefined)
    return query.has(httpQuery) ? readTexts(member.shape, query.getAll(httpQuery)) : undefined;
  if (httpHeader !== undefined) {
    const header = headers[httpHeader.toLowerCase()];
    return header === undefined ? undefined : readTexts(member.shape, splitHeader(member.shape, header));
  }
  return httpPrefixHeaders === undefined ? undefined : readPrefixHeaders(httpPrefixHeaders, headers);
}

function readTexts(shape: Shape, texts: readonly string[]): unknown {
  if (shape.type === 'list') return texts.map((text) => readScalar(shape.element.shape, text));
  return readScalar(shape, texts[0] ?? '');
}

function splitHeader(shape: Shape, header: string): string[] {
  return shape.type === 'list' ? header.split(',').map((item) => item.trim()) : [header];
}

function readPrefixHeaders(prefix: string, headers: Readonly<Record<string, string>>): unknown {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix.toLowerCase()));
  return found.length === 0
    ? undefined
    : Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]));
}

function readBody(shape: StructureShape, request: WireRequest, dialect: RestDialect): object {
  const members = [...shape.members.values()];
  const payload = members.find(({ traits }) => traits.httpPayload !== undefined);
  if (payload !== undefined) return readPayload(payload, request, dialect);
  const inBody = members.filter(isInBody);
  if (request.body.length === 0) return {};
  if (inBody.length === 0)
    throw new AwsError('InvalidRequest', 'This operation takes no body, but the request has one');
  const bodyShape: Shape = { ...shape, members: new Map(inBody.map((member) => [member.name, member])) };
  return Object(readDocument(bodyShape, request.body, dialect));
}

function readPayload(payload: Member, { body }: WireRequest, dialect: RestDialect): object {
  if (payload.shape.type === 'blob') return { [payload.name]: body };
  if (body.length === 0) return {};
  if (payload.shape.type === 'string') return { [payload.name]: body.toString('utf8') };
  return { [payload.name]: readDocument(payload.shape, body, dialect) };
}

function readDocument(shape: Shape, body: Buffer, dialect: RestDialect): unknown {
  if (dialect === 'rest-xml') return readXmlDocument(shape, body.toString('utf8'));
  return readJson(shape, parseBody(body), { useJsonName: true });
}

/** Parameters and x-amz headers that no member takes would be ignored otherwise. */
function refuseUnbound({ operation }: RouteMatch, request: WireRequest, shape: StructureShape): void {
  const members = [...shape.members.values()].map(({ traits }) => traits);
  const address = operation.traits.http?.[1] ?? '';
  const fixed = new URLSearchParams(address.split('?')[1] ?? '');
  if (!members.some(({ httpQueryParams }) => httpQueryParams !== undefined))
    for (const name of request.query.keys()) {
      if (isOfSignature(name) || name === 'x-id' || fixed.has(name)) continue;
      if (members.some(({ httpQuery }) => httpQuery === name)) continue;
      throw new AwsError('InvalidArgument', `${operation.name} has no query parameter ${name}`);
    }
  for (const name of Object.keys(request.headers)) {
    if (!name.startsWith('x-amz-') || TRANSPORT_HEADERS.has(name)) continue;
    // Verified before this, for operations that do not model them too.
    if (isChecksum(name)) continue;
    if (members.some(({ httpHeader }) => httpHeader?.toLowerCase() === name)) continue;
    if (members.some(({ httpPrefixHeaders: prefix }) => prefix !== undefined && name.startsWith(prefix))) continue;
    throw new AwsError('NotImplemented', `${operation.name} does not know the header ${name}`, 501);
  }
}

/** Parameters of a presigned address, in its present and its old form. */
function isOfSignature(parameter: string): boolean {
  return parameter.startsWith('X-Amz-') || ['AWSAccessKeyId', 'Expires', 'Signature'].includes(parameter);
}

function decode(label: string): string {
  try {
    return decodeURIComponent(label);
  } catch {
    throw new AwsError('InvalidURI', `The path holds ${label.slice(0, 80)}, which is not percent-encoded UTF-8`);
  }
}
