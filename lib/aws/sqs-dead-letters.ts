import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetterQueue, DeadLetters } from '../ports/dead-letters.ts';
import { awsCall, DeadLettersError } from './operating-errors.ts';

/** Whatever takes the commands of SQS. */
type Client = Pick<SQSClient, 'send'>;

/** URLs of the queues by what they hold. */
export type DeadLetterQueues = Readonly<Record<DeadLetterQueue['holds'], string>>;

/** The port DeadLetters on SQS: messages that wait, and those that somebody has received and not deleted yet. */
export function createSqsDeadLetters(options: {
  readonly queues: DeadLetterQueues;
  readonly client?: Client;
}): DeadLetters {
  const { queues, client = new SQSClient({}) } = options;
  return {
    count: () =>
      Promise.all([
        countQueue(client, { holds: 'undelivered', url: queues.undelivered }),
        countQueue(client, { holds: 'failed', url: queues.failed }),
      ]),
  };
}

async function countQueue(
  client: Client,
  { holds, url }: { readonly holds: DeadLetterQueue['holds']; readonly url: string },
): Promise<DeadLetterQueue> {
  const name = url.slice(url.lastIndexOf('/') + 1);
  const { Attributes = {} } = await awsCall(
    () =>
      client.send(
        new GetQueueAttributesCommand({
          QueueUrl: url,
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      ),
    { asked: `count the dead letters of queue ${name}`, as: DeadLettersError },
  );
  const { ApproximateNumberOfMessages = 0, ApproximateNumberOfMessagesNotVisible = 0 } = Attributes;
  return { name, holds, messages: Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible) };
}
