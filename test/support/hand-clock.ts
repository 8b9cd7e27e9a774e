import type { Clock, Pause } from '../../lib/ports/clock.ts';

/** A clock that a test moves: time passes only while somebody waits for it, and then at once. */
export interface HandClock {
  readonly clock: Clock;
  readonly pause: Pause;
  /** Runs the action when so much time has passed. */
  after(delayMs: number, action: () => void): void;
  /** Lets time pass until the work is done. */
  finish<Result>(work: Promise<Result>): Promise<Result>;
  /** Lets time pass until the condition holds; fails when it does not within the limit. */
  until(what: string, condition: () => boolean | Promise<boolean>, limitMs?: number): Promise<void>;
  /** Lets so much time pass, and everything happen that is due. */
  pass(delayMs: number): Promise<void>;
}

interface Timer {
  readonly dueAt: number;
  readonly order: number;
  readonly action: () => void;
}

/** Begins at a fixed moment, so that every run of a test is the same. */
export const beginsAt = 1_800_000_000_000;
const dayMs = 86_400_000;

export function createHandClock(): HandClock {
  let now = beginsAt;
  let order = 0;
  let timers: Timer[] = [];
  const after = (delayMs: number, action: () => void) => {
    timers.push({ dueAt: now + delayMs, order: order++, action });
  };
  const next = () => timers.toSorted((left, right) => left.dueAt - right.dueAt || left.order - right.order)[0];
  const fire = (timer: Timer) => {
    timers = timers.filter((candidate) => candidate !== timer);
    now = timer.dueAt;
    timer.action();
  };
  const until: HandClock['until'] = async (what, condition, limitMs = dayMs) => {
    const limit = now + limitMs;
    for (;;) {
      await settled();
      if (await condition()) return;
      const timer = next();
      if (timer === undefined || timer.dueAt > limit) throw new Error(`not within ${limitMs} ms: ${what}`);
      fire(timer);
    }
  };
  return {
    clock: () => now,
    pause: (ms) => new Promise((resolve) => after(ms, resolve)),
    after,
    until,
    async finish(work) {
      let isOver = false;
      const watched = work.finally(() => {
        isOver = true;
      });
      // The caller gets the failure from the returned promise.
      watched.catch(() => undefined);
      await until('the end of the work', () => isOver);
      return watched;
    },
    async pass(delayMs) {
      const end = now + delayMs;
      for (;;) {
        await settled();
        const timer = next();
        if (timer === undefined || timer.dueAt > end) break;
        fire(timer);
      }
      now = end;
    },
  };
}

/** Whatever can go on without time passing has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
