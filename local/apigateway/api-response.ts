/** The answer to an HTTP request. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

/** An answer of the gateway itself. */
export function gatewayResponse(status: number, message: string): ApiResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    cookies: [],
    body: Buffer.from(JSON.stringify({ message })),
  };
}

/**
 * The HTTP response in what a function returned (payload format 2.0); undefined when it is malformed.
 * Without a `statusCode` whatever was returned is the body, with status 200 and type JSON.
 */
export function parseFunctionResponse(payload: string): ApiResponse | undefined {
  const result: unknown = JSON.parse(payload);
  if (!isObject(result) || result['statusCode'] === undefined) {
    const text = typeof result === 'string' ? result : payload;
    return { status: 200, headers: { 'content-type': 'application/json' }, cookies: [], body: Buffer.from(text) };
  }
  const status = Number(result['statusCode']);
  const headers = parseHeaders(result['headers'] ?? {});
  const cookies = result['cookies'] ?? [];
  const body = result['body'] ?? '';
  const isFormatted = Number.isInteger(status) && status >= 100 && status <= 599 && headers !== undefined;
  if (!isFormatted || !isTextList(cookies) || typeof body !== 'string') return undefined;
  return {
    status,
    headers: { ...(body === '' ? {} : { 'content-type': 'text/plain;charset=UTF-8' }), ...headers },
    cookies,
    body: Buffer.from(body, result['isBase64Encoded'] === true ? 'base64' : 'utf8'),
  };
}

function parseHeaders(headers: unknown): Record<string, string> | undefined {
  if (!isObject(headers)) return undefined;
  const entries = Object.entries(headers).filter(([, value]) => value !== null);
  if (entries.some(([, value]) => !['string', 'number', 'boolean'].includes(typeof value))) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
