import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AwsError } from '../../../../local/core/aws-error.ts';
import {
  answered,
  createMachine,
  type LocalCloud,
  makeFolder,
  type OutgoingCall,
  openCloud,
  removeFolder,
  thrown,
  type World,
} from './local-cloud.ts';

const folders: string[] = [];
let cloud: LocalCloud;
let calls: OutgoingCall[];
let world: World;

beforeEach(async () => {
  const dataFolder = makeFolder();
  folders.push(dataFolder);
  calls = [];
  cloud = await openCloud({
    dataFolder,
    world: (call) => {
      calls.push(call);
      return world(call);
    },
  });
});

afterEach(() => cloud.kill());
afterAll(() => folders.forEach(removeFolder));

// biome-ignore lint/suspicious/noExplicitAny: the description of an execution
async function runTask(task: object): Promise<any> {
  const stateMachineArn = await createMachine(cloud, 'roll', { Run: { Type: 'Task', ...task, End: true } });
  const { executionArn } = await cloud.send('StartExecution', { stateMachineArn, name: 'run-1', input: '{"n":1}' });
  return cloud.closed(executionArn);
}

const invoke = 'arn:aws:states:::lambda:invoke';

describe('lambda:invoke', () => {
  test('calls the function as the role of the machine and gives its payload', async () => {
    world = async () => answered({ ok: true });
    const execution = await runTask({ Resource: invoke, Arguments: { FunctionName: 'f', Payload: { a: [1] } } });
    expect(JSON.parse(execution.output)).toEqual({
      ExecutedVersion: '$LATEST',
      Payload: { ok: true },
      StatusCode: 200,
    });
    const [call] = calls;
    expect(call).toMatchObject({
      service: 'lambda',
      operation: 'Invoke',
      caller: { accessKeyId: 'internal', principalArn: 'arn:aws:sts::000000000000:assumed-role/Plans/StepFunctions' },
      input: { FunctionName: 'f' },
    });
    expect(Buffer.from(call?.input.Payload).toString()).toBe('{"a":[1]}');
  });

  test('fails with the name of the error that the function threw', async () => {
    world = async () => thrown('NotReady', 'ISR is short');
    expect(await runTask({ Resource: invoke, Arguments: { FunctionName: 'f' } })).toMatchObject({
      error: 'NotReady',
      cause: '{"errorType":"NotReady","errorMessage":"ISR is short","trace":[]}',
    });
  });

  test('fails with Lambda.Unknown when the runtime said nothing', async () => {
    world = async () => ({ ...answered(null), FunctionError: 'Unhandled', Payload: Buffer.from('') });
    expect(await runTask({ Resource: invoke, Arguments: { FunctionName: 'f' } })).toMatchObject({
      error: 'Lambda.Unknown',
    });
  });

  test.each([
    [new AwsError('TooManyRequestsException', 'slow down', 429), 'Lambda.TooManyRequestsException'],
    [new AwsError('ResourceNotFoundException', 'no f', 404), 'Lambda.ResourceNotFoundException'],
    [new AwsError('AccessDeniedException', 'not you', 403), 'Lambda.AWSLambdaException'],
  ])('names the error of the service itself: %s', async (refusal, error) => {
    world = () => Promise.reject(refusal);
    const execution = await runTask({ Resource: invoke, Arguments: { FunctionName: 'f' } });
    expect(execution).toMatchObject({ error, cause: expect.stringContaining(refusal.message) });
  });

  test('refuses a parameter that the API has not, by name', async () => {
    const execution = await runTask({ Resource: invoke, Arguments: { FunctionName: 'f', Speed: 9 } });
    expect(execution).toMatchObject({ error: 'States.Runtime', cause: expect.stringContaining("The field 'Speed'") });
  });

  test('logs a defect of the local cloud, and the execution fails', async () => {
    world = () => Promise.reject(new TypeError('a bug'));
    expect(await runTask({ Resource: invoke, Arguments: { FunctionName: 'f' } })).toMatchObject({
      error: 'Lambda.AWSLambdaException',
    });
    expect(cloud.lines.join()).toContain('TypeError: a bug');
  });
});

