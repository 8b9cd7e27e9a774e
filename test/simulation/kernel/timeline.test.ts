import { describe, expect, test } from '@jest/globals';
import { createRandom } from './random.ts';
import { beginsAt, createTimeline } from './timeline.ts';

describe('the timeline', () => {
  test('lets things happen in the order of their times, and those of one instant as they were asked for', async () => {
    const timeline = createTimeline();
    const happened: string[] = [];
    const plan = (delayMs: number, what: string) => timeline.after(delayMs, what, () => happened.push(what));
    plan(30, 'last');
    plan(10, 'first');
    plan(20, 'second of two');
    plan(20, 'third');
    plan(10, 'again first');
    await timeline.pass(100);
    expect(happened).toEqual(['first', 'again first', 'second of two', 'third', 'last']);
    expect(timeline.now()).toBe(beginsAt + 100);
  });

  test('lets promises go on before time passes', async () => {
    const timeline = createTimeline();
    const seen: number[] = [];
    const sleep = (ms: number) => new Promise<void>((resolve) => timeline.after(ms, 'sleep', resolve));
    const work = async () => {
      for (let round = 0; round < 3; round++) {
        await sleep(5);
        await Promise.resolve();
        seen.push(timeline.now() - beginsAt);
      }
    };
    const working = work();
    timeline.after(5, 'elsewhere', () => seen.push(-1));
    await timeline.pass(20);
    await working;
    expect(seen).toEqual([5, -1, 10, 15]);
  });

  test('never fires what was cancelled', async () => {
    const timeline = createTimeline();
    const happened: string[] = [];
    timeline.after(5, 'cancelled', () => happened.push('cancelled')).cancel();
    timeline.after(6, 'kept', () => happened.push('kept'));
    await timeline.pass(10);
    expect(happened).toEqual(['kept']);
  });

  test('says when a condition does not come true in time', async () => {
    const timeline = createTimeline();
    timeline.after(50, 'too late', () => undefined);
    expect(await timeline.until(() => timeline.now() >= beginsAt + 50, 40)).toBe(false);
    expect(timeline.now()).toBe(beginsAt);
  });

  test('takes a thousand things in any order and gives them back sorted', async () => {
    const timeline = createTimeline();
    const random = createRandom('heap');
    const delays = Array.from({ length: 1000 }, () => random.below(500));
    const happened: number[] = [];
    for (const delay of delays) timeline.after(delay, 'thing', () => happened.push(timeline.now() - beginsAt));
    await timeline.pass(500);
    expect(happened).toEqual(delays.toSorted((left, right) => left - right));
  });
});

describe('numbers from a seed', () => {
  test('are the same for the same seed and others for another', () => {
    const draw = (seed: string) => {
      const random = createRandom(seed);
      return Array.from({ length: 8 }, () => random.below(1_000_000));
    };
    expect(draw('1')).toEqual(draw('1'));
    expect(draw('1')).not.toEqual(draw('2'));
  });

  test('are spread evenly', () => {
    const random = createRandom('even');
    const counts = [0, 0, 0, 0, 0];
    for (let draw = 0; draw < 10_000; draw++) {
      const value = random.below(5);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    // 2,000 each; five standard deviations of the binomial distribution are 200.
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  test('of one part do not move when another part draws more', () => {
    const quiet = createRandom('seed');
    const busy = createRandom('seed');
    busy.fork('other').below(10);
    busy.below(10);
    expect(busy.fork('part').below(1_000_000)).toBe(quiet.fork('part').below(1_000_000));
  });
});
