import { randomUUID } from 'node:crypto';
import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Cloud, Handlers } from '../core/service.ts';
import { changeAttributes, DEFAULT_ATTRIBUTES, type QueueAttributes, readRedrivePolicy } from './queue-attributes.ts';
import type { QueueRecord, QueueStore } from './queue-store.ts';

/** Queues, their settings and tags. */
export function queueHandlers(cloud: Cloud, store: QueueStore): Handlers {
  return {
    ...tagHandlers(store),

    CreateQueue(input) {
      const attributes = changeAttributes(DEFAULT_ATTRIBUTES, input.Attributes ?? {});
      checkName(input.QueueName);
      const before = store.queues.get(input.QueueName);
      if (before !== undefined) return { QueueUrl: store.urlOf(checkSame(before, input.Attributes ?? {})) };
      const createdAt = Date.now();
      const queue = {
        name: input.QueueName,
        id: randomUUID(),
        createdAt,
        changedAt: createdAt,
        attributes,
        tags: input.tags ?? {},
      };
      store.queues.set(queue.name, queue);
      return { QueueUrl: store.urlOf(queue) };
    },

    DeleteQueue: ({ QueueUrl }) => store.deleteQueue(store.findByUrl(QueueUrl)),

    GetQueueUrl({ QueueName, QueueOwnerAWSAccountId }) {
      if (QueueOwnerAWSAccountId !== undefined && QueueOwnerAWSAccountId !== cloud.accountId)
        throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
      return { QueueUrl: store.urlOf(store.find(QueueName)) };
    },

    ListQueues(input) {
      refuseMembers(input, { operation: 'sqs ListQueues', members: ['QueueNamePrefix'], code: 'UnsupportedOperation' });
      const found = store.queues.values().filter(({ name }) => name.startsWith(input.QueueNamePrefix ?? ''));
      return { QueueUrls: found.map((queue) => store.urlOf(queue)) };
    },

    ListDeadLetterSourceQueues({ QueueUrl }) {
      const arn = store.arnOf(store.findByUrl(QueueUrl));
      const sources = store.queues
        .values()
        .filter(({ attributes }) => readRedrivePolicy(attributes)?.deadLetterTargetArn === arn);
      return { queueUrls: sources.map((queue) => store.urlOf(queue)) };
    },

    GetQueueAttributes({ QueueUrl, AttributeNames }) {
      const all = describeAttributes(store, store.findByUrl(QueueUrl));
      const names: readonly string[] = AttributeNames ?? [];
      const known = [
        ...Object.keys(all),
        'All',
        'RedrivePolicy',
        'RedriveAllowPolicy',
        'Policy',
        'KmsMasterKeyId',
        'FifoQueue',
      ];
      for (const name of names)
        if (!known.includes(name)) throw new AwsError('InvalidAttributeName', `Unknown attribute ${name}.`);
      const wanted = Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name));
      return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) };
    },

    SetQueueAttributes({ QueueUrl, Attributes }) {
      const queue = store.findByUrl(QueueUrl);
      const attributes = changeAttributes(queue.attributes, Attributes);
      store.queues.set(queue.name, { ...queue, attributes, changedAt: Date.now() });
    },

    PurgeQueue({ QueueUrl }) {
      const messages = store.messagesOf(store.findByUrl(QueueUrl), Date.now());
      for (const id of messages.keys()) messages.delete(id);
    },
  };
}

function tagHandlers(store: QueueStore): Handlers {
  return {
    TagQueue({ QueueUrl, Tags }) {
      const queue = store.findByUrl(QueueUrl);
      store.queues.set(queue.name, { ...queue, tags: { ...queue.tags, ...Tags } });
    },

    UntagQueue({ QueueUrl, TagKeys }) {
      const queue = store.findByUrl(QueueUrl);
      const tags = Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !TagKeys.includes(key)));
      store.queues.set(queue.name, { ...queue, tags });
    },

    ListQueueTags: ({ QueueUrl }) => ({ Tags: store.findByUrl(QueueUrl).tags }),
  };
}

/** Creating a queue that exists with these very settings is no error. */
function checkSame(queue: QueueRecord, wanted: QueueAttributes): QueueRecord {
  const differing = Object.entries(wanted).filter(
    ([name, value]) => value !== '' && (queue.attributes[name] ?? '') !== value,
  );
  if (differing.every(([name, value]) => name === 'FifoQueue' && value === 'false')) return queue;
  throw new AwsError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${differing.map(([name]) => name).join(', ')}`,
  );
}

function describeAttributes(store: QueueStore, queue: QueueRecord): QueueAttributes {
  const now = Date.now();
  const messages = store.messagesOf(queue, now).values();
  const hidden = messages.filter(({ visibleAt }) => visibleAt > now);
  const delayed = hidden.filter(({ receiveCount }) => receiveCount === 0);
  return {
    ...queue.attributes,
    QueueArn: store.arnOf(queue),
    ApproximateNumberOfMessages: String(messages.length - hidden.length),
    ApproximateNumberOfMessagesNotVisible: String(hidden.length - delayed.length),
    ApproximateNumberOfMessagesDelayed: String(delayed.length),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.changedAt / 1000)),
  };
}

function checkName(name: string): void {
  if (/^[\w-]{1,80}$/.test(name)) return;
  const reason = name.endsWith('.fifo')
    ? 'FIFO queues are not done in the local cloud'
    : '1 to 80 of a-zA-Z0-9_- are allowed';
  throw new AwsError('InvalidAttributeValue', `The queue name ${name} is not valid: ${reason}`);
}
