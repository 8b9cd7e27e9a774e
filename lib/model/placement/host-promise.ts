import type { NodeId } from '../node.ts';

/**
 * What of a host is kept for a node, from the decision that it is to run there until its service is gone: what the config
 * needs that it was placed for last, also while its task is down and ECS counts nothing of it. Before a node stops that is
 * to need more, that is kept for it already.
 */
export interface HostPromise {
  readonly service: string;
  readonly nodeId: NodeId;
  readonly instanceId: string;
  readonly cpuUnits: number;
  readonly memoryMiB: number;
  readonly ports: readonly number[];
  /** What the node was placed for, while more is kept for its next start: whether the host has it is seen then. Absent: all. */
  readonly placedFor?: { readonly cpuUnits: number; readonly memoryMiB: number };
  /** What the host has for tasks in all. Absent in promises that were made before it was kept. */
  readonly of?: { readonly cpuUnits: number; readonly memoryMiB: number };
}

/** The promises of all services. Each new one raises `version`: two decisions never promise the same twice. */
export interface HostPromises {
  /** 0 before the first. */
  readonly version: number;
  readonly promises: readonly HostPromise[];
}
