import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** An HTTP request as the gateway has read it. `receivedAt` is epoch milliseconds. */
export interface ApiRequest {
  readonly id: string;
  readonly method: string;
  /** As it was sent. */
  readonly rawPath: string;
  /** Decoded, which is what HTTP APIs hand on. */
  readonly path: string;
  readonly rawQuery: string;
  /** Names in lower case, values of one name joined by commas, without cookies. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly protocol: string;
  readonly receivedAt: number;
}

const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** Reads a request; undefined when its body is larger than the 10 MB that an HTTP API takes. */
export async function readApiRequest(
  message: IncomingMessage,
  port: number,
  receivedAt: number,
): Promise<ApiRequest | undefined> {
  const body = await readBody(message);
  if (body === undefined) return undefined;
  const [rawPath = '/', ...query] = (message.url ?? '/').split('?');
  const sourceIp = message.socket.remoteAddress ?? '127.0.0.1';
  const { cookie, ...headers } = joinHeaders(message.headersDistinct);
  return {
    id: `${randomBytes(11).toString('base64url')}=`,
    method: message.method ?? 'GET',
    rawPath,
    path: decodeLoosely(rawPath),
    rawQuery: query.join('?'),
    headers: {
      ...headers,
      'x-amzn-trace-id': headers['x-amzn-trace-id'] ?? newTraceId(receivedAt),
      'x-forwarded-for': [headers['x-forwarded-for'], sourceIp].filter((part) => part !== undefined).join(', '),
      'x-forwarded-port': String(port),
      'x-forwarded-proto': 'http',
    },
    cookies: cookie === undefined ? [] : cookie.split(/; */).filter((part) => part !== ''),
    body,
    sourceIp,
    protocol: `HTTP/${message.httpVersion}`,
    receivedAt,
  };
}

async function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message) {
    bytes += chunk.length;
    // The rest is still read, so that the client is there to hear the refusal.
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks);
}

function joinHeaders(headers: IncomingMessage['headersDistinct']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, values]) => [name, (values ?? []).join(name === 'cookie' ? '; ' : ',')]),
  );
}

/** A malformed escape is refused where the route is matched; here the path stays as it was sent. */
function decodeLoosely(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function newTraceId(receivedAt: number): string {
  return `Root=1-${Math.floor(receivedAt / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
}
