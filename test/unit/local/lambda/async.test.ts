import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createLambdaService } from '../../../../local/lambda/service.ts';
import { createHandClock, type HandClock } from './hand-clock.ts';
import { createFunction, newFolder, removeFolder, type SmallCloud, startSmallCloud } from './small-cloud.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:failed';
/** Tells the test of each run over a connection, then fails when the event wants it to. */
const TELL = `import { connect } from 'node:net';
export const handler = async ({ fail, word }, context) => {
  const text = context.awsRequestId + ' ' + (word ?? '');
  await new Promise((heard) => connect(21405, '127.0.0.1').resume().on('close', heard).end(text));
  if (fail) throw new Error('as wanted');
  return 'fine';
};`;

let folder: string;
let clock: HandClock;
let small: SmallCloud;
let server: Server;
let told: string[];

beforeEach(async () => {
  folder = newFolder();
  clock = createHandClock(Date.now());
  told = [];
  server = createServer((socket: Socket) => {
    socket.setEncoding('utf8').on('data', (text: string) => {
      told.push(text);
      server.emit('told');
    });
  });
  server.listen(21_405, '127.0.0.1');
  await once(server, 'listening');
  await start();
});

afterEach(async () => {
  await small.close();
  server.close();
  removeFolder(folder);
});

async function start(): Promise<void> {
  small = await startSmallCloud({ folder, port: 21_402, services: [(cloud) => createLambdaService(cloud, clock)] });
}

async function toldOf(count: number): Promise<readonly string[]> {
  while (told.length < count) await once(server, 'told');
  return told;
}

async function send(name: string, event: object): Promise<void> {
  const Payload = Buffer.from(JSON.stringify(event));
  const answer = await small.cloud.call('lambda', 'Invoke', { FunctionName: name, InvocationType: 'Event', Payload });
  expect(answer.StatusCode).toBe(202);
}

/** Resolves when the queue has planned its next look at the clock: a failed run is then over. */
async function untilPlanned(): Promise<void> {
  while (!clock.pending()) await new Promise((resolve) => setImmediate(resolve));
}

/** Idle environments wait on the clock too; without them only the queue does. */
async function untilQueued(before: number): Promise<void> {
  while (clock.pending() <= before) await new Promise((resolve) => setImmediate(resolve));
}

describe('an asynchronous invocation', () => {
  test('runs once when it succeeds, and tells its destination', async () => {
    await createFunction(small.cloud, 'tell', { code: TELL });
    await small.cloud.call('lambda', 'PutFunctionEventInvokeConfig', {
      FunctionName: 'tell',
      DestinationConfig: { OnSuccess: { Destination: QUEUE } },
    });
    await send('tell', { word: 'a' });
    const [message] = await small.messagesOf(1);
    expect(JSON.parse(message?.body ?? '')).toMatchObject({
      requestContext: { condition: 'Success', approximateInvokeCount: 1 },
      requestPayload: { word: 'a' },
      responsePayload: 'fine',
    });
    expect(told).toHaveLength(1);
  });

  test('is tried again after one and two minutes, then goes to destination and dead-letter queue', async () => {
    await createFunction(small.cloud, 'fail', {
      code: TELL,
      DeadLetterConfig: { TargetArn: QUEUE.replace('failed', 'dead') },
    });
    await small.cloud.call('lambda', 'PutFunctionEventInvokeConfig', {
      FunctionName: 'fail',
      DestinationConfig: { OnFailure: { Destination: QUEUE } },
    });
    await send('fail', { fail: true });
    await toldOf(1);
    await untilPlanned();
    await untilQueued(1);
    clock.advance(59_999);
    expect(told).toHaveLength(1);
    clock.advance(1);
    await toldOf(2);
    await untilQueued(1);
    clock.advance(120_000);
    const [failed, dead] = await small.messagesOf(2);
    expect(told).toHaveLength(3);
    expect(new Set(told).size).toBe(1);
    expect(failed?.queue).toBe('failed');
    expect(failed?.caller.principalArn).toBe('arn:aws:sts::000000000000:assumed-role/Tester/fail');
    expect(JSON.parse(failed?.body ?? '')).toMatchObject({
      version: '1.0',
      requestContext: {
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:fail:$LATEST',
        condition: 'RetriesExhausted',
        approximateInvokeCount: 3,
      },
      requestPayload: { fail: true },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: 'Error', errorMessage: 'as wanted' },
    });
    expect(dead).toMatchObject({
      queue: 'dead',
      body: '{"fail":true}',
      attributes: { ErrorMessage: { StringValue: 'as wanted' } },
    });
  });

  test('is given up when it is too old', async () => {
    await createFunction(small.cloud, 'old', { code: TELL });
    await small.cloud.call('lambda', 'PutFunctionConcurrency', {
      FunctionName: 'old',
      ReservedConcurrentExecutions: 0,
    });
    await small.cloud.call('lambda', 'PutFunctionEventInvokeConfig', {
      FunctionName: 'old',
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination: QUEUE } },
    });
    await send('old', {});
    while (small.messages.length === 0) {
      await untilPlanned();
      clock.advance(10_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(JSON.parse(small.messages[0]?.body ?? '')).toMatchObject({
      requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 0 },
    });
    expect(told).toHaveLength(0);
  });

  test('that waits for its next try is tried by the next cloud over the same folder', async () => {
    await createFunction(small.cloud, 'later', { code: TELL });
    await send('later', { fail: true, word: 'again' });
    await toldOf(1);
    await untilPlanned();
    await untilQueued(1);
    await small.close();
    await start();
    clock.advance(60_000);
    const [first, second] = await toldOf(2);
    expect(second).toBe(first);
  });
});
