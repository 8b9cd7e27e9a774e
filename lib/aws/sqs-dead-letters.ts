import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetter, DeadLetterQueue, DeadLetters, LostEventKind } from '../ports/dead-letters.ts';
import { awsCall, DeadLettersError } from './operating-errors.ts';

/** Whatever takes the commands of SQS. */
type Client = Pick<SQSClient, 'send'>;

/** Longer than the function that receives may run, so that what it leaves is not received twice in one run. */
const hiddenSeconds = 60;

/** The port DeadLetters on SQS, by the URLs of the queues. */
export function createSqsDeadLetters(options: {
  readonly queues: Readonly<Record<LostEventKind, string>>;
  readonly client?: Client;
}): DeadLetters {
  const { queues, client = new SQSClient({}) } = options;
  return [queueOf(client, 'undelivered', queues.undelivered), queueOf(client, 'failed', queues.failed)];
}

function queueOf(client: Client, holds: LostEventKind, QueueUrl: string): DeadLetterQueue {
  const name = QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1);
  return {
    name,
    holds,
    receive: () =>
      awsCall(
        async () => {
          const { Messages = [] } = await client.send(
            new ReceiveMessageCommand({
              QueueUrl,
              MaxNumberOfMessages: 10,
              VisibilityTimeout: hiddenSeconds,
              MessageSystemAttributeNames: ['SentTimestamp'],
            }),
          );
          return Messages.map(letterOf);
        },
        { asked: `receive the dead letters of queue ${name}`, as: DeadLettersError },
      ),
    delete: ({ receipt }) =>
      awsCall(
        async () => {
          await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receipt }));
        },
        { asked: `delete a dead letter of queue ${name}`, as: DeadLettersError },
      ),
  };
}

function letterOf({ Body = '', ReceiptHandle = '', Attributes }: Message): DeadLetter {
  return { body: Body, receipt: ReceiptHandle, sentAt: Number(Attributes?.SentTimestamp ?? 0) };
}
