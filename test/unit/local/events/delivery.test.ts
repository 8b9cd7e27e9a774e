import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AwsError } from '../../../../local/core/aws-error.ts';
import { createEventsService } from '../../../../local/events/service.ts';
import { createHandClock, type HandClock } from '../lambda/hand-clock.ts';
import { newFolder, ROLE, removeFolder, type SmallCloud, startSmallCloud } from '../lambda/small-cloud.ts';
import { createRecorder, payloadOf, type Recorder } from './recorder.ts';

const NOON = Date.parse('2026-11-21T12:00:00.250Z');
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:handler';
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:Plan';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:dead';
const STOPPED = {
  source: 'aws.ecs',
  detailType: 'Task',
  resources: ['arn:t'],
  time: NOON,
  detail: { status: 'STOPPED' },
};

let folder: string;
let clock: HandClock;
let recorder: Recorder;
let small: SmallCloud;

async function start(): Promise<void> {
  small = await startSmallCloud({
    folder,
    port: 21_420,
    services: [...recorder.services, (cloud) => createEventsService(cloud, clock)],
  });
}

async function putRule(
  Name: string,
  target: object,
  rule: object = { EventPattern: '{"source":["aws.ecs"]}' },
): Promise<void> {
  await small.cloud.call('events', 'PutRule', { Name, ...rule });
  await small.cloud.call('events', 'PutTargets', { Rule: Name, Targets: [{ Id: 't', ...target }] });
}

beforeEach(async () => {
  folder = newFolder();
  clock = createHandClock(NOON);
  recorder = createRecorder();
  await start();
});

afterEach(async () => {
  await small.close();
  removeFolder(folder);
});

describe('an event of a service', () => {
  test('reaches the function of a matching rule in the envelope of AWS', async () => {
    await putRule('allowed', { Arn: FUNCTION });
    small.cloud.emit({ ...STOPPED, source: 'aws.ec2' });
    small.cloud.emit(STOPPED);
    const [call] = await recorder.callsOf(1);
    expect(call?.input).toMatchObject({ FunctionName: FUNCTION, InvocationType: 'Event' });
    expect(payloadOf(call)).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'detail-type': 'Task',
      source: 'aws.ecs',
      account: '000000000000',
      time: '2026-11-21T12:00:00Z',
      region: 'us-east-1',
      resources: ['arn:t'],
      detail: { status: 'STOPPED' },
    });
  });

  test('reaches the target in the order of acceptance', async () => {
    await putRule('allowed', { Arn: FUNCTION, InputPath: '$.detail.n' });
    for (const n of [1, 2, 3, 4, 5]) small.cloud.emit({ ...STOPPED, detail: { n } });
    expect((await recorder.callsOf(5)).map((call) => payloadOf(call))).toEqual([1, 2, 3, 4, 5]);
  });

  test('starts a state machine with the role of the target, once however often it is tried', async () => {
    await putRule('plan', { Arn: MACHINE, RoleArn: ROLE });
    recorder.refuseNext(
      new AwsError('ServiceUnavailable', 'later', 503),
      new AwsError('ExecutionAlreadyExists', 'was there'),
    );
    small.cloud.emit(STOPPED);
    await recorder.callsOf(1);
    await settle();
    clock.advance(1_000);
    const [first, second] = await recorder.callsOf(2);
    expect(first?.principal).toBe('arn:aws:sts::000000000000:assumed-role/Tester/Events');
    expect(first?.input).toMatchObject({ stateMachineArn: MACHINE });
    expect(second?.input['name']).toBe(first?.input['name']);
    await settle();
    expect(clock.pending()).toBe(0);
  });

  test('is sent to a queue', async () => {
    await putRule('queue', {
      Arn: QUEUE,
      InputTransformer: { InputPathsMap: { s: '$.detail.status' }, InputTemplate: '"is <s>"' },
    });
    small.cloud.emit(STOPPED);
    const [message] = await small.messagesOf(1);
    expect(message).toMatchObject({ queue: 'dead', body: '"is STOPPED"' });
  });

  test('is not lost when the cloud dies before it is delivered', async () => {
    await putRule('allowed', { Arn: FUNCTION, RetryPolicy: { MaximumRetryAttempts: 3 } });
    recorder.refuseNext(new AwsError('ServiceUnavailable', 'later', 503));
    small.cloud.emit(STOPPED);
    await recorder.callsOf(1);
    await small.close();
    clock.advance(60_000);
    await start();
    expect(payloadOf((await recorder.callsOf(2))[1])).toEqual(payloadOf(recorder.calls[0]));
  });

  test('goes nowhere when its rule is disabled', async () => {
    await putRule('allowed', { Arn: FUNCTION });
    await putRule('allowed-too', { Arn: FUNCTION, Input: '"enabled"' });
    await small.cloud.call('events', 'DisableRule', { Name: 'allowed' });
    small.cloud.emit(STOPPED);
    await recorder.callsOf(1);
    await settle();
    expect(recorder.calls.map((call) => payloadOf(call))).toEqual(['enabled']);
  });
});

