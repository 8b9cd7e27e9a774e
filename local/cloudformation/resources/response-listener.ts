import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the function of a custom resource puts to its ResponseURL. */
export interface CustomResourceResponse {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId?: string;
  readonly Data?: Readonly<Record<string, unknown>>;
}

export interface ResponseListener {
  /** A new address that takes one answer, and the answer. */
  readonly expect: () => Promise<{
    readonly url: string;
    readonly response: Promise<CustomResourceResponse>;
    readonly forget: () => void;
  }>;
  readonly close: () => Promise<void>;
}

/** Listens on 127.0.0.1 for the answers of custom resources, from the first one that is expected. */
export function createResponseListener(): ResponseListener {
  const expected = new Map<string, (response: CustomResourceResponse) => void>();
  let listening: Promise<Server> | undefined;
  return {
    expect: async () => {
      listening ??= listen((path, response) => {
        const settle = expected.get(path);
        expected.delete(path);
        settle?.(response);
        return settle !== undefined;
      });
      const { port } = (await listening).address() as AddressInfo;
      const path = `/${randomUUID()}`;
      const response = new Promise<CustomResourceResponse>((settle) => expected.set(path, settle));
      return { url: `http://127.0.0.1:${port}${path}`, response, forget: () => void expected.delete(path) };
    },
    close: async () => {
      const server = await listening;
      server?.closeAllConnections();
      await new Promise<void>((settle) => (server === undefined ? settle() : server.close(() => settle())));
    },
  };
}

function listen(take: (path: string, response: CustomResourceResponse) => boolean): Promise<Server> {
  return new Promise((settle, fail) => {
    const server = createServer((request, answer) => void receive(request, answer, take));
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => settle(server));
  });
}

async function receive(
  request: IncomingMessage,
  answer: ServerResponse,
  take: (path: string, response: CustomResourceResponse) => boolean,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const response = parse(Buffer.concat(chunks).toString('utf8'));
  if (request.method !== 'PUT' || response === undefined) return end(answer, 400);
  end(answer, take((request.url ?? '').split('?')[0] ?? '', response) ? 200 : 403);
}

function end(answer: ServerResponse, status: number): void {
  answer.writeHead(status).end();
}

function parse(text: string): CustomResourceResponse | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('Status' in value)) return undefined;
    return value.Status === 'SUCCESS' || value.Status === 'FAILED' ? (value as CustomResourceResponse) : undefined;
  } catch {
    // Not JSON: whoever sent it is told so by the status.
    return undefined;
  }
}
