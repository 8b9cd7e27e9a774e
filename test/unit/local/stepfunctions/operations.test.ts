import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  answered,
  createMachine,
  definitionOf,
  type LocalCloud,
  makeFolder,
  type OutgoingCall,
  openCloud,
  payloadOf,
  removeFolder,
  roleArn,
} from './local-cloud.ts';

const ask = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Arguments: { FunctionName: 'f', Payload: '{% $states.context.Task.Token %}' },
  End: true,
};
const pass = { Go: { Type: 'Pass', End: true } };
const folders: string[] = [];
let cloud: LocalCloud;
let calls: OutgoingCall[];

beforeEach(async () => {
  const dataFolder = makeFolder();
  folders.push(dataFolder);
  calls = [];
  cloud = await openCloud({
    dataFolder,
    world: async (call) => {
      calls.push(call);
      return call.service === 'lambda' ? answered('noted') : {};
    },
  });
});

afterEach(() => cloud.kill());
afterAll(() => folders.forEach(removeFolder));

async function tokenOf(): Promise<string> {
  await cloud.until(() => calls.some(({ service }) => service === 'lambda'));
  const [call] = calls.filter(({ service }) => service === 'lambda');
  if (call === undefined) throw new Error('no call');
  return payloadOf(call);
}

describe('a state machine', () => {
  test('is described as it was created', async () => {
    const tags = [{ key: 'warden:plan', value: 'roll' }];
    const definition = definitionOf(pass);
    const created = await cloud.send('CreateStateMachine', { name: 'roll', roleArn, definition, tags });
    const described = await cloud.send('DescribeStateMachine', { stateMachineArn: created.stateMachineArn });
    expect(described).toMatchObject({
      stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:roll',
      name: 'roll',
      status: 'ACTIVE',
      type: 'STANDARD',
      definition,
      roleArn,
      creationDate: new Date('2026-01-01T00:00:00Z'),
      loggingConfiguration: { level: 'OFF', includeExecutionData: false },
    });
    const { tags: listed } = await cloud.send('ListTagsForResource', { resourceArn: created.stateMachineArn });
    expect(listed).toEqual(tags);
  });

  test('is created once for the same definition, and refused for another', async () => {
    const first = await createMachine(cloud, 'roll', pass);
    expect(await createMachine(cloud, 'roll', pass)).toBe(first);
    await expect(createMachine(cloud, 'roll', { Stop: { Type: 'Succeed' } })).rejects.toMatchObject({
      name: 'StateMachineAlreadyExists',
    });
  });

  test.each<[string, object, string]>([
    ['a name with a blank', { name: 'a b' }, 'InvalidName'],
    ['a role that is none', { roleArn: 'admin' }, 'InvalidArn'],
    ['an EXPRESS type', { type: 'EXPRESS' }, 'StateMachineTypeNotSupported'],
    ['publish', { publish: true }, 'ValidationException'],
    [
      'a definition in JSONPath',
      { definition: '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}' },
      'InvalidDefinition',
    ],
    ['a log level without a group', { loggingConfiguration: { level: 'ALL' } }, 'InvalidLoggingConfiguration'],
  ])('with %s is refused', async (_what, members, name) => {
    const input = { name: 'roll', roleArn, definition: definitionOf(pass), ...members };
    await expect(cloud.send('CreateStateMachine', input)).rejects.toMatchObject({ name });
  });

  test.each([
    ['arn:aws:states:::ecs:runTask', "the service 'ecs' is not integrated"],
    ['arn:aws:states:::dynamodb:query', "the action 'dynamodb:query'"],
    ['arn:aws:states:::dynamodb:putItem.waitForTaskToken', "the pattern of 'dynamodb:putItem.waitForTaskToken'"],
    ['arn:aws:states:::aws-sdk:ecs:danceTask', "ecs has no operation 'DanceTask'"],
  ])('with the resource %s is refused by name', async (resource, message) => {
    const states = { Run: { Type: 'Task', Resource: resource, End: true } };
    await expect(createMachine(cloud, 'roll', states)).rejects.toMatchObject({
      name: 'InvalidDefinition',
      message: expect.stringContaining(message),
    });
  });

  test('keeps its definition for executions that run while it is updated', async () => {
    const stateMachineArn = await createMachine(cloud, 'roll', {
      Sleep: { Type: 'Wait', Seconds: 10, Output: 'old', End: true },
    });
    const { executionArn } = await cloud.send('StartExecution', { stateMachineArn });
    const definition = definitionOf({ Go: { Type: 'Pass', Output: 'new', End: true } });
    const { revisionId } = await cloud.send('UpdateStateMachine', { stateMachineArn, definition });
    await cloud.until(() => cloud.clock.nextDueAt() !== undefined);
    cloud.clock.moveTo(cloud.clock.nextDueAt() ?? 0);
    expect((await cloud.closed(executionArn)).output).toBe('"old"');
    const next = await cloud.send('StartExecution', { stateMachineArn });
    expect((await cloud.closed(next.executionArn)).output).toBe('"new"');
    const kept = await cloud.send('DescribeStateMachineForExecution', { executionArn });
    expect(JSON.parse(kept.definition).StartAt).toBe('Sleep');
    expect(kept.revisionId).not.toBe(revisionId);
  });

  test('needs something to update', async () => {
    const stateMachineArn = await createMachine(cloud, 'roll', pass);
    await expect(cloud.send('UpdateStateMachine', { stateMachineArn })).rejects.toMatchObject({
      name: 'MissingRequiredParameter',
    });
  });

  test('ends its executions when it is deleted, and is gone', async () => {
    const stateMachineArn = await createMachine(cloud, 'roll', { Ask: ask });
    const { executionArn } = await cloud.send('StartExecution', { stateMachineArn });
    await tokenOf();
    await cloud.send('DeleteStateMachine', { stateMachineArn });
    expect(cloud.events.map(({ detail }) => detail['status'])).toEqual(['RUNNING', 'ABORTED']);
    await expect(cloud.send('DescribeStateMachine', { stateMachineArn })).rejects.toMatchObject({
      name: 'StateMachineDoesNotExist',
    });
    await expect(cloud.send('DescribeExecution', { executionArn })).rejects.toMatchObject({
      name: 'ExecutionDoesNotExist',
    });
    expect(await cloud.send('DeleteStateMachine', { stateMachineArn })).toEqual({});
  });

  test('is listed in pages by name', async () => {
    for (const name of ['c', 'a', 'b']) await createMachine(cloud, name, pass);
    const first = await cloud.send('ListStateMachines', { maxResults: 2 });
    const second = await cloud.send('ListStateMachines', { maxResults: 2, nextToken: first.nextToken });
    const names = [first, second].map(({ stateMachines }) => stateMachines.map(({ name }: { name: string }) => name));
    expect(names).toEqual([['a', 'b'], ['c']]);
    expect(second.nextToken).toBeUndefined();
  });

  test('takes and loses tags', async () => {
    const resourceArn = await createMachine(cloud, 'roll', pass);
    await cloud.send('TagResource', {
      resourceArn,
      tags: [
        { key: 'a', value: '1' },
        { key: 'b', value: '2' },
      ],
    });
    await cloud.send('TagResource', { resourceArn, tags: [{ key: 'a', value: '3' }] });
    await cloud.send('UntagResource', { resourceArn, tagKeys: ['b'] });
    expect(await cloud.send('ListTagsForResource', { resourceArn })).toEqual({ tags: [{ key: 'a', value: '3' }] });
  });
});

