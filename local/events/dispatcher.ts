import { join } from 'node:path';
import type { Target } from '@aws-sdk/client-eventbridge';
import type { EventChaos } from './chaos.ts';
import { deliver, sendMessage } from './deliver.ts';
import type { EventEnvelope } from './event-envelope.ts';
import { matchesPattern } from './event-pattern.ts';
import type { RuleRecord, RuleStore } from './rule-store.ts';
import { type Outcome, WorkQueue } from './work-queue.ts';

/** A delivery in the durable queue. Times are epoch milliseconds. */
interface Delivery {
  readonly event: EventEnvelope;
  readonly ruleName: string;
  readonly targetId: string;
  readonly tries: number;
  readonly acceptedAt: number;
}

/** One of the times that an event comes: usually 0, the only one. */
interface Copy {
  readonly delayMs: number;
  readonly copy: number;
}

/** Takes events for the rules, durable when `dispatch` returns. */
export interface Dispatcher {
  readonly dispatch: (event: EventEnvelope) => void;
  /** Delivers to the targets of one rule without looking at its pattern. */
  readonly fire: (rule: RuleRecord, event: EventEnvelope) => void;
  readonly start: () => void;
  readonly stop: () => void;
}

const DEFAULT_RETRIES = 185;
const DEFAULT_AGE_SECONDS = 86_400;
const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 600_000;

/** The refusals that another try would not change; AWS hands such events to the dead-letter queue at once. */
const PERMANENT = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'InvalidArn',
  'InvalidExecutionInput',
  'QueueDoesNotExist',
  'AWS.SimpleQueueService.NonExistentQueue',
  'RequestTooLargeException',
  'ResourceNotFoundException',
  'StateMachineDoesNotExist',
  'UnsupportedOperation',
  'ValidationError',
  'ValidationException',
]);

/**
 * Matches events with the rules and delivers them to the targets through a durable queue. Faults are on an event's way to
 * the rules; what a schedule fires has none.
 */
export function createDispatcher(store: RuleStore, chaos: Pick<EventChaos, 'delaysOf'>): Dispatcher {
  const queue = new WorkQueue<Delivery>({
    file: join(store.cloud.dataFolder, 'events', 'deliveries.jsonl'),
    clock: store.clock,
    work: (delivery) => tryDelivery(store, delivery),
    log: store.cloud.log,
  });
  const { eventMs = 0 } = store.cloud.delays ?? {};
  const fire = (rule: RuleRecord, event: EventEnvelope, { delayMs, copy }: Copy): void => {
    for (const { Id = '' } of rule.targets) {
      const delivery = { event, ruleName: rule.name, targetId: Id, tries: 0, acceptedAt: store.clock.now() };
      queue.add(`${event.id}/${rule.name}/${Id}${copy === 0 ? '' : `/${copy}`}`, delivery, delayMs);
    }
  };
  return {
    dispatch: (event) => {
      const delays = chaos.delaysOf(event['detail-type']);
      for (const rule of store.rules.values()) {
        if (rule.state !== 'ENABLED' || rule.pattern === undefined) continue;
        if (!matchesPattern(store.patternOf(rule.pattern), event)) continue;
        for (const [copy, delayMs] of delays.entries()) fire(rule, event, { delayMs: eventMs + delayMs, copy });
      }
    },
    fire: (rule, event) => fire(rule, event, { delayMs: 0, copy: 0 }),
    start: () => queue.start(),
    stop: () => queue.stop(),
  };
}

async function tryDelivery(store: RuleStore, delivery: Delivery): Promise<Outcome<Delivery>> {
  const rule = store.rules.get(delivery.ruleName);
  const target = rule?.targets.find(({ Id }) => Id === delivery.targetId);
  // A rule or target that was removed meanwhile gets no more events.
  if (rule === undefined || target === undefined) return { type: 'done' };
  try {
    await deliver(store.cloud, { event: delivery.event, rule, target });
    return { type: 'done' };
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    return afterFailure(store, { delivery, rule, target, failure });
  }
}

interface FailedTry {
  readonly delivery: Delivery;
  readonly rule: RuleRecord;
  readonly target: Target;
  readonly failure: Error;
}

async function afterFailure(store: RuleStore, failed: FailedTry): Promise<Outcome<Delivery>> {
  const { delivery, target, failure } = failed;
  const tries = delivery.tries + 1;
  const dueAt = store.clock.now() + Math.min(FIRST_BACKOFF_MS * 2 ** delivery.tries, MAX_BACKOFF_MS);
  const maxRetries = target.RetryPolicy?.MaximumRetryAttempts ?? DEFAULT_RETRIES;
  const maxAgeMs = (target.RetryPolicy?.MaximumEventAgeInSeconds ?? DEFAULT_AGE_SECONDS) * 1_000;
  if (PERMANENT.has(failure.name)) return giveUp(store, failed, undefined);
  if (tries > maxRetries) return giveUp(store, failed, 'MaximumRetryAttempts');
  if (dueAt - delivery.acceptedAt > maxAgeMs) return giveUp(store, failed, 'MaximumEventAgeInSeconds');
  return { type: 'again', item: { ...delivery, tries }, dueAt };
}

async function giveUp(store: RuleStore, failed: FailedTry, exhausted: string | undefined): Promise<Outcome<Delivery>> {
  const { delivery, rule, target, failure } = failed;
  const queueArn = target.DeadLetterConfig?.Arn;
  store.cloud.log(`events: ${rule.name} could not deliver to ${target.Arn}: ${failure.name}: ${failure.message}`);
  if (queueArn === undefined) return { type: 'done' };
  const attributes = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.Arn ?? '',
    ERROR_CODE: failure.name,
    ERROR_MESSAGE: failure.message || failure.name,
    RETRY_ATTEMPTS: String(delivery.tries),
    ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
  };
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
  try {
    const message = { MessageBody: JSON.stringify(delivery.event), MessageAttributes };
    await sendMessage(store.cloud, queueArn, { rule, message });
  } catch (error) {
    // AWS drops an event that its dead-letter queue refuses; here the log at least says so.
    store.cloud.log(`events: dead-letter queue ${queueArn} refused an event of ${rule.name}: ${String(error)}`);
  }
  return { type: 'done' };
}
