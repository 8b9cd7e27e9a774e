import type { Scheduled, SimulatedClock } from '../contract.ts';
import { createHeap, type Heap } from './heap.ts';

/** The clock and the one queue of everything that is yet to happen. */
export interface Timeline extends SimulatedClock {
  /** Lets everything go on that needs no time, then lets the next thing happen; false when nothing is left. */
  step(): Promise<boolean>;
  /** Steps until the condition holds. False when so much time passed, or nothing is left, before it did. */
  until(condition: () => boolean, limitMs: number): Promise<boolean>;
  /** Lets so much time pass, or less if the condition holds before. */
  pass(delayMs: number, unless?: () => boolean): Promise<void>;
  /** How many things have happened. */
  readonly steps: number;
  /** What is yet to happen, soonest first: for stories of what hangs. */
  pending(): readonly { readonly at: number; readonly what: string }[];
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly what: string;
  readonly action: () => void;
  cancelled: boolean;
}

/** Begins at a fixed moment, so that every run of a seed is the same. */
export const beginsAt = 1_800_000_000_000;

/** `afterStep` is called when a thing has happened and everything that needed no time for it. */
export function createTimeline(afterStep: () => void = () => undefined): Timeline {
  const heap: Heap<Timer> = createHeap((left, right) => left.at - right.at || left.order - right.order);
  let now = beginsAt;
  let order = 0;
  let steps = 0;
  const after = (delayMs: number, what: string, action: () => void): Scheduled => {
    const timer: Timer = { at: now + Math.max(0, Math.round(delayMs)), order: order++, what, action, cancelled: false };
    heap.push(timer);
    return {
      cancel() {
        timer.cancelled = true;
      },
    };
  };
  const nextTimer = (): Timer | undefined => {
    for (;;) {
      const timer = heap.peek();
      if (timer?.cancelled !== true) return timer;
      heap.pop();
    }
  };
  const step = async (): Promise<boolean> => {
    const timer = nextTimer();
    if (timer === undefined) return false;
    heap.pop();
    now = timer.at;
    steps++;
    timer.action();
    await (steps % stepsInARow === 0 ? breath() : settled());
    afterStep();
    return true;
  };
  const until: Timeline['until'] = async (condition, limitMs) => {
    const limit = now + limitMs;
    await settled();
    while (!condition()) {
      const timer = nextTimer();
      if (timer === undefined || timer.at > limit) return false;
      await step();
    }
    return true;
  };
  return {
    now: () => now,
    after,
    step,
    until,
    async pass(delayMs, unless = () => false) {
      const end = now + delayMs;
      const alarm = after(delayMs, 'the end of a while', () => undefined);
      await until(() => now >= end || unless(), delayMs);
      alarm.cancel();
    },
    get steps() {
      return steps;
    },
    pending: () =>
      heap
        .items()
        .filter(({ cancelled }) => !cancelled)
        .toSorted((left, right) => left.at - right.at || left.order - right.order)
        .map(({ at, what }) => ({ at, what })),
  };
}

/** How many things happen before Node may turn to whatever else waits, a test runner's timeouts among it. */
const stepsInARow = 1_000;

/**
 * Whatever can go on without time passing has gone on: Node turns to its ticks when no promise is left that can go on.
 * It does so without a look at sockets and timers, which would take a fifth of a run.
 */
function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
