/** One run of a function: once it is dead, nothing of it happens any more, not even its own handling of errors. */
export interface Invocation {
  readonly id: number;
  readonly functionName: string;
  /** What it was called with. */
  readonly event: unknown;
  /** What its clock is wrong by, in milliseconds. */
  readonly skewMs: number;
  readonly isAlive: boolean;
  /** The process is gone. */
  crash(): void;
}

/** What whoever waits for a process that is gone gets: nothing, ever. */
export function never<Result>(): Promise<Result> {
  return new Promise(() => undefined);
}
