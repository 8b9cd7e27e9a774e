/** Time as the services use it, so that tests can move it by hand. */
export interface Clock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Acts once after the delay; the answer cancels it. */
  readonly after: (delayMs: number, act: () => void) => () => void;
}

/** The machine's clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: Date.now,
  after: (delayMs, act) => {
    const timer = setTimeout(act, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
