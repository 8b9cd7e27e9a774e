import type { NodeId } from '../node.ts';

/**
 * Something of ours that the cloud has and the table does not know, or knows otherwise. It is told and never touched: a
 * machine cannot tell whether the thing or the table is the older one.
 */
export interface Orphan {
  readonly what: 'task' | 'volume';
  /** ARN of the task, id of the volume. */
  readonly id: string;
  /** As its tags or its startedBy say. */
  readonly service: string;
  readonly nodeId?: NodeId;
  /** A sentence: what is not right with it. */
  readonly why: string;
  /** A sentence: what a person can do. */
  readonly remedy: string;
  /** Since when it has been found so, epoch milliseconds. */
  readonly since: number;
}

/** What is told of a thing before it is known since when. */
export type Finding = Omit<Orphan, 'since'>;

/** What one look at the whole cloud found. Writer: the sweep. */
export interface Orphans {
  /** Epoch milliseconds. */
  readonly lookedAt: number;
  /** Bounded: so many at most are listed. */
  readonly found: readonly Orphan[];
  /** How many more there are. */
  readonly more: number;
  /** What could not be looked at, and why, as sentences. */
  readonly unread: readonly string[];
}
