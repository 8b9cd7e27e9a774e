import { randomUUID } from 'node:crypto';
import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Handlers } from '../core/service.ts';
import { digestAttributes, type MessageAttribute, type MessageAttributes, md5 } from './message-digest.ts';
import { numberOf } from './queue-attributes.ts';
import type { MessageRecord, QueueRecord, QueueStore } from './queue-store.ts';

const RECEIVE_MEMBERS = [
  'AttributeNames',
  'MaxNumberOfMessages',
  'MessageAttributeNames',
  'MessageSystemAttributeNames',
  'QueueUrl',
  'VisibilityTimeout',
  'WaitTimeSeconds',
];

/** Sending, receiving and deleting messages. */
export function messageHandlers(store: QueueStore): Handlers {
  return {
    SendMessage({ QueueUrl, ...input }, { caller }) {
      return send(store, store.findByUrl(QueueUrl), { ...input, senderId: caller.principalArn });
    },

    async ReceiveMessage(input) {
      refuseMembers(input, { operation: 'sqs ReceiveMessage', members: RECEIVE_MEMBERS, code: 'UnsupportedOperation' });
      const maxMessages = checkNumber(input.MaxNumberOfMessages ?? 1, { name: 'MaxNumberOfMessages', min: 1, max: 10 });
      const queue = store.findByUrl(input.QueueUrl);
      const waitSeconds = input.WaitTimeSeconds ?? numberOf(queue.attributes, 'ReceiveMessageWaitTimeSeconds');
      checkNumber(waitSeconds, { name: 'WaitTimeSeconds', min: 0, max: 20 });
      const deadline = Date.now() + waitSeconds * 1000;
      for (;;) {
        const now = Date.now();
        const current = store.findByUrl(input.QueueUrl);
        const visibilityMs = visibilityOf(current, input.VisibilityTimeout) * 1000;
        const taken = store.take(current, { maxMessages, visibilityMs, now });
        if (taken.length > 0) return { Messages: taken.map((message) => describeMessage(message, input)) };
        if (now >= deadline || store.isClosed) return {};
        await store.untilChanged(current, deadline, now);
      }
    },

    DeleteMessage({ QueueUrl, ReceiptHandle }) {
      deleteMessage(store, store.findByUrl(QueueUrl), ReceiptHandle);
    },

    ChangeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout }) {
      changeVisibility(store, store.findByUrl(QueueUrl), { ReceiptHandle, VisibilityTimeout });
    },

    SendMessageBatch({ QueueUrl, Entries }, { caller }) {
      const queue = store.findByUrl(QueueUrl);
      return eachEntry<SendInput>(Entries, ({ Id: _id, ...entry }) =>
        send(store, queue, { ...entry, senderId: caller.principalArn }),
      );
    },

    DeleteMessageBatch({ QueueUrl, Entries }) {
      const queue = store.findByUrl(QueueUrl);
      return eachEntry<HandleInput>(Entries, ({ ReceiptHandle }) => deleteMessage(store, queue, ReceiptHandle));
    },

    ChangeMessageVisibilityBatch({ QueueUrl, Entries }) {
      const queue = store.findByUrl(QueueUrl);
      return eachEntry<HandleInput>(Entries, (entry) => changeVisibility(store, queue, entry));
    },
  };
}

interface SendInput {
  readonly MessageBody: string;
  readonly DelaySeconds?: number;
  readonly MessageAttributes?: MessageAttributes;
  readonly senderId: string;
}

interface HandleInput {
  readonly ReceiptHandle: string;
  readonly VisibilityTimeout?: number;
}

function send(store: QueueStore, queue: QueueRecord, input: SendInput): object {
  const { MessageBody: body, DelaySeconds, MessageAttributes: given = {}, senderId, ...others } = input;
  refuseMembers(others, {
    operation: 'sqs SendMessage',
    members: ['MessageBody', 'DelaySeconds', 'MessageAttributes'],
    code: 'UnsupportedOperation',
  });
  const delaySeconds = DelaySeconds ?? numberOf(queue.attributes, 'DelaySeconds');
  checkNumber(delaySeconds, { name: 'DelaySeconds', min: 0, max: 900 });
  const attributes = storeAttributes(given);
  const bytes = Buffer.byteLength(body) + Buffer.byteLength(JSON.stringify(attributes)) - 2;
  const maxBytes = numberOf(queue.attributes, 'MaximumMessageSize');
  if (body.length === 0) throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (bytes > maxBytes)
    throw new AwsError('InvalidParameterValue', `The message has ${bytes} bytes; allowed are ${maxBytes}`);
  const sentAt = Date.now();
  const id = randomUUID();
  const visibleAt = sentAt + delaySeconds * 1000;
  store.put(queue, { id, body, attributes, sentAt, senderId, visibleAt, receiveCount: 0 }, sentAt);
  return { MessageId: id, MD5OfMessageBody: md5(body), MD5OfMessageAttributes: digestAttributes(attributes) };
}

