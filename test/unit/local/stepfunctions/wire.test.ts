import {
  CreateStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  PublishStateMachineVersionCommand,
  paginateGetExecutionHistory,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createCloud, type RunningCloud } from '../../../../local/core/create-cloud.ts';
import type { LocalService } from '../../../../local/core/service.ts';
import { createStepfunctionsService } from '../../../../local/stepfunctions/service.ts';
import { answered, definitionOf, makeFolder, removeFolder, roleArn } from './local-cloud.ts';

const port = 21_210;
const dataFolder = makeFolder();
const token = Promise.withResolvers<string>();
const closed = Promise.withResolvers<void>();
const client = new SFNClient({
  endpoint: `http://127.0.0.1:${port}`,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
});
let running: RunningCloud;

const lambda: LocalService = {
  name: 'lambda',
  handlers: {
    Invoke: ({ Payload }: { Payload: Uint8Array }) => {
      token.resolve(JSON.parse(Buffer.from(Payload).toString()));
      return answered('noted');
    },
  },
};

const events: LocalService = {
  name: 'events',
  handlers: {},
  accept: ({ detail }) => {
    if (detail['status'] !== 'RUNNING') closed.resolve();
  },
};

beforeAll(async () => {
  const services = [() => lambda, () => events, createStepfunctionsService];
  running = await createCloud({ dataFolder, optFolder: dataFolder, port, services, log: () => undefined });
});

afterAll(async () => {
  client.destroy();
  await running.close();
  removeFolder(dataFolder);
});

describe('the SDK’s own client', () => {
  test('runs an execution with a task token through the wire', async () => {
    const definition = definitionOf({
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
        Arguments: { FunctionName: 'f', Payload: '{% $states.context.Task.Token %}' },
        TimeoutSeconds: 60,
        Assign: { turn: '{% $states.result %}' },
        Next: 'Each',
      },
      Each: {
        Type: 'Map',
        Items: [1, 2],
        ItemProcessor: { StartAt: 'Go', States: { Go: { Type: 'Pass', End: true } } },
        End: true,
      },
    });
    const { stateMachineArn } = await client.send(new CreateStateMachineCommand({ name: 'roll', roleArn, definition }));
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }));
    const taskToken = await token.promise;
    await client.send(new SendTaskSuccessCommand({ taskToken, output: '"go"' }));
    await closed.promise;
    const types: (string | undefined)[] = [];
    for await (const page of paginateGetExecutionHistory({ client, pageSize: 5 }, { executionArn })) {
      types.push(...(page.events ?? []).map(({ type }) => type));
    }
    expect(types.slice(0, 3)).toEqual(['ExecutionStarted', 'TaskStateEntered', 'TaskScheduled']);
    expect(types.slice(-3)).toEqual(['MapStateSucceeded', 'MapStateExited', 'ExecutionSucceeded']);
    const bare = new GetExecutionHistoryCommand({ executionArn, includeExecutionData: false });
    expect((await client.send(bare)).events).toHaveLength(types.length);
    const { executions } = await client.send(new ListExecutionsCommand({ stateMachineArn }));
    expect(executions).toMatchObject([{ executionArn, status: 'SUCCEEDED', startDate: expect.any(Date) }]);
    await expect(client.send(new SendTaskSuccessCommand({ taskToken, output: '1' }))).rejects.toBeInstanceOf(
      TaskTimedOut,
    );
    await expect(client.send(new PublishStateMachineVersionCommand({ stateMachineArn }))).rejects.toMatchObject({
      message: expect.stringContaining('PublishStateMachineVersion is not in the local cloud'),
    });
  });
});
