import type { Clock } from '../../../../local/stepfunctions/interpreter/clock.ts';

/** A clock that stands still until a test moves it. */
export interface HandClock extends Clock {
  /** When the next timer is due; undefined when none is set. */
  readonly nextDueAt: () => number | undefined;
  /** Moves on to a time and fires what became due, in order. */
  readonly moveTo: (atMs: number) => void;
}

interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
}

export function createHandClock(startMs: number): HandClock {
  let nowMs = startMs;
  const timers = new Set<Timer>();
  const next = () => [...timers].sort((a, b) => a.atMs - b.atMs)[0];
  return {
    now: () => nowMs,
    at: (atMs, callback) => {
      const timer = { atMs, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    nextDueAt: () => next()?.atMs,
    moveTo: (atMs) => {
      for (let timer = next(); timer !== undefined && timer.atMs <= atMs; timer = next()) {
        nowMs = Math.max(nowMs, timer.atMs);
        timers.delete(timer);
        timer.callback();
      }
      nowMs = Math.max(nowMs, atMs);
    },
  };
}
