import type { NameRecord } from '../model/names/name-record.ts';

/** How far a change of names has come; Route 53 forgets changes after a while. */
export type NamesChange = 'everywhere' | 'on its way' | 'unknown';

/** The private zone of this deployment. Throws NamesError; throttling and a change that is still worked on are retriable. */
export interface Names {
  /** For example kafka.internal */
  readonly zone: string;
  /** The simple address records of all names that end with `.<domain>`. */
  list(domain: string): Promise<readonly NameRecord[]>;
  /**
   * Makes each name stand for exactly these addresses, whatever it was before; others stay. Answers the change by which
   * to ask when every resolver has it. Idempotent.
   */
  publish(records: readonly NameRecord[]): Promise<string>;
  change(changeId: string): Promise<NamesChange>;
  /** Removes records exactly as they were listed; one that has changed since is an error, and the next try lists anew. */
  remove(records: readonly NameRecord[]): Promise<void>;
}

/** What operations on names are given; nothing in a deployment without a private zone. */
export interface NamesPorts {
  readonly names?: Names;
}
