import { describe, expect, test } from '@jest/globals';
import { takeUpLostEvents } from '../../../lib/operations/take-up-lost-events.ts';
import type { DeadLetter, DeadLetterQueue } from '../../../lib/ports/dead-letters.ts';
import { createMemoryStore } from '../../support/memory-store.ts';

/** A queue that hides what was received, as SQS does for a minute; `wakes` shows all of it again. */
function createQueue(bodies: readonly string[]) {
  let lying: DeadLetter[] = bodies.map((body, index) => ({ body, receipt: `r${index}`, sentAt: 100 + index }));
  const hidden = new Set<string>();
  const queue: DeadLetterQueue = {
    ...{ name: 'Failed', holds: 'failed' },
    async receive() {
      const found = lying.filter(({ receipt }) => !hidden.has(receipt)).slice(0, 10);
      for (const { receipt } of found) hidden.add(receipt);
      return found;
    },
    async delete({ receipt }) {
      lying = lying.filter((letter) => letter.receipt !== receipt);
    },
  };
  return { queue, wake: () => hidden.clear(), bodies: () => lying.map(({ body }) => body) };
}

function createSetting(bodies: readonly string[]) {
  const store = createMemoryStore();
  const failed = createQueue(bodies);
  const empty: DeadLetterQueue = { ...createQueue([]).queue, name: 'Undelivered', holds: 'undelivered' };
  let now = 1_000;
  const seen: string[] = [];
  const bad = new Set<string>();
  const look = async (deadLetters: readonly DeadLetterQueue[] = [empty, failed.queue]) => {
    await takeUpLostEvents({ store, deadLetters, clock: () => now }, async (_holds, body) => {
      if (bad.has(body)) throw new Error(`cannot ${body}`);
      seen.push(body);
    });
    return store.readLostEvents();
  };
  return { look, failed, seen, bad, pass: (ms: number) => (now += ms) };
}

describe('lost events', () => {
  test('are taken up, deleted after that, and counted', async () => {
    const { look, failed, seen } = createSetting(['a', 'b']);
    expect(await look()).toEqual({
      lookedAt: 1_000,
      queues: [
        { name: 'Undelivered', holds: 'undelivered', drained: 0, stayed: 0 },
        { name: 'Failed', holds: 'failed', drained: 2, drainedAt: 1_000, stayed: 0 },
      ],
    });
    expect(seen).toEqual(['a', 'b']);
    expect(failed.bodies()).toEqual([]);
  });

  test('that cannot be taken up stay, are told of with the reason, and are tried again', async () => {
    const { look, failed, seen, bad, pass } = createSetting(['a', 'b', 'c']);
    bad.add('b');
    expect((await look())?.queues[1]).toEqual({
      ...{ name: 'Failed', holds: 'failed', drained: 2, drainedAt: 1_000 },
      ...{ stayed: 1, oldestSentAt: 101, error: 'Error: cannot b' },
    });
    expect(failed.bodies()).toEqual(['b']);

    bad.clear();
    failed.wake();
    pass(300_000);
    expect((await look())?.queues[1]).toEqual({
      ...{ name: 'Failed', holds: 'failed', drained: 1, drainedAt: 301_000, stayed: 0 },
    });
    expect(seen).toEqual(['a', 'c', 'b']);
  });

  test('of a queue that may not be read are told of with the right that is missing, after all names', async () => {
    const { look, failed } = createSetting([]);
    const name = 'Warden-DeadLettersUndelivered38E8742A-NTSD82EDJJW1';
    const user =
      'arn:aws:sts::111122223333:assumed-role/Warden-FunctionsStepsUpkeepRole1002500C-CVL929XJQ1LB/Warden-FunctionsStepsUpkeep5E5728B1-GY4LJXN7JPEN';
    const refusal = `receive the dead letters of queue ${name}: AccessDeniedException: User: ${user} is not authorized to perform: sqs:ReceiveMessage on resource: arn:aws:sqs:eu-west-1:111122223333:${name}`;
    const refused = { ...failed.queue, name, receive: () => Promise.reject(new Error(refusal)) };
    expect((await look([refused]))?.queues[0]?.error).toBe(`Error: ${refusal}`);
  });

  test('that an earlier look took up are remembered while none come', async () => {
    const { look, pass } = createSetting(['a']);
    await look();
    pass(300_000);
    expect(await look()).toMatchObject({ lookedAt: 301_000, queues: [{}, { drained: 1, drainedAt: 1_000 }] });
  });

  test('are bounded: what is more waits for the next look', async () => {
    const bodies = Array.from({ length: 130 }, (_, index) => `e${index}`);
    const { look, failed, pass } = createSetting(bodies);
    expect((await look())?.queues[1]).toMatchObject({ drained: 100, isCut: true });
    pass(300_000);
    expect((await look())?.queues[1]).toEqual({
      ...{ name: 'Failed', holds: 'failed', drained: 30, drainedAt: 301_000, stayed: 0 },
    });
    expect(failed.bodies()).toEqual([]);
  });

  test('of a queue that does not answer are told of, and hide nothing of the other one', async () => {
    const { look, failed } = createSetting(['a']);
    const broken: DeadLetterQueue = {
      ...{ name: 'Undelivered', holds: 'undelivered', delete: async () => undefined },
      receive: () => Promise.reject(new Error('denied')),
    };
    expect((await look([broken, failed.queue]))?.queues).toMatchObject([
      { name: 'Undelivered', error: 'Error: denied', stayed: 0 },
      { name: 'Failed', drained: 1 },
    ]);
  });
});
