import type { Neighbour, NodeNeeds } from './choose-host.ts';
import type { Host } from './host.ts';
import type { RuleOutcome } from './host-outcome.ts';
import type { HostPromise } from './host-promise.ts';

/** What the rules see of one host. */
export interface HostCase {
  readonly host: Host;
  readonly needs: NodeNeeds;
  /** What of this host is promised to other nodes, whether they run now or not. */
  readonly promised: readonly HostPromise[];
  readonly neighbours: readonly Neighbour[];
}

/** A rule of placement; no outcome where it does not apply. */
export type HostRule = (hostCase: HostCase) => readonly RuleOutcome[];