/** A handle of an older receive deletes nothing, without an error, as on AWS; a foreign one is refused. */
function deleteMessage(store: QueueStore, queue: QueueRecord, handle: string): void {
  const messages = store.messagesOf(queue, Date.now());
  const message = messages.get(idOf(handle));
  if (message?.receiptHandle === handle) messages.delete(message.id);
}

function changeVisibility(store: QueueStore, queue: QueueRecord, input: HandleInput): void {
  const seconds = visibilityOf(queue, input.VisibilityTimeout);
  const now = Date.now();
  const message = store.messagesOf(queue, now).get(idOf(input.ReceiptHandle));
  if (message?.receiptHandle !== input.ReceiptHandle || message.visibleAt <= now)
    throw new AwsError('MessageNotInflight', 'The message referred to is not in flight.');
  store.put(queue, { ...message, visibleAt: now + seconds * 1000 }, now);
}

/** One entry that fails leaves the others done. */
function eachEntry<Entry>(
  entries: readonly (Entry & { readonly Id: string })[],
  act: (entry: Entry & { readonly Id: string }) => unknown,
): object {
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > 10)
    throw new AwsError('TooManyEntriesInBatchRequest', `${entries.length} entries are sent; allowed are 10`);
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
    throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more entries have the same Id.');
  const successful: object[] = [];
  const failed: object[] = [];
  for (const entry of entries) {
    try {
      successful.push({ Id: entry.Id, ...Object(act(entry)) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed.push({ Id: entry.Id, SenderFault: true, Code: error.name, Message: error.message });
    }
  }
  return { Successful: successful, Failed: failed };
}

interface Wanted {
  readonly AttributeNames?: readonly string[];
  readonly MessageSystemAttributeNames?: readonly string[];
  readonly MessageAttributeNames?: readonly string[];
}

function describeMessage(message: MessageRecord, wanted: Wanted): object {
  const system = [...(wanted.AttributeNames ?? []), ...(wanted.MessageSystemAttributeNames ?? [])];
  const attributes = Object.entries(systemAttributes(message)).filter(
    ([name, value]) => value !== undefined && (system.includes('All') || system.includes(name)),
  );
  const own = Object.entries(message.attributes).filter(([name]) => isWanted(name, wanted.MessageAttributeNames ?? []));
  const shown = Object.fromEntries(own);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(attributes.length === 0 ? {} : { Attributes: Object.fromEntries(attributes) }),
    ...(own.length === 0
      ? {}
      : { MessageAttributes: showAttributes(shown), MD5OfMessageAttributes: digestAttributes(shown) }),
  };
}

function systemAttributes(message: MessageRecord): Readonly<Record<string, string | undefined>> {
  return {
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
    SentTimestamp: String(message.sentAt),
    SenderId: message.senderId,
    DeadLetterQueueSourceArn: message.sourceArn,
  };
}

/** Names may be All, a name, or a beginning with .* */
function isWanted(name: string, wanted: readonly string[]): boolean {
  return wanted.some((want) => {
    if (want === 'All' || want === '.*') return true;
    return want.endsWith('.*') ? name.startsWith(want.slice(0, -2)) : want === name;
  });
}

/** The journal holds JSON: bytes are kept as base64. */
function storeAttributes(attributes: MessageAttributes): MessageAttributes {
  const stored = Object.entries(attributes).map(
    ([name, { DataType, StringValue, BinaryValue }]): [string, MessageAttribute] => {
      if (!/^(String|Number|Binary)(\..+)?$/.test(DataType))
        throw new AwsError(
          'InvalidParameterValue',
          `The attribute ${name} has the type ${DataType}; allowed: String, Number, Binary`,
        );
      if (BinaryValue !== undefined)
        return [name, { DataType, BinaryValue: Buffer.from(BinaryValue).toString('base64') }];
      if (StringValue === undefined) throw new AwsError('InvalidParameterValue', `The attribute ${name} has no value`);
      return [name, { DataType, StringValue }];
    },
  );
  return Object.fromEntries(stored);
}

function showAttributes(attributes: MessageAttributes): MessageAttributes {
  const shown = Object.entries(attributes).map(([name, attribute]) => {
    const { BinaryValue } = attribute;
    return [
      name,
      typeof BinaryValue === 'string' ? { ...attribute, BinaryValue: Buffer.from(BinaryValue, 'base64') } : attribute,
    ];
  });
  return Object.fromEntries(shown);
}

function visibilityOf(queue: QueueRecord, seconds: number | undefined): number {
  const value = seconds ?? numberOf(queue.attributes, 'VisibilityTimeout');
  return checkNumber(value, { name: 'VisibilityTimeout', min: 0, max: 43_200 });
}

function checkNumber(value: number, allowed: { name: string; min: number; max: number }): number {
  const { name, min, max } = allowed;
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new AwsError('InvalidParameterValue', `${name} is ${value}; allowed are ${min} to ${max}`);
}

function idOf(handle: string): string {
  const [id = '', token] = handle.split('.');
  if (token === undefined || !/^[0-9a-f-]{36}$/.test(id))
    throw new AwsError('ReceiptHandleIsInvalid', `The receipt handle ${handle.slice(0, 80)} is not valid.`);
  return id;
}
