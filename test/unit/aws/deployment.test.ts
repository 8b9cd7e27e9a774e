import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createCfnDeployment } from '../../../lib/aws/cfn-deployment.ts';
import { createSqsDeadLetters } from '../../../lib/aws/sqs-dead-letters.ts';
import { createCloudformationService } from '../../../local/cloudformation/service.ts';
import { createCloud, type RunningCloud } from '../../../local/core/create-cloud.ts';
import { createSqsService } from '../../../local/sqs/service.ts';

/** The adapters over the wire, on an endpoint that checks requests and answers by the SDK's own schemas. */
const port = 23_820;
const connection = {
  endpoint: `http://127.0.0.1:${port}`,
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
};
const cfn = new CloudFormationClient(connection);
const sqs = new SQSClient(connection);
let folder: string;
let cloud: RunningCloud;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'warden-deployment-'));
  cloud = await createCloud({
    dataFolder: folder,
    optFolder: join(folder, 'opt'),
    port,
    services: [createSqsService, createCloudformationService],
    log: () => undefined,
  });
});

afterAll(async () => {
  cfn.destroy();
  sqs.destroy();
  await cloud.close();
  rmSync(folder, { recursive: true });
});

describe('the stack', () => {
  const create = async (StackName: string): Promise<string> => {
    const TemplateBody = JSON.stringify({ Resources: { Nothing: { Type: 'AWS::CDK::Metadata', Properties: {} } } });
    const { StackId = '' } = await cfn.send(new CreateStackCommand({ StackName, TemplateBody }));
    return StackId;
  };

  test('is protected and unprotected by its ARN, as often as asked, and no other one is', async () => {
    const deployment = createCfnDeployment({ stackId: await create('Ours'), client: cfn });
    await create('Others');
    expect(await deployment.isProtected()).toBe(false);
    for (const wanted of [true, true, false, false, true]) {
      await deployment.protect(wanted);
      expect(await deployment.isProtected()).toBe(wanted);
    }
    const { Stacks: [others] = [] } = await cfn.send(new DescribeStacksCommand({ StackName: 'Others' }));
    expect(others?.EnableTerminationProtection).toBe(false);
  });

  test('that is not there is an error with its name', async () => {
    const deployment = createCfnDeployment({ stackId: 'Nowhere', client: cfn });
    await expect(deployment.isProtected()).rejects.toMatchObject({
      name: 'DeploymentError',
      code: 'WARDEN_DEPLOYMENT',
      retriable: false,
    });
  });
});

describe('the dead letters', () => {
  const queue = async (QueueName: string): Promise<string> => {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName }));
    return QueueUrl;
  };

  test('are received with the time that they were sent at, are hidden from who comes next, and go when they are deleted', async () => {
    const before = Date.now();
    const queues = { undelivered: await queue('Undelivered'), failed: await queue('Failed') };
    for (const MessageBody of ['one', 'two'])
      await sqs.send(new SendMessageCommand({ QueueUrl: queues.failed, MessageBody }));
    const [undelivered, failed] = createSqsDeadLetters({ queues, client: sqs });
    expect([undelivered?.name, undelivered?.holds, failed?.name, failed?.holds]).toEqual([
      ...['Undelivered', 'undelivered', 'Failed', 'failed'],
    ]);
    expect(await undelivered?.receive()).toEqual([]);

    const letters = (await failed?.receive()) ?? [];
    expect(letters.map(({ body }) => body).sort()).toEqual(['one', 'two']);
    expect(letters.every(({ sentAt }) => sentAt >= before && sentAt <= Date.now())).toBe(true);
    expect(await failed?.receive()).toEqual([]);

    for (const letter of letters) await failed?.delete(letter);
    const attributes = new GetQueueAttributesCommand({
      QueueUrl: queues.failed,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    });
    expect((await sqs.send(attributes)).Attributes).toEqual({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    });
  });

  test('of a queue that is not there cannot be received', async () => {
    const gone = `${connection.endpoint}/000000000000/gone`;
    const [undelivered] = createSqsDeadLetters({ queues: { undelivered: gone, failed: gone }, client: sqs });
    await expect(undelivered?.receive()).rejects.toMatchObject({ name: 'DeadLettersError', retriable: false });
  });
});
