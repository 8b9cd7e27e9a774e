/** Time as a parameter: the system's in the cloud, a hand-moved one in tests and simulations. */
export interface Clock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Calls back once when `now() >= atMs`, never before this call has returned. Answers the function that cancels it. */
  readonly at: (atMs: number, callback: () => void) => () => void;
}

/** Node's timers take at most a signed 32-bit number of milliseconds. */
const longestDelayMs = 2 ** 31 - 1;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  at: (atMs, callback) => {
    let timer = setTimeout(check, delayUntil(atMs));
    function check(): void {
      // A timer may fire a little early, and a wait of months is made of several timers.
      if (Date.now() >= atMs) callback();
      else timer = setTimeout(check, delayUntil(atMs));
    }
    return () => clearTimeout(timer);
  },
};

function delayUntil(atMs: number): number {
  return Math.min(longestDelayMs, Math.max(0, atMs - Date.now()));
}
