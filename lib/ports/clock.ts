/** Epoch milliseconds. */
export type Clock = () => number;

/** A fresh UUID each time. */
export type NewId = () => string;

/** Resolves after so many milliseconds; a hand-moved clock in tests. */
export type Pause = (ms: number) => Promise<void>;