describe('an event that cannot be delivered', () => {
  test('goes to the dead-letter queue at once when the target refuses for good', async () => {
    await putRule('denied', { Arn: FUNCTION, DeadLetterConfig: { Arn: QUEUE } });
    small.cloud.emit(STOPPED);
    const [message] = await small.messagesOf(1);
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ source: 'aws.ecs' });
    expect(message?.attributes).toMatchObject({
      RULE_ARN: { StringValue: 'arn:aws:events:us-east-1:000000000000:rule/denied' },
      TARGET_ARN: { StringValue: FUNCTION },
      ERROR_CODE: { StringValue: 'AccessDeniedException' },
      RETRY_ATTEMPTS: { StringValue: '0' },
    });
  });

  test('is tried again as often as the target wants, and then goes to the dead-letter queue', async () => {
    await putRule('allowed', {
      Arn: FUNCTION,
      RetryPolicy: { MaximumRetryAttempts: 1 },
      DeadLetterConfig: { Arn: QUEUE },
    });
    const busy = new AwsError('TooManyRequestsException', 'busy', 429);
    recorder.refuseNext(busy, busy);
    small.cloud.emit(STOPPED);
    await recorder.callsOf(1);
    await settle();
    clock.advance(1_000);
    const [message] = await small.messagesOf(1);
    expect(recorder.calls).toHaveLength(2);
    expect(message?.attributes).toMatchObject({
      RETRY_ATTEMPTS: { StringValue: '1' },
      EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
    });
  });
});

describe('a scheduled rule', () => {
  const every = { ScheduleExpression: 'rate(5 minutes)' };

  test('fires each period', async () => {
    await putRule('allowed', { Arn: FUNCTION }, every);
    clock.advance(299_999);
    await settle();
    expect(recorder.calls).toHaveLength(0);
    clock.advance(1);
    const [call] = await recorder.callsOf(1);
    expect(payloadOf(call)).toMatchObject({
      source: 'aws.events',
      'detail-type': 'Scheduled Event',
      resources: ['arn:aws:events:us-east-1:000000000000:rule/allowed'],
      detail: {},
      time: '2026-11-21T12:05:00Z',
    });
    clock.advance(300_000);
    await recorder.callsOf(2);
  });

  test('that came due while the cloud was off fires once, and then keeps its beat', async () => {
    await putRule('allowed', { Arn: FUNCTION }, every);
    await small.close();
    clock.advance(17 * 60_000);
    await start();
    await recorder.callsOf(1);
    clock.advance(3 * 60_000 - 1);
    await settle();
    expect(recorder.calls).toHaveLength(1);
    clock.advance(1);
    await recorder.callsOf(2);
  });
});

/** Lets what is under way in this process come to rest: the queue works on the event loop alone. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
}
