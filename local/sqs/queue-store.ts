import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { AwsError } from '../core/aws-error.ts';
import { DurableMap } from '../core/durable-map.ts';
import type { Cloud } from '../core/service.ts';
import type { MessageAttributes } from './message-digest.ts';
import { numberOf, type QueueAttributes, readRedrivePolicy } from './queue-attributes.ts';

export interface QueueRecord {
  readonly name: string;
  /** Tells a queue from an earlier one of its name; also the name of its file. */
  readonly id: string;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly attributes: QueueAttributes;
  readonly tags: Readonly<Record<string, string>>;
}

export interface MessageRecord {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly sentAt: number;
  readonly senderId: string;
  /** When it may be received: after its delay, or after the visibility timeout of the last receive. */
  readonly visibleAt: number;
  readonly receiveCount: number;
  readonly firstReceivedAt?: number;
  /** Of the last receive: an older handle no longer deletes it. */
  readonly receiptHandle?: string;
  /** The queue that it was moved here from. */
  readonly sourceArn?: string;
}

/** Queues and their messages, durable. */
export class QueueStore {
  readonly queues: DurableMap<QueueRecord>;
  readonly #cloud: Cloud;
  readonly #messages = new Map<string, DurableMap<MessageRecord>>();
  /** Emits a queue's id when its messages changed, and 'closed' when the cloud stops. */
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #isClosed = false;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.queues = new DurableMap(join(cloud.dataFolder, 'sqs', 'queues.jsonl'));
  }

  /** @throws QueueDoesNotExist */
  find(name: string): QueueRecord {
    const queue = this.queues.get(name);
    if (queue !== undefined) return queue;
    throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  }

  /** @throws QueueDoesNotExist for an address of another account too */
  findByUrl(url: string): QueueRecord {
    const [account, name] = url.replace(/\/+$/, '').split('/').slice(-2);
    if (account !== this.#cloud.accountId || name === undefined)
      throw new AwsError(
        'QueueDoesNotExist',
        `The queue address ${url} does not end with ${this.#cloud.accountId}/<name>.`,
      );
    return this.find(name);
  }

  urlOf({ name }: QueueRecord): string {
    return `${this.#cloud.endpointUrl}/${this.#cloud.accountId}/${name}`;
  }

  arnOf({ name }: QueueRecord): string {
    return `arn:aws:sqs:${this.#cloud.region}:${this.#cloud.accountId}:${name}`;
  }

  /** Without those that are older than the queue keeps them. */
  messagesOf(queue: QueueRecord, now: number): DurableMap<MessageRecord> {
    const messages = this.#messages.get(queue.id) ?? new DurableMap<MessageRecord>(this.#fileOf(queue));
    this.#messages.set(queue.id, messages);
    const oldest = now - numberOf(queue.attributes, 'MessageRetentionPeriod') * 1000;
    for (const { id, sentAt } of messages.values()) if (sentAt < oldest) messages.delete(id);
    return messages;
  }

  put(queue: QueueRecord, message: MessageRecord, now: number): void {
    this.messagesOf(queue, now).set(message.id, message);
    this.#changes.emit(queue.id);
  }

  deleteQueue(queue: QueueRecord): void {
    this.queues.delete(queue.name);
    this.#messages.delete(queue.id);
    rmSync(this.#fileOf(queue), { force: true });
    this.#changes.emit(queue.id);
  }

  /** Takes messages that may be received, the oldest first; those that were received too often go to the dead letters. */
  take(queue: QueueRecord, options: { maxMessages: number; visibilityMs: number; now: number }): MessageRecord[] {
    const { now, maxMessages, visibilityMs } = options;
    const taken: MessageRecord[] = [];
    for (const message of this.messagesOf(queue, now).values()) {
      if (taken.length === maxMessages) break;
      if (message.visibleAt > now || this.#moveToDeadLetters(queue, message, now)) continue;
      const received = {
        ...message,
        visibleAt: now + visibilityMs,
        receiveCount: message.receiveCount + 1,
        firstReceivedAt: message.firstReceivedAt ?? now,
        receiptHandle: `${message.id}.${randomUUID()}`,
      };
      this.messagesOf(queue, now).set(message.id, received);
      taken.push(received);
    }
    return taken;
  }

  /** Resolves when a message came or becomes visible, or when the time is over. */
  async untilChanged(queue: QueueRecord, untilMs: number, now: number): Promise<void> {
    if (this.#isClosed) return;
    const nextVisible = this.messagesOf(queue, now)
      .values()
      .reduce((earliest, { visibleAt }) => Math.min(earliest, visibleAt), untilMs);
    const timer = AbortSignal.timeout(Math.max(1, nextVisible - now));
    try {
      await Promise.race([
        once(this.#changes, queue.id, { signal: timer }),
        once(this.#changes, 'closed', { signal: timer }),
      ]);
    } catch (error) {
      // The timer ends the wait as a change does.
      if (!timer.aborted) throw error;
    }
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Ends every wait. */
  close(): void {
    this.#isClosed = true;
    this.#changes.emit('closed');
  }

  #moveToDeadLetters(queue: QueueRecord, message: MessageRecord, now: number): boolean {
    const policy = readRedrivePolicy(queue.attributes);
    if (policy === undefined || message.receiveCount < policy.maxReceiveCount) return false;
    const target = this.queues.values().find((candidate) => this.arnOf(candidate) === policy.deadLetterTargetArn);
    // Without its dead-letter queue a message stays, as on AWS.
    if (target === undefined) return false;
    const { receiptHandle: _handle, ...moved } = message;
    this.put(target, { ...moved, visibleAt: now, sourceArn: this.arnOf(queue) }, now);
    this.messagesOf(queue, now).delete(message.id);
    return true;
  }

  #fileOf(queue: QueueRecord): string {
    return join(this.#cloud.dataFolder, 'sqs', 'messages', `${queue.id}.jsonl`);
  }
}
