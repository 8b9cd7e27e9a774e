import type { Clock } from '../../../../local/events/clock.ts';

/** A clock that a test moves by hand. */
export interface HandClock extends Clock {
  /** Moves the time on and acts what came due, in order. */
  readonly advance: (byMs: number) => void;
  /** How many acts wait. */
  readonly pending: () => number;
}

export function createHandClock(startMs: number): HandClock {
  let now = startMs;
  let timers: { readonly at: number; readonly act: () => void }[] = [];
  const nextUntil = (endMs: number) => timers.filter(({ at }) => at <= endMs).sort((a, b) => a.at - b.at)[0];
  return {
    now: () => now,
    after: (delayMs, act) => {
      const timer = { at: now + delayMs, act };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance: (byMs) => {
      const endMs = now + byMs;
      for (let timer = nextUntil(endMs); timer !== undefined; timer = nextUntil(endMs)) {
        const due = timer;
        timers = timers.filter((other) => other !== due);
        now = due.at;
        due.act();
      }
      now = endMs;
    },
    pending: () => timers.length,
  };
}
