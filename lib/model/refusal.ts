/** A reason why a request is not accepted, as a value. All refusals of a request are collected and answered together. */
export interface Refusal {
  /** JSON pointer into the options document, for example `/brokers/count`; `/packageVersion` for the version. */
  readonly pointer: string;
  /** What was given; absent when something is missing. */
  readonly value?: unknown;
  readonly message: string;
  /** What would be accepted. */
  readonly allowed?: string;
  /** What to do next. */
  readonly hint?: string;
}

/** A JSON pointer (RFC 6901) of the given member names. */
export function pointerOf(...names: readonly string[]): string {
  return names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