describe('ValidateStateMachineDefinition', () => {
  test('gives what CreateStateMachine would refuse', async () => {
    const definition = definitionOf({ A: { Type: 'Pass', Next: 'B' } });
    expect(await cloud.send('ValidateStateMachineDefinition', { definition })).toMatchObject({
      result: 'FAIL',
      diagnostics: [{ severity: 'ERROR', code: 'MISSING_TRANSITION_TARGET', location: '/States/A' }],
    });
    const good = await cloud.send('ValidateStateMachineDefinition', { definition: definitionOf(pass) });
    expect(good).toEqual({ result: 'OK', diagnostics: [], truncated: false });
  });
});

describe('StartExecution', () => {
  test('answers with the same execution for the same name and input while it runs', async () => {
    const stateMachineArn = await createMachine(cloud, 'roll', { Ask: ask });
    const start = { stateMachineArn, name: 'run-1', input: '{"a":1}' };
    const first = await cloud.send('StartExecution', start);
    cloud.clock.moveTo(cloud.clock.now() + 5_000);
    expect(await cloud.send('StartExecution', start)).toEqual(first);
    await expect(cloud.send('StartExecution', { ...start, input: '{"a":2}' })).rejects.toMatchObject({
      name: 'ExecutionAlreadyExists',
    });
    await cloud.send('StopExecution', { executionArn: first.executionArn });
    await expect(cloud.send('StartExecution', start)).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  });

  test.each<[string, object, string]>([
    ['an input that is no JSON', { input: '{' }, 'InvalidExecutionInput'],
    ['an input of 262145 bytes', { input: JSON.stringify('x'.repeat(262_143)) }, 'InvalidExecutionInput'],
    ['a name with a slash', { name: 'a/b' }, 'InvalidName'],
    [
      'a machine that is not there',
      { stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:none' },
      'StateMachineDoesNotExist',
    ],
    ['an ARN that is none', { stateMachineArn: 'roll' }, 'InvalidArn'],
  ])('refuses %s', async (_what, members, name) => {
    const stateMachineArn = await createMachine(cloud, 'roll', pass);
    await expect(cloud.send('StartExecution', { stateMachineArn, ...members })).rejects.toMatchObject({ name });
  });
});

describe('an execution', () => {
  test('tells the event bus each status', async () => {
    const stateMachineArn = await createMachine(cloud, 'roll', pass);
    const { executionArn } = await cloud.send('StartExecution', { stateMachineArn, name: 'run-1', input: '[1]' });
    await cloud.closed(executionArn);
    expect(cloud.events).toEqual([
      expect.objectContaining({
        source: 'aws.states',
        detailType: 'Step Functions Execution Status Change',
        resources: [executionArn],
        detail: expect.objectContaining({
          executionArn,
          stateMachineArn,
          name: 'run-1',
          status: 'RUNNING',
          input: '[1]',
          output: null,
          stopDate: null,
        }),
      }),
      expect.objectContaining({
        detail: expect.objectContaining({
          status: 'SUCCEEDED',
          output: '[1]',
          startDate: Date.UTC(2026, 0, 1),
          stopDate: Date.UTC(2026, 0, 1),
        }),
      }),
    ]);
  });

  test('is stopped with error and cause', async () => {
    const stateMachineArn = await createMachine(cloud, 'roll', { Ask: ask });
    const { executionArn } = await cloud.send('StartExecution', { stateMachineArn });
    const stopped = await cloud.send('StopExecution', { executionArn, error: 'Operator', cause: 'enough' });
    const description = await cloud.send('DescribeExecution', { executionArn });
    expect(description).toMatchObject({ status: 'ABORTED', error: 'Operator', cause: 'enough', ...stopped });
    expect(await cloud.send('StopExecution', { executionArn })).toEqual(stopped);
  });

  test('is listed, the newest first, by status and in pages', async () => {
    const stateMachineArn = await createMachine(cloud, 'roll', { Ask: ask });
    for (const name of ['one', 'two', 'three']) {
      await cloud.send('StartExecution', { stateMachineArn, name });
      cloud.clock.moveTo(cloud.clock.now() + 1_000);
    }
    await cloud.send('StopExecution', { executionArn: `${stateMachineArn.replace('stateMachine', 'execution')}:two` });
    const namesOf = async (input: object) => {
      const { executions, nextToken } = await cloud.send('ListExecutions', { stateMachineArn, ...input });
      return [executions.map(({ name }: { name: string }) => name), nextToken] as const;
    };
    const [first, nextToken] = await namesOf({ maxResults: 2 });
    expect(first).toEqual(['three', 'two']);
    expect(await namesOf({ maxResults: 2, nextToken })).toEqual([['one'], undefined]);
    expect(await namesOf({ statusFilter: 'ABORTED' })).toEqual([['two'], undefined]);
    await expect(namesOf({ nextToken: 'x' })).rejects.toMatchObject({ name: 'InvalidToken' });
    await expect(namesOf({ redriveFilter: 'REDRIVEN' })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('shows its history in pages, in both directions, and without its data', async () => {
    const stateMachineArn = await createMachine(cloud, 'roll', pass);
    const { executionArn } = await cloud.send('StartExecution', { stateMachineArn, input: '{"secret":1}' });
    await cloud.closed(executionArn);
    const page = await cloud.send('GetExecutionHistory', { executionArn, maxResults: 3, reverseOrder: true });
    expect(page.events.map(({ id, type }: { id: number; type: string }) => [id, type])).toEqual([
      [4, 'ExecutionSucceeded'],
      [3, 'PassStateExited'],
      [2, 'PassStateEntered'],
    ]);
    const rest = await cloud.send('GetExecutionHistory', {
      executionArn,
      reverseOrder: true,
      nextToken: page.nextToken,
    });
    expect(rest.events).toEqual([
      {
        id: 1,
        previousEventId: 0,
        type: 'ExecutionStarted',
        timestamp: new Date('2026-01-01T00:00:00Z'),
        executionStartedEventDetails: { input: '{"secret":1}', inputDetails: { truncated: false }, roleArn },
      },
    ]);
    const bare = await cloud.send('GetExecutionHistory', { executionArn, includeExecutionData: false });
    expect(JSON.stringify(bare)).not.toContain('secret');
  });
});

describe('a task token', () => {
  test('is settled once', async () => {
    const stateMachineArn = await createMachine(cloud, 'roll', { Ask: ask });
    const { executionArn } = await cloud.send('StartExecution', { stateMachineArn });
    const taskToken = await tokenOf();
    expect(await cloud.send('SendTaskHeartbeat', { taskToken })).toEqual({});
    await expect(cloud.send('SendTaskSuccess', { taskToken, output: '{' })).rejects.toMatchObject({
      name: 'InvalidOutput',
    });
    expect(await cloud.send('SendTaskSuccess', { taskToken, output: '{"a":1}' })).toEqual({});
    expect((await cloud.closed(executionArn)).output).toBe('{"a":1}');
    for (const [operation, more] of [
      ['SendTaskSuccess', { output: '1' }],
      ['SendTaskFailure', {}],
      ['SendTaskHeartbeat', {}],
    ] as const) {
      await expect(cloud.send(operation, { taskToken, ...more })).rejects.toMatchObject({ name: 'TaskTimedOut' });
    }
  });

  test('fails its task with error and cause', async () => {
    const stateMachineArn = await createMachine(cloud, 'roll', { Ask: ask });
    const { executionArn } = await cloud.send('StartExecution', { stateMachineArn });
    await cloud.send('SendTaskFailure', { taskToken: await tokenOf(), error: 'TaskStopped', cause: 'exit 137' });
    expect(await cloud.closed(executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'TaskStopped',
      cause: 'exit 137',
    });
  });

  test('that is none, or of an execution that is gone, is refused by name', async () => {
    await expect(cloud.send('SendTaskSuccess', { taskToken: 'x', output: '1' })).rejects.toMatchObject({
      name: 'InvalidToken',
    });
    const stateMachineArn = await createMachine(cloud, 'roll', { Ask: ask });
    await cloud.send('StartExecution', { stateMachineArn });
    const taskToken = await tokenOf();
    await cloud.send('DeleteStateMachine', { stateMachineArn });
    await expect(cloud.send('SendTaskSuccess', { taskToken, output: '1' })).rejects.toMatchObject({
      name: 'TaskDoesNotExist',
    });
  });
});

describe('the log of a machine', () => {
  const group = 'arn:aws:logs:us-east-1:000000000000:log-group:/warden/plans:*';

  async function logged(configuration: object): Promise<OutgoingCall[]> {
    const created = await cloud.send('CreateStateMachine', {
      name: 'roll',
      roleArn,
      definition: definitionOf({ No: { Type: 'Fail', Error: 'Broken', Cause: 'said so' } }),
      loggingConfiguration: { ...configuration, destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: group } }] },
    });
    const { executionArn } = await cloud.send('StartExecution', {
      stateMachineArn: created.stateMachineArn,
      name: 'run-1',
      input: '{"secret":1}',
    });
    await cloud.closed(executionArn);
    await cloud.service.stop?.();
    return calls.filter(({ operation }) => operation === 'PutLogEvents');
  }

  function messagesOf(puts: readonly OutgoingCall[]): { type: string }[] {
    return puts.flatMap(({ input }) => input.logEvents.map(({ message }: { message: string }) => JSON.parse(message)));
  }

  test('at level ALL has every event', async () => {
    const puts = await logged({ level: 'ALL', includeExecutionData: true });
    expect(puts[0]?.input).toMatchObject({
      logGroupName: '/warden/plans',
      logStreamName: expect.stringMatching(/^states\/roll\/2026-01-01-00-00\/[0-9a-f]{8}$/),
    });
    expect(messagesOf(puts)).toEqual([
      expect.objectContaining({
        id: '1',
        type: 'ExecutionStarted',
        previous_event_id: '0',
        event_timestamp: '1767225600000',
        details: expect.objectContaining({ input: '{"secret":1}' }),
      }),
      expect.objectContaining({ id: '2', type: 'FailStateEntered' }),
      expect.objectContaining({ id: '3', type: 'ExecutionFailed', details: { error: 'Broken', cause: 'said so' } }),
    ]);
  });

  test.each([
    ['ERROR', ['FailStateEntered', 'ExecutionFailed']],
    ['FATAL', ['ExecutionFailed']],
  ])('at level %s has %j, without data', async (level, types) => {
    const puts = await logged({ level });
    expect(messagesOf(puts).map(({ type }) => type)).toEqual(types);
    expect(JSON.stringify(puts.map(({ input }) => input))).not.toContain('secret');
  });
});
