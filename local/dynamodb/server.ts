import { Agent, type IncomingMessage, request } from 'node:http';
import { AwsError } from '../core/aws-error.ts';
import type { Cloud, ForwardedAnswer } from '../core/service.ts';
import { killServer, type ServerProcess, startServer } from './server-process.ts';

/** DynamoDB Local behind one address, whatever process serves it at the moment. */
export interface DynamodbServer {
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** Sends an operation and brings back the answer, also a refusal, as it came. */
  readonly post: (operation: string, body: Buffer) => Promise<ForwardedAnswer>;
}

/** It checks no signature, but wants to see one. */
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=local/20000101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';
/** Shorter than the server's own, so that no request meets a connection that is just being closed. */
const IDLE_MS = 10_000;

/** The server is started again when it dies, at once if this process started it, else at the next request. */
export function createDynamodbServer(cloud: Cloud): DynamodbServer {
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
  let serving: Promise<ServerProcess> | undefined;
  let isStopped = false;

  const ensure = (): Promise<ServerProcess> => {
    if (isStopped) throw new AwsError('InternalServerError', 'The table is stopped, as the local cloud is', 500);
    serving ??= startServer(cloud, () => {
      if (isStopped) return;
      cloud.log('dynamodb: the server died and is started again');
      serving = undefined;
      ensure().catch((error: unknown) => cloud.log(`dynamodb: ${String(error)}`));
    }).catch((error: unknown) => {
      serving = undefined;
      throw error;
    });
    return serving;
  };

  return {
    async start() {
      await ensure();
    },

    async stop() {
      isStopped = true;
      agent.destroy();
      if (serving !== undefined) await killServer(cloud, await serving, 'SIGTERM');
    },

    async post(operation, body) {
      const used = ensure();
      const { port } = await used;
      try {
        return await send({ agent, port }, operation, body);
      } catch (error) {
        if (serving === used) serving = undefined;
        const isUnsent = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
        if (isUnsent) return send({ agent, port: (await ensure()).port }, operation, body);
        // It may have been done or not: that is DynamoDB's retriable error, and SDKs do retry it.
        throw new AwsError('InternalServerError', `The table's server broke off: ${String(error)}`, 500);
      }
    },
  };
}

async function send(to: { agent: Agent; port: number }, operation: string, body: Buffer): Promise<ForwardedAnswer> {
  const headers = {
    authorization: AUTHORIZATION,
    'content-length': body.length,
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DynamoDB_20120810.${operation}`,
  };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request({ ...to, host: '127.0.0.1', method: 'POST', path: '/', headers }, resolve)
    .on('error', reject)
    .end(body);
  const answer = await promise;
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return {
    status: answer.statusCode ?? 500,
    headers: pick(answer, ['content-type', 'x-amz-crc32']),
    body: Buffer.concat(chunks),
  };
}

function pick({ headers }: IncomingMessage, names: readonly string[]): Record<string, string> {
  const kept = names.map((name) => [name, headers[name]]).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(kept);
}
