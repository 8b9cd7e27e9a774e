import type { LostEvents } from './health.ts';

/** What a queue with dead letters means and what to do about it; undefined for an empty one. */
export function deadLetterSentence({ name, holds, messages }: LostEvents): string | undefined {
  if (messages === 0) return undefined;
  const count = messages === 1 ? '1 dead letter' : `${messages} dead letters`;
  const what = {
    undelivered: 'events that could not be handed to the function Events',
    failed: 'events on which the function Events failed three times; its log says why',
  }[holds];
  return `queue ${name} holds ${count}: ${what}. Reconcile repairs within 5 minutes what they would have told; read them, mend the cause, then purge the queue`;
}
