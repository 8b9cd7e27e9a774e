import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { newFolder, ROLE, removeFolder } from './small-cloud.ts';
import { zip } from './zip.ts';

const PORT = 21_403;
const PROGRAM = fileURLToPath(new URL('./cloud-process.ts', import.meta.url));
/** Holds a connection to the test for as long as the process lives; the invocation ends when the test says so. */
const HOLD = `import { connect } from 'node:net';
export const handler = (event, context) => new Promise((done) => {
  const socket = connect(21406, '127.0.0.1');
  socket.write(context.awsRequestId);
  socket.on('data', () => done('ended'));
});`;

interface Held {
  readonly socket: Socket;
  readonly requestId: string;
}

let folder: string;
let cloud: ChildProcess;
let server: Server;
let client: LambdaClient;

beforeEach(async () => {
  folder = newFolder();
  server = createServer();
  server.listen(21_406, '127.0.0.1');
  await once(server, 'listening');
  client = new LambdaClient({
    endpoint: `http://127.0.0.1:${PORT}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  cloud = await startCloud();
  const Code = { ZipFile: zip({ 'index.mjs': HOLD }) };
  const settings = { Runtime: 'nodejs24.x', Handler: 'index.handler', Role: ROLE, Timeout: 900 } as const;
  await client.send(new CreateFunctionCommand({ FunctionName: 'hold', Code, ...settings }));
});

afterEach(async () => {
  client.destroy();
  await kill();
  server.close();
  removeFolder(folder);
});

async function startCloud(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [PROGRAM, folder, String(PORT)], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

async function kill(): Promise<void> {
  if (cloud.exitCode !== null || cloud.signalCode !== null) return;
  cloud.kill('SIGKILL');
  await once(cloud, 'exit');
}

async function held(): Promise<Held> {
  const [socket] = (await once(server, 'connection')) as [Socket];
  const [requestId] = await once(socket.setEncoding('utf8'), 'data');
  return { socket, requestId };
}

describe('when the cloud is killed', () => {
  test('a busy worker ends with its invocation, which runs again in the next cloud', async () => {
    const first = held();
    await client.send(new InvokeCommand({ FunctionName: 'hold', InvocationType: 'Event' }));
    const { socket, requestId } = await first;
    await kill();
    const closed = once(socket, 'close');
    socket.write('end');
    await closed;
    const second = held();
    cloud = await startCloud();
    const again = await second;
    expect(again.requestId).toBe(requestId);
    again.socket.write('end');
  });

  test('a worker that would run on is ended by the next cloud', async () => {
    const first = held();
    await client.send(new InvokeCommand({ FunctionName: 'hold', InvocationType: 'Event' }));
    const { socket } = await first;
    await kill();
    const closed = once(socket, 'close');
    const second = held();
    cloud = await startCloud();
    await closed;
    (await second).socket.write('end');
  });

  test('an idle worker ends at once', async () => {
    const first = held();
    const answer = client.send(new InvokeCommand({ FunctionName: 'hold' }));
    const { socket } = await first;
    socket.write('end');
    expect(Buffer.from((await answer).Payload ?? []).toString('utf8')).toBe('"ended"');
    const closed = once(socket, 'close');
    await kill();
    await closed;
  });
});
