import type { LostEventsLook, LostEventsOfQueue } from '../model/health/lost-events-look.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeadLetter, DeadLetterQueue, DeadLetters } from '../ports/dead-letters.ts';
import type { Store } from '../ports/store.ts';

/** Receives of one queue in one look: what is left is for the next one. */
const mostReceives = 10;
/** Far below the 15 s that the function may run: a slow letter has its time too. */
const lookMs = 6_000;

interface Ports {
  readonly store: Store;
  readonly deadLetters: DeadLetters;
  readonly clock: Clock;
}

/** Does with a letter's text what its event would have done; throws when it cannot. */
export type TakeUpLetter = (holds: DeadLetterQueue['holds'], body: string) => Promise<void>;

/**
 * Takes up what lies in the queues of lost events, deletes each letter after that, and stores what it found. A letter
 * that cannot be taken up stays, is told of by health, and is tried again by each look until SQS drops it. The only
 * writer of LOST-EVENTS. Idempotent, since events are hints.
 */
export async function takeUpLostEvents(ports: Ports, takeUp: TakeUpLetter): Promise<void> {
  const lookedAt = ports.clock();
  const before = await ports.store.readLostEvents();
  const queues: LostEventsOfQueue[] = [];
  for (const queue of ports.deadLetters) {
    const known = before?.queues.find(({ name }) => name === queue.name);
    queues.push(withEarlier(await drain(ports, queue, { takeUp, until: lookedAt + lookMs }), known, lookedAt));
  }
  const look: LostEventsLook = { lookedAt, queues };
  await ports.store.putLostEvents(look);
}

/** A queue that cannot be read must not hide what the other one holds. */
async function drain(
  { clock }: Ports,
  queue: DeadLetterQueue,
  { takeUp, until }: { readonly takeUp: TakeUpLetter; readonly until: number },
): Promise<LostEventsOfQueue> {
  const stayed: DeadLetter[] = [];
  let drained = 0;
  let error: string | undefined;
  const found = (isCut: boolean): LostEventsOfQueue => ({
    ...{ name: queue.name, holds: queue.holds, drained, stayed: stayed.length },
    ...(stayed.length === 0 ? {} : { oldestSentAt: Math.min(...stayed.map(({ sentAt }) => sentAt)) }),
    ...(error === undefined ? {} : { error }),
    ...(isCut ? { isCut } : {}),
  });
  for (let receive = 0; receive < mostReceives; receive++) {
    if (clock() > until) return found(true);
    try {
      const letters = await queue.receive();
      if (letters.length === 0) return found(false);
      for (const letter of letters) {
        const failure = await failureOf(() => takeUp(queue.holds, letter.body));
        if (failure === undefined) {
          await queue.delete(letter);
          drained++;
        } else {
          stayed.push(letter);
          error = failure;
        }
      }
    } catch (failure) {
      error = sentenceOf(failure);
      return found(false);
    }
  }
  return found(true);
}

async function failureOf(act: () => Promise<void>): Promise<string | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    return sentenceOf(error);
  }
}

/** Generated names of queue, role and function stand in AWS's refusals before the action that is missing. */
const mostLetters = 600;

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) throw error;
  return `${error.name}: ${error.message}`.slice(0, mostLetters);
}

/** What an earlier look took up is told until another one takes up something. */
function withEarlier(
  now: LostEventsOfQueue,
  before: LostEventsOfQueue | undefined,
  lookedAt: number,
): LostEventsOfQueue {
  if (now.drained > 0) return { ...now, drainedAt: lookedAt };
  if (before?.drainedAt === undefined) return now;
  return { ...now, drained: before.drained, drainedAt: before.drainedAt };
}
