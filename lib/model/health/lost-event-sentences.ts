import type { LostEventsLook, LostEventsOfQueue } from './lost-events-look.ts';

/** How long events that got lost and were taken up are still told of. */
const toldForMs = 60 * 60_000;
/** Reconcile looks every five minutes. */
const lookIsOldMs = 15 * 60_000;

const what = {
  undelivered: 'could not be handed to the function Events',
  failed: 'made the function Events fail three times',
} as const;

/** What the look at the queues of lost events means. `now`: epoch milliseconds. */
export interface LostEventWords {
  /** What needs a person. */
  readonly unwell: readonly string[];
  /** What was lost and is repaired. */
  readonly repaired: readonly string[];
}

/** `look` is undefined before the first one. */
export function lostEventSentences(look: LostEventsLook | undefined, now: number): LostEventWords {
  if (look === undefined) return { unwell: [], repaired: [] };
  const isOld = now - look.lookedAt > lookIsOldMs;
  const notLooked = `reconcile, which runs every 5 minutes, last looked for lost events at ${timeOf(look.lookedAt)}: look at the executions of its machine`;
  return {
    unwell: [...(isOld ? [notLooked] : []), ...look.queues.flatMap((queue) => stayedSentence(queue) ?? [])],
    repaired: look.queues.flatMap((queue) => drainedSentence(queue, now) ?? []),
  };
}

function stayedSentence({ name, holds, stayed, oldestSentAt, error, isCut }: LostEventsOfQueue): string | undefined {
  if (stayed === 0) return error === undefined ? undefined : `queue ${name} could not be read: ${error}`;
  const count = `${isCut === true ? 'at least ' : ''}${events(stayed)}`;
  const since = oldestSentAt === undefined ? '' : `, the oldest since ${timeOf(oldestSentAt)}`;
  return `queue ${name} holds ${count} that ${what[holds]} and cannot be taken up${since}: ${error}. Reconcile tries again every 5 minutes; read them, mend the cause, or purge the queue`;
}

function drainedSentence({ name, holds, drained, drainedAt }: LostEventsOfQueue, now: number): string | undefined {
  if (drainedAt === undefined || now - drainedAt > toldForMs) return undefined;
  return `${events(drained)} ${what[holds]} and ${drained === 1 ? 'was' : 'were'} taken up from queue ${name} at ${timeOf(drainedAt)}`;
}

function events(count: number): string {
  return count === 1 ? '1 event' : `${count} events`;
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
