import { AwsError } from '../core/aws-error.ts';
import type { WireRequest } from './message.ts';

/**
 * Unwraps a body in aws-chunked coding, as SDKs send streams: sized chunks (signatures are not verified), then trailers,
 * which become headers. Other requests come back as they are.
 * @throws IncompleteBody, InvalidChunkSizeError
 */
export function unwrapChunks(request: WireRequest): WireRequest {
  if (!isChunked(request)) return request;
  const { headers } = request;
  const { content, trailers } = splitChunks(request.body);
  const expectedBytes = headers['x-amz-decoded-content-length'];
  if (expectedBytes !== undefined && Number(expectedBytes) !== content.length)
    throw incomplete(`x-amz-decoded-content-length is ${expectedBytes}, but the chunks hold ${content.length} bytes`);
  const { 'content-encoding': encoding, ...others } = headers;
  const left = codings(encoding).filter((coding) => coding !== 'aws-chunked');
  return {
    ...request,
    body: content,
    headers: { ...others, ...trailers, ...(left.length === 0 ? {} : { 'content-encoding': left.join(',') }) },
  };
}

function isChunked({ headers }: WireRequest): boolean {
  if (headers['x-amz-content-sha256']?.startsWith('STREAMING-')) return true;
  return codings(headers['content-encoding']).includes('aws-chunked');
}

function codings(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '');
}

function splitChunks(body: Buffer): { content: Buffer; trailers: Record<string, string> } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf('\r\n', at);
    if (end < 0) throw incomplete('a chunk has no size line');
    const size = body.toString('latin1', at, end).split(';')[0] ?? '';
    if (!/^[0-9a-fA-F]{1,12}$/.test(size))
      throw new AwsError('InvalidChunkSizeError', `"${size.slice(0, 40)}" is not a chunk size in hexadecimal`);
    const bytes = Number.parseInt(size, 16);
    at = end + 2;
    if (bytes === 0) break;
    if (at + bytes + 2 > body.length) throw incomplete(`a chunk of ${bytes} bytes is cut off`);
    chunks.push(body.subarray(at, at + bytes));
    at += bytes + 2;
  }
  return { content: Buffer.concat(chunks), trailers: readTrailers(body.toString('latin1', at)) };
}

function readTrailers(text: string): Record<string, string> {
  const lines = text.split('\r\n').filter((line) => line.includes(':'));
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

function incomplete(detail: string): AwsError {
  return new AwsError('IncompleteBody', `The body in aws-chunked coding is incomplete: ${detail}`);
}
