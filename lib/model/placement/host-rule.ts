import type { Host } from './host.ts';
import type { RuleOutcome } from './host-outcome.ts';
import type { HostPromise } from './host-promise.ts';
import type { PlacementConstraint } from './placement-constraint.ts';

/** What a node needs of a host. */
export interface NodeNeeds {
  readonly cpuUnits: number;
  readonly memoryMiB: number;
  readonly ports: readonly number[];
  /** The zone of its volume; absent while it has none. */
  readonly zone?: string;
  /** The placement constraint of its service; absent for controllers, which spread as far as they can. */
  readonly constraints?: readonly PlacementConstraint[];
}

/** Where the other nodes of the same role and service are: zones are spread by them. */
export interface Neighbour {
  readonly instanceId: string;
  readonly zone: string;
}

/** What a host has, and what of it ECS has not given to tasks now. */
export type RoomOfHost = Pick<Host, 'cpuUnits' | 'memoryMiB' | 'freeCpuUnits' | 'freeMemoryMiB'>;

/** What the rules see of the room on one host. */
export interface RoomCase {
  readonly host: RoomOfHost;
  readonly needs: NodeNeeds;
  readonly promised: readonly HostPromise[];
}

/** What the rules see of one host. */
interface HostCase {
  readonly host: Host;
  readonly needs: NodeNeeds;
  /** What of this host is promised to other nodes, whether they run now or not. */
  readonly promised: readonly HostPromise[];
  readonly neighbours: readonly Neighbour[];
}

/** A rule of placement; no outcome where it does not apply. */
export type HostRule = (hostCase: HostCase) => readonly RuleOutcome[];
