import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../../local/core/seeded-random.ts';
import { openEventChaos } from '../../../../local/events/chaos.ts';
import { delaysOfCopies, type EventFault } from '../../../../local/events/event-faults.ts';
import { createHandClock } from '../lambda/hand-clock.ts';

const NONE: EventFault = { delayMs: { min: 0, max: 0 }, duplicate: 0, drop: 0, shuffleMs: 0, seed: 1 };

/** Gives these numbers, one after the other. */
function given(...numbers: number[]): () => number {
  return () => numbers.shift() ?? 0;
}

describe('an event', () => {
  test('is lost when its number lies below the share of lost ones', () => {
    const fault = { ...NONE, drop: 0.2 };
    expect(delaysOfCopies(fault, 0, given(0.199))).toEqual([]);
    expect(delaysOfCopies(fault, 0, given(0.2, 0.9, 0))).toEqual([0]);
  });

  test('comes twice when its number lies below the share of doubled ones, each copy as late as its own number says', () => {
    const fault = { ...NONE, duplicate: 0.5, delayMs: { min: 1000, max: 1009 } };
    expect(delaysOfCopies(fault, 0, given(0.9, 0.49, 0, 0.95))).toEqual([1000, 1009]);
    expect(delaysOfCopies(fault, 0, given(0.9, 0.5, 0.31))).toEqual([1003]);
  });

  test('of a window is held back to its end, where its number is its place', () => {
    const fault = { ...NONE, shuffleMs: 10_000 };
    expect(delaysOfCopies(fault, 1_000_003, given(0.9, 0.9, 0, 0.25))).toEqual([9_997.25]);
    expect(delaysOfCopies(fault, 1_009_999, given(0.9, 0.9, 0, 0.125))).toEqual([1.125]);
  });

  test('that is late first belongs to the window in which it then comes', () => {
    const fault = { ...NONE, shuffleMs: 10_000, delayMs: { min: 7_000, max: 7_000 } };
    expect(delaysOfCopies(fault, 1_004_000, given(0.9, 0.9, 0, 0.5))).toEqual([16_000.5]);
  });

  test('is lost about as often as it shall be', () => {
    const random = seededRandom(7);
    const lost = Array.from({ length: 1000 }, () => delaysOfCopies({ ...NONE, drop: 0.2 }, 0, random)).filter(
      (copies) => copies.length === 0,
    );
    // Twelve standard deviations of the binomial distribution wide.
    expect(lost.length).toBeGreaterThan(120);
    expect(lost.length).toBeLessThan(280);
  });
});

describe('the faults of events', () => {
  let folder: string;
  const open = () => openEventChaos(join(folder, 'faults.jsonl'), createHandClock(0));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'event-faults-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  test('are none at first', () => {
    expect(open().delaysOf('Task')).toEqual([0]);
    expect(open().show()).toEqual([]);
  });

  test('outlive a crash and not an end of all', async () => {
    await open().verbs['events/set']?.({ detailType: 'Task', minDelayMs: 30_000, duplicate: 1 });
    const again = open();
    expect(again.delaysOf('Task')).toEqual([30_000, 30_000]);
    expect(again.delaysOf('Host')).toEqual([0]);
    expect(again.show()).toEqual(['Events of the kind "Task": 30 s late, 100 % twice (seed 1)']);
    again.calm();
    expect(open().delaysOf('Task')).toEqual([0]);
  });

  test('of one kind stand before those of all', async () => {
    const chaos = open();
    await chaos.verbs['events/set']?.({ drop: 1 });
    await chaos.verbs['events/set']?.({ detailType: 'Task', minDelayMs: 5 });
    expect([chaos.delaysOf('Task'), chaos.delaysOf('Host')]).toEqual([[5], []]);
    await chaos.verbs['events/off']?.({ detailType: 'Task' });
    expect(chaos.delaysOf('Task')).toEqual([]);
    await chaos.verbs['events/off']?.({});
    expect(chaos.delaysOf('Host')).toEqual([0]);
  });

  test('make the same choices again when they are set again with the same seed', async () => {
    const chaos = open();
    const choices = async (seed: number): Promise<readonly (readonly number[])[]> => {
      await chaos.verbs['events/set']?.({ drop: 0.3, duplicate: 0.3, maxDelayMs: 1000, seed });
      return Array.from({ length: 50 }, () => chaos.delaysOf('Task'));
    };
    const first = await choices(5);
    expect(await choices(5)).toEqual(first);
    expect(await choices(6)).not.toEqual(first);
  });

  test.each([
    [{}, 'No fault is given; give at least one of a delay, duplicate, drop and shuffleMs, more than 0'],
    [{ drop: 1.5 }, 'drop is 1.5; allowed is a number from 0 to 1'],
    [{ drop: '1' }, 'drop is "1"; allowed is a number from 0 to 1'],
    [{ minDelayMs: 5, maxDelayMs: 4 }, 'minDelayMs is 5, more than maxDelayMs, which is 4'],
    [{ minDelayMs: 3_600_001 }, 'minDelayMs is 3600001; allowed is a whole number from 0 to 3600000'],
    [{ loss: 1 }, 'loss is not known here; allowed are: detailType, minDelayMs, maxDelayMs'],
    [{ detailType: '', drop: 1 }, 'detailType is ""; allowed is a text that is not empty'],
  ])('%j are refused', (input, message) => {
    expect(() => open().verbs['events/set']?.(input)).toThrow(message);
  });

  test('cannot be taken from a kind that has none', () => {
    expect(() => open().verbs['events/off']?.({ detailType: 'Task' })).toThrow('have no fault of their own');
  });
});
