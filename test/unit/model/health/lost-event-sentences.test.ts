import { describe, expect, test } from '@jest/globals';
import { lostEventSentences } from '../../../../lib/model/health/lost-event-sentences.ts';
import type { LostEventsOfQueue } from '../../../../lib/model/health/lost-events-look.ts';

const noon = Date.UTC(2026, 10, 21, 12);
const minute = 60_000;
const empty: LostEventsOfQueue = { name: 'Failed', holds: 'failed', drained: 0, stayed: 0 };

const said = (queue: LostEventsOfQueue, now = noon, lookedAt = noon) =>
  lostEventSentences({ lookedAt, queues: [queue] }, now);

describe('what is said of lost events', () => {
  test('is nothing before the first look, and of empty queues', () => {
    expect(lostEventSentences(undefined, noon)).toEqual({ unwell: [], repaired: [] });
    expect(said(empty)).toEqual({ unwell: [], repaired: [] });
  });

  test('is for an hour how many were taken up, which needs nobody', () => {
    const drained = { ...empty, drained: 3, drainedAt: noon };
    const sentence =
      '3 events made the function Events fail three times and were taken up from queue Failed at 2026-11-21T12:00:00.000Z';
    expect(said(drained, noon + 60 * minute, noon + 60 * minute)).toEqual({ unwell: [], repaired: [sentence] });
    expect(said(drained, noon + 61 * minute, noon + 61 * minute).repaired).toEqual([]);
  });

  test('is what cannot be taken up, since when and why', () => {
    const stayed = { ...empty, stayed: 2, oldestSentAt: noon - minute, error: 'UnreadableLetter: no JSON: x' };
    expect(said(stayed).unwell).toEqual([
      'queue Failed holds 2 events that made the function Events fail three times and cannot be taken up, the oldest since 2026-11-21T11:59:00.000Z: UnreadableLetter: no JSON: x. Reconcile tries again every 5 minutes; read them, mend the cause, or purge the queue',
    ]);
    expect(said({ ...stayed, isCut: true }).unwell[0]).toContain('holds at least 2 events');
  });

  test('is a queue that cannot be read', () => {
    expect(said({ ...empty, error: 'DeadLettersError: denied' }).unwell).toEqual([
      'queue Failed could not be read: DeadLettersError: denied',
    ]);
  });

  test('is that nobody has looked for three times as long as reconcile waits', () => {
    expect(said(empty, noon + 15 * minute).unwell).toEqual([]);
    expect(said(empty, noon + 15 * minute + 1).unwell).toEqual([
      'reconcile, which runs every 5 minutes, last looked for lost events at 2026-11-21T12:00:00.000Z: look at the executions of its machine',
    ]);
  });
});
