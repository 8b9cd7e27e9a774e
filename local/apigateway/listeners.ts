import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readApiRequest } from './api-request.ts';
import { type ApiResponse, gatewayResponse } from './api-response.ts';
import type { ApiRecord, ApiStore } from './api-store.ts';
import type { Gateway } from './gateway.ts';

/** The ports of the APIs. */
export interface Listeners {
  /** Listens on the lowest free port from the cloud's API port upward and stores the API with it. */
  readonly open: (draft: Omit<ApiRecord, 'port'>) => Promise<ApiRecord>;
  /** Listens for all stored APIs, each on the port it had. */
  readonly openStored: () => Promise<void>;
  readonly close: (apiId: string) => Promise<void>;
  readonly closeAll: () => Promise<void>;
}

/** Request line and headers together, as HTTP APIs limit them. */
const MAX_HEADER_BYTES = 10_240;
const MAX_PORT = 65_535;

/** Makes listeners that hand each request to the gateway. */
export function createListeners(store: ApiStore, gateway: Gateway): Listeners {
  const servers = new Map<string, Server>();
  const listenFor = async (apiId: string, port: number): Promise<void> => {
    const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (message, response) => {
      void answer({ store, gateway, apiId, port }, message, response);
    });
    await listen(server, port);
    servers.set(apiId, server);
  };
  const close = async (apiId: string): Promise<void> => {
    const server = servers.get(apiId);
    servers.delete(apiId);
    if (server !== undefined) await closeServer(server);
  };
  return {
    open: async (draft) => {
      const port = await openOnFreePort(store, (candidate) => listenFor(draft.id, candidate));
      const api = { ...draft, port };
      store.apis.set(api.id, api);
      return api;
    },
    openStored: async () => {
      for (const { id, port } of store.apis.values()) await listenFor(id, port);
    },
    close,
    closeAll: async () => {
      await Promise.all([...servers.keys()].map(close));
    },
  };
}

async function openOnFreePort(store: ApiStore, listenOn: (port: number) => Promise<void>): Promise<number> {
  for (let port = store.cloud.apiPort; port <= MAX_PORT; port += 1) {
    const isTaken = (): boolean => store.apis.values().some((api) => api.port === port);
    if (isTaken()) continue;
    try {
      await listenOn(port);
      return port;
    } catch (error) {
      // Another program, or an API that is being made at the same time, has the port: the next one is tried.
      if (!hasCode(error, 'EADDRINUSE')) throw error;
    }
  }
  throw new Error(`No port from ${store.cloud.apiPort} to ${MAX_PORT} is free for a new API.`);
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

interface Route {
  readonly store: ApiStore;
  readonly gateway: Gateway;
  readonly apiId: string;
  readonly port: number;
}

async function answer(
  { store, gateway, apiId, port }: Route,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const request = await readApiRequest(message, port, store.clock.now());
    if (request === undefined) {
      write(response, gatewayResponse(413, 'Request Entity Too Large'), undefined);
      return;
    }
    write(response, await gateway(apiId, request), request.id);
  } catch (error) {
    if (message.destroyed && !message.complete) return; // The client went away in the middle of its request.
    store.cloud.log(
      `apigatewayv2: ${message.method} ${message.url}: ${error instanceof Error ? error.stack : String(error)}`,
    );
    write(response, gatewayResponse(500, 'Internal Server Error'), undefined);
  }
}

function write(
  response: ServerResponse,
  { status, headers, cookies, body }: ApiResponse,
  requestId: string | undefined,
): void {
  const { 'content-length': _, ...kept } = headers;
  response.writeHead(status, {
    ...kept,
    ...(cookies.length === 0 ? {} : { 'set-cookie': [...cookies] }),
    ...(requestId === undefined ? {} : { 'apigw-requestid': requestId }),
    ...(status === 204 || status === 304 ? {} : { 'content-length': body.length }),
  });
  response.end(body);
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
