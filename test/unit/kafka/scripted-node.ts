import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { messageDefinitions } from '../../../lib/kafka/messages/message-definitions.ts';
import type { ApiName, Messages } from '../../../lib/kafka/messages/message-types.ts';
import { decodeMessage } from '../../../lib/kafka/protocol/decode-message.ts';
import { encodeMessage } from '../../../lib/kafka/protocol/encode-message.ts';
import { createFrameSplitter } from '../../../lib/kafka/protocol/frame-splitter.ts';
import { isWithin, type MessageValue } from '../../../lib/kafka/protocol/message-definition.ts';
import type { KafkaAddress } from '../../../lib/ports/kafka-admin.ts';

/** What a node answers: members left out have their default. Undefined means that it never answers. */
export type Script = {
  readonly [Api in ApiName]?: (request: Messages[Api]['request'], version: number) => Reply<Api> | Promise<Reply<Api>>;
};

type Reply<Api extends ApiName> = Partial<Messages[Api]['response']> | undefined;

export interface TestServer {
  readonly address: KafkaAddress;
  /** Connections that are open at this moment. */
  readonly openConnections: () => number;
  /** Resolves when no connection is open. */
  readonly allClosed: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A TCP server on a loopback address of its own; `onData` sees every chunk. */
export async function createTestServer(onData: (socket: Socket) => (chunk: Buffer) => void): Promise<TestServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', onData(socket));
    // A client that resets the connection is what some tests are about.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      server.emit('left');
    });
  });
  server.listen(0, '127.50.0.200');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the server has no TCP port');
  const allClosed = async (): Promise<void> => {
    while (sockets.size > 0) await once(server, 'left');
  };
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { address: { host: '127.50.0.200', port: bound.port }, openConnections: () => sockets.size, allClosed, close };
}

/**
 * A node that speaks Kafka's protocol and answers what it is told to. ApiVersions names the scripted requests; asked in
 * a version beyond its own, it answers UNSUPPORTED_VERSION in version 0, as Kafka does.
 */
export function createScriptedNode(
  script: Script,
  versions: Partial<Record<ApiName, readonly [number, number]>> = {},
): Promise<TestServer> {
  const known = apiNames.filter((name) => name === 'ApiVersions' || name in script);
  const apiKeys = known.map((name) => {
    const [minVersion, maxVersion] = versions[name] ?? messageDefinitions[name].request.versions;
    return { apiKey: messageDefinitions[name].apiKey, minVersion, maxVersion };
  });
  const newest = versions.ApiVersions?.[1] ?? 4;
  const full: Script = {
    ApiVersions: (_, version) => ({ errorCode: version > newest ? 35 : 0, apiKeys }),
    ...script,
  };
  return createTestServer((socket) => {
    const splitter = createFrameSplitter();
    return (chunk) => {
      for (const frame of splitter.push(chunk)) void answer(socket, frame, { script: full, newest });
    };
  });
}

const apiNames = Object.keys(messageDefinitions).filter((name): name is ApiName => name in messageDefinitions);

async function answer(socket: Socket, frame: Buffer, node: { readonly script: Script; readonly newest: number }) {
  const [apiKey, version, correlationId] = [frame.readInt16BE(0), frame.readInt16BE(2), frame.readInt32BE(4)];
  const name = apiNames.find((candidate) => messageDefinitions[candidate].apiKey === apiKey);
  if (name === undefined) throw new Error(`request ${apiKey} is not ours`);
  const { request, response } = messageDefinitions[name];
  const headerEnd = 10 + frame.readInt16BE(8) + (isWithin(request.flexible, version) ? 1 : 0);
  const asked = decodeMessage(request, version, frame.subarray(headerEnd));
  // The definition of a request and the type of its script are of the same name.
  const reply = node.script[name] as ((request: MessageValue, version: number) => unknown) | undefined;
  const given = (await reply?.(asked, version)) as MessageValue | undefined;
  if (given === undefined) return;
  const answered = name === 'ApiVersions' && version > node.newest ? 0 : version;
  const tags = isWithin(response.flexible, answered) && name !== 'ApiVersions' ? [Buffer.from([0])] : [];
  sendFrame(socket, correlationId, Buffer.concat([...tags, encodeMessage(response, answered, given)]));
}

/** An answer as it goes over the wire. */
export function sendFrame(socket: Socket, correlationId: number, body: Buffer): void {
  const head = Buffer.alloc(8);
  head.writeInt32BE(4 + body.length, 0);
  head.writeInt32BE(correlationId, 4);
  socket.write(Buffer.concat([head, body]));
}
