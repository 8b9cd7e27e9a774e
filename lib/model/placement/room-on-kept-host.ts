import type { Host } from './host.ts';
import type { RuleOutcome } from './host-outcome.ts';
import type { HostPromise } from './host-promise.ts';
import type { NodeNeeds, RoomOfHost } from './host-rule.ts';
import { cpuIsFree } from './rules/cpu-is-free.ts';
import { memoryIsFree } from './rules/memory-is-free.ts';

/** What a node needs now of the host that it has for good. */
export interface KeptHostNeeds {
  readonly needs: NodeNeeds;
  /** What the host keeps for the node so far. */
  readonly own: Pick<HostPromise, 'cpuUnits' | 'memoryMiB'> | undefined;
  /** What of the host is promised to other nodes. */
  readonly promised: readonly HostPromise[];
}

/**
 * What the rules say of the room for a node on the host that it keeps. What it was promised already is its own: only what
 * it needs more of is looked for.
 */
export function roomOnKeptHost(host: RoomOfHost, { needs, own, promised }: KeptHostNeeds): readonly RuleOutcome[] {
  const roomCase = { host, needs, promised };
  return [
    ...(needs.cpuUnits > (own?.cpuUnits ?? 0) ? cpuIsFree(roomCase) : []),
    ...(needs.memoryMiB > (own?.memoryMiB ?? 0) ? memoryIsFree(roomCase) : []),
  ];
}

/** All of a host, as far as ECS has not given it to anybody. */
export function emptyHost({ cpuUnits, memoryMiB }: Pick<Host, 'cpuUnits' | 'memoryMiB'>): RoomOfHost {
  return { cpuUnits, memoryMiB, freeCpuUnits: cpuUnits, freeMemoryMiB: memoryMiB };
}