describe('other integrations', () => {
  test('dynamodb:getItem passes members as they are', async () => {
    world = async () => ({ Item: { id: { S: 'a' }, n: { N: '1' } } });
    const execution = await runTask({
      Resource: 'arn:aws:states:::dynamodb:getItem',
      Arguments: { TableName: 't', Key: { id: { S: 'a' } }, ConsistentRead: true },
    });
    expect(calls[0]?.input).toEqual({ TableName: 't', Key: { id: { S: 'a' } }, ConsistentRead: true });
    expect(JSON.parse(execution.output)).toEqual({ Item: { id: { S: 'a' }, n: { N: '1' } } });
  });

  test.each([
    ['arn:aws:states:::dynamodb:putItem', 'DynamoDB.ConditionalCheckFailedException'],
    ['arn:aws:states:::aws-sdk:dynamodb:putItem', 'DynamoDb.ConditionalCheckFailedException'],
  ])('%s names a modeled error %s', async (resource, error) => {
    world = () => Promise.reject(new AwsError('ConditionalCheckFailedException', 'taken'));
    const item = { TableName: 't', Item: { id: { S: 'a' } } };
    expect(await runTask({ Resource: resource, Arguments: item })).toMatchObject({ error });
  });

  test('aws-sdk:ecs turns PascalCase into the API’s members and back', async () => {
    world = async () => ({ tasks: [{ taskArn: 't-1', createdAt: new Date('2026-01-01T00:00:00Z') }], failures: [] });
    const execution = await runTask({
      Resource: 'arn:aws:states:::aws-sdk:ecs:describeTasks',
      Arguments: { Cluster: 'c', Tasks: ['t-1'] },
    });
    expect(calls[0]).toMatchObject({
      service: 'ecs',
      operation: 'DescribeTasks',
      input: { cluster: 'c', tasks: ['t-1'] },
    });
    expect(JSON.parse(execution.output)).toEqual({
      Tasks: [{ TaskArn: 't-1', CreatedAt: '2026-01-01T00:00:00.000Z' }],
      Failures: [],
    });
  });

  test('aws-sdk names an unmodeled error after the service', async () => {
    world = () => Promise.reject(new AwsError('VolumeInUse', 'attached'));
    const task = {
      Resource: 'arn:aws:states:::aws-sdk:ec2:attachVolume',
      Arguments: { Device: 'd', InstanceId: 'i', VolumeId: 'v' },
    };
    expect(await runTask(task)).toMatchObject({
      error: 'Ec2.Ec2Exception',
      cause: expect.stringContaining('VolumeInUse'),
    });
  });

  test('events:putEvents adds its ARNs and fails when an entry was refused', async () => {
    world = async () => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] });
    const execution = await runTask({
      Resource: 'arn:aws:states:::events:putEvents',
      Arguments: { Entries: [{ Source: 's', DetailType: 'd', Detail: { a: 1 }, Resources: ['mine'] }] },
    });
    expect(calls[0]?.input.Entries).toEqual([
      {
        Source: 's',
        DetailType: 'd',
        Detail: '{"a":1}',
        Resources: ['mine', execution.executionArn, execution.stateMachineArn],
      },
    ]);
    expect(execution.error).toBe('EventBridge.FailedEntry');
  });

  test('sqs:sendMessage sends an object as JSON', async () => {
    world = async () => ({ MessageId: 'm-1' });
    const task = { Resource: 'arn:aws:states:::sqs:sendMessage', Arguments: { QueueUrl: 'q', MessageBody: { a: 1 } } };
    expect(JSON.parse((await runTask(task)).output)).toEqual({ MessageId: 'm-1' });
    expect(calls[0]?.input).toEqual({ QueueUrl: 'q', MessageBody: '{"a":1}' });
  });
});

describe('a child execution', () => {
  const child = { Type: 'Task', Resource: 'arn:aws:states:::states:startExecution.sync:2' };

  test('gives its description with input and output as JSON', async () => {
    const StateMachineArn = await createMachine(cloud, 'broker', {
      Go: { Type: 'Pass', Output: { got: '{% $states.input.n %}' }, End: true },
    });
    const execution = await runTask({ ...child, Arguments: { StateMachineArn, Name: 'kafka-0', Input: { n: 7 } } });
    expect(JSON.parse(execution.output)).toEqual({
      ExecutionArn: 'arn:aws:states:us-east-1:000000000000:execution:broker:kafka-0',
      StateMachineArn,
      Name: 'kafka-0',
      Status: 'SUCCEEDED',
      StartDate: Date.UTC(2026, 0, 1),
      StopDate: Date.UTC(2026, 0, 1),
      Input: { n: 7 },
      InputDetails: { Included: true },
      Output: { got: 7 },
      OutputDetails: { Included: true },
      RedriveCount: 0,
      RedriveStatus: 'NOT_REDRIVABLE',
      RedriveStatusReason: 'RedriveExecution is not done in the local cloud',
    });
  });

  test('that fails fails its task with States.TaskFailed and its description', async () => {
    const StateMachineArn = await createMachine(cloud, 'broker', {
      No: { Type: 'Fail', Error: 'Superseded', Cause: 'x' },
    });
    const execution = await runTask({ ...child, Arguments: { StateMachineArn } });
    expect(execution.error).toBe('States.TaskFailed');
    expect(JSON.parse(execution.cause)).toMatchObject({ Status: 'FAILED', Error: 'Superseded', Cause: 'x' });
  });

  test('whose name is taken by an older one fails its task', async () => {
    const StateMachineArn = await createMachine(cloud, 'broker', { Go: { Type: 'Pass', End: true } });
    const older = await cloud.send('StartExecution', {
      stateMachineArn: StateMachineArn,
      name: 'kafka-0',
      input: '{}',
    });
    await cloud.closed(older.executionArn);
    cloud.clock.moveTo(cloud.clock.now() + 1);
    const execution = await runTask({ ...child, Arguments: { StateMachineArn, Name: 'kafka-0', Input: {} } });
    expect(execution.error).toBe('StepFunctions.ExecutionAlreadyExistsException');
  });

  test('is stopped with the execution that waits for it', async () => {
    const StateMachineArn = await createMachine(cloud, 'broker', { Sleep: { Type: 'Wait', Seconds: 99, End: true } });
    const stateMachineArn = await createMachine(cloud, 'roll', {
      Run: { ...child, Arguments: { StateMachineArn, Name: 'kafka-0' }, End: true },
    });
    const { executionArn } = await cloud.send('StartExecution', { stateMachineArn });
    await cloud.until(() => cloud.events.some(({ detail }) => detail['name'] === 'kafka-0'));
    await cloud.send('StopExecution', { executionArn });
    const childArn = 'arn:aws:states:us-east-1:000000000000:execution:broker:kafka-0';
    expect(await cloud.closed(childArn)).toMatchObject({ status: 'ABORTED' });
  });
});
