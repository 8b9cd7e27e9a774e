import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createEventsService } from '../../../../local/events/service.ts';
import { newFolder, removeFolder, type SmallCloud, startSmallCloud } from '../lambda/small-cloud.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:q';
const folder = newFolder();
let small: SmallCloud;
let call: (operation: string, input: object) => Promise<Record<string, unknown>>;

beforeAll(async () => {
  small = await startSmallCloud({ folder, port: 21_421, services: [createEventsService] });
  call = (operation, input) => small.cloud.call('events', operation, input);
});

afterAll(async () => {
  await small.close();
  removeFolder(folder);
});

describe('a rule', () => {
  test('is described as it was put, and replaced by the next put', async () => {
    const arn = 'arn:aws:events:us-east-1:000000000000:rule/r';
    expect(await call('PutRule', { Name: 'r', ScheduleExpression: 'rate(1 hour)', Description: 'd' })).toEqual({
      RuleArn: arn,
    });
    await call('PutRule', { Name: 'r', EventPattern: '{"source":["a"]}' });
    expect(await call('DescribeRule', { Name: 'r' })).toEqual({
      Name: 'r',
      Arn: arn,
      EventPattern: '{"source":["a"]}',
      State: 'ENABLED',
      EventBusName: 'default',
    });
  });

  test('is deleted only without targets, and deleting it twice succeeds', async () => {
    await call('PutRule', { Name: 'gone', EventPattern: '{"source":["a"]}' });
    await call('PutTargets', { Rule: 'gone', Targets: [{ Id: '1', Arn: QUEUE }] });
    await expect(call('DeleteRule', { Name: 'gone' })).rejects.toMatchObject({ name: 'ValidationException' });
    await call('RemoveTargets', { Rule: 'gone', Ids: ['1'] });
    await call('DeleteRule', { Name: 'gone' });
    await call('DeleteRule', { Name: 'gone' });
    await expect(call('DescribeRule', { Name: 'gone' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('needs a pattern or a schedule, and the default bus', async () => {
    await expect(call('PutRule', { Name: 'x' })).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(call('PutRule', { Name: 'x', EventPattern: '{' })).rejects.toMatchObject({
      name: 'InvalidEventPatternException',
    });
    await expect(call('PutRule', { Name: 'x', EventPattern: '{"a":[1]}', EventBusName: 'own' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('has tags', async () => {
    await call('PutRule', { Name: 'tagged', EventPattern: '{"a":[1]}', Tags: [{ Key: 'a', Value: '1' }] });
    const ResourceARN = 'arn:aws:events:us-east-1:000000000000:rule/tagged';
    await call('TagResource', { ResourceARN, Tags: [{ Key: 'b', Value: '2' }] });
    await call('UntagResource', { ResourceARN, TagKeys: ['a'] });
    expect(await call('ListTagsForResource', { ResourceARN })).toEqual({ Tags: [{ Key: 'b', Value: '2' }] });
  });
});

describe('a target', () => {
  test('that the local cloud cannot deliver to is refused by name', async () => {
    await call('PutRule', { Name: 't', EventPattern: '{"a":[1]}' });
    const put = (target: object): Promise<unknown> =>
      call('PutTargets', { Rule: 't', Targets: [{ Id: '1', Arn: QUEUE, ...target }] });
    await expect(put({ Arn: 'arn:aws:sns:us-east-1:000000000000:topic' })).rejects.toThrow(/sns/);
    await expect(put({ EcsParameters: { TaskDefinitionArn: 'x' } })).rejects.toThrow(/EcsParameters/);
    await expect(put({ Arn: 'arn:aws:states:us-east-1:000000000000:stateMachine:m' })).rejects.toThrow(/RoleArn/);
  });

  test('is listed as it was put', async () => {
    await call('PutRule', { Name: 'l', EventPattern: '{"a":[1]}' });
    const target = {
      Id: '1',
      Arn: QUEUE,
      RetryPolicy: { MaximumRetryAttempts: 2 },
      SqsParameters: { MessageGroupId: 'g' },
    };
    expect(await call('PutTargets', { Rule: 'l', Targets: [target] })).toEqual({
      FailedEntryCount: 0,
      FailedEntries: [],
    });
    expect(await call('ListTargetsByRule', { Rule: 'l' })).toEqual({ Targets: [target] });
    expect(await call('ListRuleNamesByTarget', { TargetArn: QUEUE })).toEqual({ RuleNames: ['l'] });
  });
});

describe('putting events', () => {
  test('refuses the sources of AWS and malformed entries, entry by entry', async () => {
    const good = { Source: 'my.app', DetailType: 'T', Detail: '{}' };
    const answer = await call('PutEvents', {
      Entries: [good, { ...good, Source: 'aws.ecs' }, { ...good, Detail: '[]' }, { Source: 'my.app', Detail: '{}' }],
    });
    expect(answer).toEqual({
      FailedEntryCount: 3,
      Entries: [
        { EventId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
        expect.objectContaining({ ErrorCode: 'NotAuthorizedForSourceException' }),
        expect.objectContaining({ ErrorCode: 'MalformedDetail' }),
        expect.objectContaining({ ErrorCode: 'InvalidArgument' }),
      ],
    });
  });

  test('delivers to the rules', async () => {
    await call('PutRule', { Name: 'mine', EventPattern: '{"source":["my.app"],"detail":{"n":[1]}}' });
    await call('PutTargets', { Rule: 'mine', Targets: [{ Id: '1', Arn: QUEUE, InputPath: '$.detail' }] });
    await call('PutEvents', { Entries: [{ Source: 'my.app', DetailType: 'T', Detail: '{"n":1}' }] });
    expect((await small.messagesOf(1))[0]?.body).toBe('{"n":1}');
  });
});

test('a pattern can be tried on an event', async () => {
  const Event = JSON.stringify({
    id: '1',
    account: 'a',
    source: 's',
    time: 't',
    region: 'r',
    resources: [],
    'detail-type': 'd',
  });
  expect(await call('TestEventPattern', { EventPattern: '{"source":["s"]}', Event })).toEqual({ Result: true });
  await expect(call('TestEventPattern', { EventPattern: '{"source":["s"]}', Event: '{}' })).rejects.toThrow(
    /lacks id, account/,
  );
});
