import { ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceContext, ResourceDriver } from '../resource-driver.ts';
import type { JsonObject } from '../template/json.ts';
import { requiredText, textList } from './pick.ts';

/** AWS::SQS::QueuePolicy. */
export const sqsQueuePolicy: ResourceDriver = {
  type: 'AWS::SQS::QueuePolicy',
  properties: ['PolicyDocument', 'Queues'],
  replaceOn: [],
  create: async (context, properties) => {
    const physicalId = context.name(80);
    context.remember(physicalId);
    await setPolicy(context, textList(properties, 'Queues'), requiredText(properties, 'PolicyDocument'));
    return { physicalId, attributes: { Id: physicalId } };
  },
  update: async (context, resource, { before, after }) => {
    const queues = textList(after, 'Queues');
    await setPolicy(context, queues, requiredText(after, 'PolicyDocument'));
    await clear(
      context,
      textList(before, 'Queues').filter((queue) => !queues.includes(queue)),
    );
    return resource;
  },
  delete: (context, _resource, properties: JsonObject) => clear(context, textList(properties, 'Queues')),
};

async function setPolicy(context: ResourceContext, queues: readonly string[], policy: string): Promise<void> {
  for (const QueueUrl of queues)
    await context.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy: policy } });
}

async function clear(context: ResourceContext, queues: readonly string[]): Promise<void> {
  for (const queue of queues) await ignoreGone(setPolicy(context, [queue], ''));
}
