/** One option that two configs differ in; absent = it is not set there. */
export interface ConfigDifference {
  /** JSON pointer into the options document, or `/packageVersion`. */
  readonly pointer: string;
  readonly before?: unknown;
  readonly after?: unknown;
}
