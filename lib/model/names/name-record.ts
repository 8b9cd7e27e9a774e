/** An address record of the private zone: what a name stands for, for how long an answer may be kept. */
export interface NameRecord {
  /** In lower case, without a dot at its end. */
  readonly name: string;
  /** IPv4; sorted, none twice. */
  readonly addresses: readonly string[];
  readonly ttlSeconds: number;
}
