import { ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceContext, ResourceDriver } from '../resource-driver.ts';
import type { JsonObject } from '../template/json.ts';
import { pick, textOf } from './pick.ts';
import { tagChange, tagMap } from './tag-change.ts';

const SETTINGS = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoQueue',
  'FifoThroughputLimit',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
];

/** AWS::SQS::Queue. Creating a queue again under its name and settings answers the same queue. */
export const sqsQueue: ResourceDriver = {
  type: 'AWS::SQS::Queue',
  properties: [...SETTINGS, 'QueueName', 'Tags'],
  replaceOn: ['FifoQueue', 'QueueName'],
  nameProperty: 'QueueName',
  tags: 'list',
  create: async (context, properties) => {
    const isFifo = String(properties['FifoQueue'] ?? 'false') === 'true';
    const usual = isFifo ? `${context.name(75)}.fifo` : context.name(80);
    const QueueName = textOf(properties, 'QueueName') ?? usual;
    const { QueueUrl } = await context.call('sqs', 'CreateQueue', {
      QueueName,
      Attributes: settingsOf(properties),
      tags: tagMap(properties),
    });
    context.remember(QueueUrl);
    return { physicalId: QueueUrl, attributes: attributesOf(context, QueueUrl, QueueName) };
  },
  update: async (context, resource, change) => {
    const QueueUrl = resource.physicalId;
    const removed = Object.fromEntries(
      SETTINGS.filter((name) => isTakenAway(change.changed, change.after, name)).map((name) => [name, '']),
    );
    const { FifoQueue: _, ...settings } = { ...settingsOf(change.after), ...removed };
    if (Object.keys(settings).length > 0)
      await context.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: settings });
    const tags = tagChange(change);
    const set = Object.fromEntries(tags.set.map(({ Key, Value }) => [Key, Value]));
    if (tags.set.length > 0) await context.call('sqs', 'TagQueue', { QueueUrl, Tags: set });
    if (tags.removed.length > 0) await context.call('sqs', 'UntagQueue', { QueueUrl, TagKeys: tags.removed });
    return resource;
  },
  delete: (context, resource) => ignoreGone(context.call('sqs', 'DeleteQueue', { QueueUrl: resource.physicalId })),
};

function settingsOf(properties: JsonObject): JsonObject {
  return pick(properties, SETTINGS);
}

function isTakenAway(changed: ReadonlySet<string>, after: JsonObject, name: string): boolean {
  return changed.has(name) && after[name] === undefined;
}

function attributesOf({ region, accountId }: ResourceContext, url: string, name: string): JsonObject {
  return { Arn: `arn:aws:sqs:${region}:${accountId}:${name}`, QueueName: name, QueueUrl: url };
}
