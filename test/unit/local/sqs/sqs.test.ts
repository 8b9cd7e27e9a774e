import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  type QueueAttributeName,
  QueueDoesNotExist,
  QueueNameExists,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createCloud, type RunningCloud } from '../../../../local/core/create-cloud.ts';
import { createSqsService } from '../../../../local/sqs/service.ts';

const PORT = 21060;

let folder: string;
let running: RunningCloud;
const client = new SQSClient({
  endpoint: `http://127.0.0.1:${PORT}`,
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'local-sqs-'));
  running = await open();
});

afterAll(async () => {
  client.destroy();
  await running.close();
  rmSync(folder, { recursive: true });
});

function open(): Promise<RunningCloud> {
  return createCloud({
    dataFolder: folder,
    optFolder: folder,
    port: PORT,
    services: [createSqsService],
    log: () => undefined,
  });
}

async function createQueue(QueueName: string, Attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
  return QueueUrl ?? '';
}

function send(QueueUrl: string, MessageBody: string) {
  return client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
}

async function receive(QueueUrl: string, more: object = {}) {
  const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, ...more }));
  return Messages;
}

async function attribute(QueueUrl: string, name: QueueAttributeName) {
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return Attributes?.[name];
}

describe('a queue', () => {
  test('is created, found, tagged, listed and deleted', async () => {
    const url = await createQueue('simple', { VisibilityTimeout: '7' });
    expect(url).toBe(`http://127.0.0.1:${PORT}/000000000000/simple`);
    expect((await client.send(new GetQueueUrlCommand({ QueueName: 'simple' }))).QueueUrl).toBe(url);
    expect(await attribute(url, 'QueueArn')).toBe('arn:aws:sqs:us-east-1:000000000000:simple');
    expect(await attribute(url, 'VisibilityTimeout')).toBe('7');
    await client.send(new TagQueueCommand({ QueueUrl: url, Tags: { a: '1' } }));
    expect((await client.send(new ListQueueTagsCommand({ QueueUrl: url }))).Tags).toEqual({ a: '1' });
    expect((await client.send(new ListQueuesCommand({ QueueNamePrefix: 'sim' }))).QueueUrls).toEqual([url]);
    await client.send(new DeleteQueueCommand({ QueueUrl: url }));
    await expect(client.send(new GetQueueUrlCommand({ QueueName: 'simple' }))).rejects.toBeInstanceOf(
      QueueDoesNotExist,
    );
  });

  test('is created again with the same settings, and refused with others', async () => {
    const url = await createQueue('again', { DelaySeconds: '0' });
    expect(await createQueue('again', { DelaySeconds: '0' })).toBe(url);
    await expect(createQueue('again', { DelaySeconds: '5' })).rejects.toBeInstanceOf(QueueNameExists);
  });

  test('refuses settings that it does not know or that are out of range', async () => {
    await expect(createQueue('bad', { FifoQueue: 'true' })).rejects.toMatchObject({ name: 'InvalidAttributeName' });
    const url = await createQueue('limits');
    const set = new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { VisibilityTimeout: '50000' } });
    await expect(client.send(set)).rejects.toMatchObject({ name: 'InvalidAttributeValue' });
  });
});

describe('a message', () => {
  test('is hidden once received, and gone once deleted', async () => {
    const url = await createQueue('work');
    await send(url, 'a <body> with ü');
    const [message] = await receive(url, { MessageSystemAttributeNames: ['All'] });
    expect(message?.Body).toBe('a <body> with ü');
    expect(message?.Attributes).toMatchObject({ ApproximateReceiveCount: '1' });
    expect(await receive(url)).toEqual([]);
    expect(await attribute(url, 'ApproximateNumberOfMessagesNotVisible')).toBe('1');
    await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message?.ReceiptHandle }));
    expect(await attribute(url, 'ApproximateNumberOfMessagesNotVisible')).toBe('0');
  });

  test('carries attributes with the digest that clients verify', async () => {
    const url = await createQueue('attributes');
    const MessageAttributes = {
      kind: { DataType: 'String', StringValue: 'v' },
      raw: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
    };
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'm', MessageAttributes }));
    const [message] = await receive(url, { MessageAttributeNames: ['All'] });
    expect(message?.MessageAttributes?.['kind']).toEqual({ DataType: 'String', StringValue: 'v' });
    expect([...(message?.MessageAttributes?.['raw']?.BinaryValue ?? [])]).toEqual([1, 2]);
    // Computed apart from this code, from the lengths, names, types and values as the developer guide orders them.
    const { MD5OfMessageAttributes } = await client.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: 'm',
        MessageAttributes: { n: { DataType: 'String', StringValue: 'v' } },
      }),
    );
    expect(MD5OfMessageAttributes).toBe('f4b238699da710fd012839c16c09f1ca');
  });

  test('ends a long poll that waits for it', async () => {
    const url = await createQueue('poll');
    const waiting = receive(url, { WaitTimeSeconds: 20 });
    await send(url, 'now');
    expect((await waiting).map(({ Body }) => Body)).toEqual(['now']);
  });

  test('comes back at once when its visibility is given up', async () => {
    const url = await createQueue('back');
    await send(url, 'm');
    const [first] = await receive(url);
    const giveUp = { QueueUrl: url, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 };
    await client.send(new ChangeMessageVisibilityCommand(giveUp));
    const [second] = await receive(url, { AttributeNames: ['ApproximateReceiveCount'] });
    expect(second?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
    await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }));
    expect(await attribute(url, 'ApproximateNumberOfMessagesNotVisible')).toBe('1');
  });

  test('goes to the dead letters when it was received too often', async () => {
    const dead = await createQueue('dead');
    const url = await createQueue('alive', {
      VisibilityTimeout: '0',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: await attribute(dead, 'QueueArn'), maxReceiveCount: '2' }),
    });
    await send(url, 'poison');
    for (const _try of [1, 2]) expect(await receive(url)).toHaveLength(1);
    expect(await receive(url)).toEqual([]);
    const [letter] = await receive(dead, { MessageSystemAttributeNames: ['DeadLetterQueueSourceArn'] });
    expect(letter).toMatchObject({
      Body: 'poison',
      Attributes: { DeadLetterQueueSourceArn: 'arn:aws:sqs:us-east-1:000000000000:alive' },
    });
    expect((await client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }))).queueUrls).toEqual([url]);
  });

  test('is there after a restart', async () => {
    const url = await createQueue('durable');
    await send(url, 'stays');
    await running.close();
    running = await open();
    expect((await receive(url)).map(({ Body }) => Body)).toEqual(['stays']);
  });

  test('is one of a batch, of which each is answered for itself', async () => {
    const url = await createQueue('batch');
    const Entries = [
      { Id: 'good', MessageBody: 'm' },
      { Id: 'late', MessageBody: 'm', DelaySeconds: 9999 },
    ];
    const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    expect(answer.Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(answer.Failed).toMatchObject([{ Id: 'late', Code: 'InvalidParameterValue', SenderFault: true }]);
    await client.send(new PurgeQueueCommand({ QueueUrl: url }));
    expect(await attribute(url, 'ApproximateNumberOfMessages')).toBe('0');
  });

  test('with a handle that is none is refused', async () => {
    const url = await createQueue('handles');
    await expect(
      client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: 'nonsense' })),
    ).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
  });
});
