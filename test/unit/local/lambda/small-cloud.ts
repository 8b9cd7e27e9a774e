import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCloud, type RunningCloud, type ServiceFactory } from '../../../../local/core/create-cloud.ts';
import type { Caller, Cloud, Delays, Handlers } from '../../../../local/core/service.ts';
import { zip } from './zip.ts';

export const ROLE = 'arn:aws:iam::000000000000:role/Tester';

/** A message that a service sent to a queue. */
interface SentMessage {
  readonly queue: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, { readonly StringValue: string }>>;
  readonly caller: Caller;
}

/** A cloud of the services under test beside a role, a bucket and queues that only record. */
export interface SmallCloud {
  readonly cloud: Cloud;
  readonly log: readonly string[];
  readonly messages: readonly SentMessage[];
  readonly objects: Map<string, Buffer>;
  /** Resolves with the messages when there are at least so many. */
  readonly messagesOf: (count: number) => Promise<readonly SentMessage[]>;
  readonly close: () => Promise<void>;
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'small-cloud-'));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Starts the services over a folder; the same folder again is the same cloud again. */
export async function startSmallCloud(options: {
  readonly folder: string;
  readonly port: number;
  readonly services: readonly ServiceFactory[];
  readonly delays?: Delays;
}): Promise<SmallCloud> {
  const log: string[] = [];
  const messages: SentMessage[] = [];
  const objects = new Map<string, Buffer>();
  const news = new EventEmitter();
  const running: RunningCloud = await createCloud({
    dataFolder: options.folder,
    optFolder: options.folder,
    port: options.port,
    log: (line) => void log.push(line),
    ...(options.delays === undefined ? {} : { delays: options.delays }),
    services: [
      ...options.services,
      (cloud) => ({ name: 'sts', handlers: stsHandlers(cloud) }),
      () => ({ name: 's3', handlers: { GetObject: ({ Bucket, Key }) => ({ Body: objects.get(`${Bucket}/${Key}`) }) } }),
      () => ({ name: 'sqs', handlers: sqsHandlers(messages, news) }),
    ],
  });
  const messagesOf = async (count: number): Promise<readonly SentMessage[]> => {
    while (messages.length < count) await once(news, 'message');
    return messages;
  };
  return { cloud: running.cloud, log, messages, objects, messagesOf, close: running.close };
}

/** Creates a function of one ES module with an exported `handler`. */
export async function createFunction(
  cloud: Cloud,
  name: string,
  settings: { readonly code: string; readonly [member: string]: unknown },
): Promise<void> {
  const { code, ...members } = settings;
  await cloud.call('lambda', 'CreateFunction', {
    FunctionName: name,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Role: ROLE,
    Code: { ZipFile: zip({ 'index.mjs': code }) },
    ...members,
  });
}

/** Invokes and parses: the answer, and the error's kind when the function failed. */
export async function invoke(
  cloud: Cloud,
  name: string,
  event: unknown = {},
): Promise<{ readonly payload: unknown; readonly error?: string }> {
  const Payload = Buffer.from(JSON.stringify(event));
  const answer = await cloud.call('lambda', 'Invoke', { FunctionName: name, Payload });
  const payload = JSON.parse(Buffer.from(answer.Payload).toString('utf8'));
  return answer.FunctionError === undefined ? { payload } : { payload, error: answer.FunctionError };
}

function stsHandlers(cloud: Cloud): Handlers {
  return {
    AssumeRole: ({ RoleArn, RoleSessionName }) => {
      const arn = `arn:aws:sts::${cloud.accountId}:assumed-role/${RoleArn.split('/').at(-1)}/${RoleSessionName}`;
      return {
        Credentials: cloud.callers.issue(arn, 3600),
        AssumedRoleUser: { Arn: arn, AssumedRoleId: `AROATEST:${RoleSessionName}` },
      };
    },
  };
}

function sqsHandlers(messages: SentMessage[], news: EventEmitter): Handlers {
  return {
    GetQueueUrl: ({ QueueName }) => ({ QueueUrl: `http://127.0.0.1/000000000000/${QueueName}` }),
    SendMessage: ({ QueueUrl, MessageBody, MessageAttributes }, { caller }) => {
      messages.push({
        queue: QueueUrl.split('/').at(-1),
        body: MessageBody,
        attributes: MessageAttributes ?? {},
        caller,
      });
      news.emit('message');
      return { MessageId: `m${messages.length}` };
    },
  };
}
