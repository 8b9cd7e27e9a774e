/** Epoch milliseconds. */
export type Clock = () => number;

/** A fresh UUID each time. */
export type NewId = () => string;
