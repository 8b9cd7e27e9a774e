import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateActivityCommand,
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  InvalidToken,
  ListExecutionsCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AwsError } from '../../../../local/core/aws-error.ts';
import { createCloud, type RunningCloud } from '../../../../local/core/create-cloud.ts';
import type { Handlers } from '../../../../local/core/service.ts';

const PORT = 21001;
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:deploy';
const EXECUTION = 'arn:aws:states:us-east-1:000000000000:execution:deploy:one';

const handlers: Handlers = {
  StartExecution: (input) => ({
    executionArn: `${input.stateMachineArn}:${input.name}`,
    startDate: new Date(1_700_000_000_250),
  }),
  DescribeExecution: ({ executionArn }) => {
    throw new AwsError('ExecutionDoesNotExist', `Execution ${executionArn} does not exist`);
  },
  SendTaskSuccess: () => {
    throw new AwsError('InvalidToken', 'no such token');
  },
  ListExecutions: () => ({ executions: [{ executionArn: EXECUTION }] }),
  StopExecution: () => {
    throw new TypeError('a defect');
  },
};

let folder: string;
let running: RunningCloud;
const log: string[] = [];
const client = new SFNClient({
  endpoint: `http://127.0.0.1:${PORT}`,
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
  maxAttempts: 1,
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wire-json-'));
  running = await createCloud({
    dataFolder: folder,
    optFolder: folder,
    port: PORT,
    log: (line) => log.push(line),
    services: [() => ({ name: 'sfn', handlers })],
  });
});

afterAll(async () => {
  client.destroy();
  await running.close();
  rmSync(folder, { recursive: true });
});

function post(body: string, target = 'AWSStepFunctions.StartExecution') {
  return fetch(`http://127.0.0.1:${PORT}/`, {
    method: 'POST',
    headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' },
    body,
  });
}

describe('an AWS JSON service over the wire', () => {
  test('answers the SDK with timestamps as dates', async () => {
    const answer = await client.send(new StartExecutionCommand({ stateMachineArn: MACHINE, name: 'one' }));
    expect(answer.executionArn).toBe(`${MACHINE}:one`);
    expect(answer.startDate).toEqual(new Date(1_700_000_000_250));
    expect(answer.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('raises the error class that the SDK models', async () => {
    await expect(client.send(new DescribeExecutionCommand({ executionArn: EXECUTION }))).rejects.toBeInstanceOf(
      ExecutionDoesNotExist,
    );
    await expect(client.send(new SendTaskSuccessCommand({ taskToken: 't', output: '{}' }))).rejects.toBeInstanceOf(
      InvalidToken,
    );
  });

  test('refuses an operation that is not done by its name', async () => {
    await expect(client.send(new CreateActivityCommand({ name: 'a' }))).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('sfn CreateActivity is not in the local cloud'),
    });
  });

  test('answers its own malformed answer with 500 and logs it', async () => {
    await expect(client.send(new ListExecutionsCommand({ stateMachineArn: MACHINE }))).rejects.toMatchObject({
      name: 'InternalFailure',
      message: expect.stringContaining('executions[0].name: required, but missing'),
    });
    expect(log.join('\n')).toContain('LOCAL CLOUD BUG in sfn ListExecutions');
  });

  test('answers a handler that throws anything else with 500 and stays alive', async () => {
    await expect(client.send(new StopExecutionCommand({ executionArn: EXECUTION }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 500 },
    });
    await expect(
      client.send(new StartExecutionCommand({ stateMachineArn: MACHINE, name: 'two' })),
    ).resolves.toHaveProperty('executionArn');
  });

  test.each([
    ['a body that is no JSON', '{"stateMachineArn": ', 'SerializationException'],
    ['a body that is a list', '[]', 'SerializationException'],
    ['a wrong type', '{"stateMachineArn": 7}', 'SerializationException'],
    ['a missing required member', '{"name": "x"}', 'ValidationException'],
    ['an unknown member', `{"stateMachineArn": "${MACHINE}", "nmae": "x"}`, 'ValidationException'],
    ['a member named like the prototype', `{"stateMachineArn": "${MACHINE}", "__proto__": {}}`, 'ValidationException'],
  ])('refuses %s with 400', async (_title, body, code) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ __type: code });
  });

  test('refuses unknown services and operations with 400', async () => {
    for (const target of [
      'GraniteServiceVersion20100801.PutMetricData',
      'AWSStepFunctions.Nonsense',
      'nonsense',
      '.',
      'AWSStepFunctions.toString',
    ]) {
      const answer = await post('{}', target);
      expect([target, answer.status, ((await answer.json()) as { __type: string }).__type]).toEqual([
        target,
        400,
        'UnknownOperationException',
      ]);
    }
  });
});

describe('a call in process', () => {
  test('is checked by the same schemas', async () => {
    await expect(running.cloud.call('sfn', 'StartExecution', { nmae: 'x' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(
      running.cloud.call('sfn', 'StartExecution', { stateMachineArn: MACHINE, name: 'x' }),
    ).resolves.toMatchObject({ executionArn: `${MACHINE}:x` });
    await expect(running.cloud.call('ecs', 'RunTask', {})).rejects.toMatchObject({ name: 'UnknownService' });
  });
});
