import { describe, expect, test } from '@jest/globals';
import { parseLoadLine } from '../../../scripts/proof/rolls/load/read-lines.ts';
import {
  type Answer,
  type ProducerLog,
  tally,
  unread,
  wholeRun,
  windowOf,
} from '../../../scripts/proof/rolls/tally.ts';

const acknowledged = (id: string, partition: number, answeredMs: number): Answer => ({
  id,
  partition,
  isAcknowledged: true,
  sentMs: answeredMs - 5,
  answeredMs,
});

/** Six records, 100 ms apart, on two partitions in turn. */
const log: ProducerLog = {
  client: 'c',
  beats: [
    { atMs: 1000, offered: 0 },
    { atMs: 1250, offered: 2 },
    { atMs: 1600, offered: 6 },
  ],
  answers: [
    acknowledged('c-0', 0, 1100),
    acknowledged('c-1', 1, 1200),
    acknowledged('c-2', 0, 1300),
    acknowledged('c-3', 1, 1400),
    acknowledged('c-4', 0, 1500),
  ],
};
const whole = { fromMs: 1000, toMs: 1600, from: 0, to: 6 };
const readsOf = (...ids: readonly string[]) => {
  const reads = new Map<string, number>();
  for (const id of ids) reads.set(id, (reads.get(id) ?? 0) + 1);
  return reads;
};

describe('what became of the records of a load', () => {
  test('an acknowledged record that was never read is lost, by its id', () => {
    expect(tally(log, whole, readsOf('c-0', 'c-1', 'c-2', 'c-4')).lost).toEqual(['c-3']);
  });

  test('a record that was read without an acknowledgement is not lost, and one without either is unanswered alone', () => {
    const seen = tally(log, whole, readsOf('c-0', 'c-1', 'c-2', 'c-3', 'c-4', 'c-5'));
    expect(seen).toMatchObject({ offered: 6, acknowledged: 5, unanswered: 1, failed: 0, read: 6, lost: [] });
  });

  test('a record that was given up is failed', () => {
    const failed: Answer = { id: 'c-5', partition: 1, isAcknowledged: false, sentMs: 1550, answeredMs: 31_550 };
    const seen = tally(
      { ...log, answers: [...log.answers, failed] },
      whole,
      readsOf('c-0', 'c-1', 'c-2', 'c-3', 'c-4'),
    );
    expect(seen).toMatchObject({ acknowledged: 5, failed: 1, unanswered: 0, lost: [] });
  });

  test('each further read of an id is a duplicate', () => {
    expect(tally(log, whole, readsOf('c-0', 'c-0', 'c-0', 'c-1', 'c-1')).duplicates).toBe(3);
  });

  test('ids of other records, of other windows and of other clients, count for nothing', () => {
    const window = { ...whole, from: 2, to: 4 };
    const seen = tally(log, window, readsOf('c-0', 'c-0', 'c-2', 'c-3', 'j-2', 'c-77'));
    expect(seen).toMatchObject({ offered: 2, acknowledged: 2, read: 2, duplicates: 0, lost: [] });
  });

  test('the longest gap of all and of one partition are measured between acknowledgements', () => {
    const uneven = { ...log, answers: [...log.answers.slice(0, 3), acknowledged('c-4', 0, 1550)] };
    // All: 1300 → 1550. Partition 1: its only one is at 1200, and the window ends at 1600.
    expect(tally(uneven, whole, readsOf())).toMatchObject({ longestGapMs: 250, longestPartitionGapMs: 400 });
  });

  test('a producer that never comes back has its gap until the end of the window', () => {
    const early = { ...log, answers: log.answers.slice(0, 2) };
    expect(tally(early, { ...whole, toMs: 9000 }, readsOf())).toMatchObject({
      longestGapMs: 7800,
      longestPartitionGapMs: 7900,
    });
  });

  test('a window holds what was offered from the beat before its begin to the beat after its end', () => {
    expect(windowOf(log, 1300, 1550)).toEqual({ fromMs: 1300, toMs: 1550, from: 2, to: 6 });
    expect(windowOf(log, 900, 1250)).toEqual({ fromMs: 900, toMs: 1250, from: 0, to: 2 });
  });

  test('acknowledgements inside a window are counted apart, with their partitions', () => {
    // Of partition 1 only the record at 1200 and the one at 1400 came, both outside.
    const seen = tally(log, { ...whole, fromMs: 1250, toMs: 1350 }, readsOf());
    expect(seen).toMatchObject({ acknowledged: 5, acknowledgedInside: 1, partitionsInside: 1 });
    expect(tally(log, whole, readsOf())).toMatchObject({ acknowledgedInside: 5, partitionsInside: 2 });
  });

  test('the whole run holds each record from the first to the last', () => {
    expect(wholeRun(log)).toEqual(whole);
  });

  test('a record that was acknowledged and not read yet keeps its consumer behind', () => {
    expect(unread(log, readsOf('c-0', 'c-1', 'j-2'))).toBe(3);
  });

  test('there is no window before a beat has come after its end', () => {
    expect(windowOf(log, 1000, 1601)).toBeUndefined();
  });
});

describe('the lines of the load clients', () => {
  test('acknowledgements, failures, beats and reads are told apart', () => {
    expect(parseLoadLine('a c-12 3 1000.5 1004.0')).toEqual({
      type: 'answer',
      answer: { id: 'c-12', partition: 3, isAcknowledged: true, sentMs: 1000.5, answeredMs: 1004 },
    });
    expect(parseLoadLine('f j-1 0 1000.0 31000.0 _MSG_TIMED_OUT')).toMatchObject({
      answer: { id: 'j-1', isAcknowledged: false, answeredMs: 31_000 },
    });
    expect(parseLoadLine('h 1000.0 350')).toEqual({ type: 'beat', atMs: 1000, offered: 350 });
    expect(parseLoadLine('r c-12 3 77 1010.0')).toEqual({ type: 'read', id: 'c-12' });
  });

  test('any other line is an error that shows it', () => {
    expect(() => parseLoadLine('x y')).toThrow('no line of the load: x y');
  });
});
