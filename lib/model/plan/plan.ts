import type { NodeId } from '../node.ts';

import type { ConfigDifference } from './config-difference.ts';
import type { NodeChange } from './node-change.ts';
import type { Strategy } from './strategy.ts';

/**
 * install and update walk towards a config; hibernate takes all nodes down and resume brings them up again, into the target
 * config; uninstall takes the service away.
 */
export type PlanKind = 'install' | 'update' | 'hibernate' | 'resume' | 'uninstall';

/** A plan is data: computed once by a pure function and stored once; progress is kept per step, statuses are derived. */
export interface Plan {
  readonly id: string;
  readonly service: string;
  readonly kind: PlanKind;
  readonly configId: string;
  readonly strategy: Strategy;
  readonly phases: readonly Phase[];
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Name of the token that asked for it. */
  readonly requestedBy: string;
  /** Of an update: what changed. */
  readonly changes?: readonly ConfigDifference[];
  /** Of all but an install and an uninstall: the config to go back to, the newest that all nodes had before it (`configToGoBackTo`). */
  readonly previousConfigId?: string;
  /** Of an update that a failed canary started: which plan it takes back, and why. */
  readonly takesBack?: { readonly planId: string; readonly reason: string };
}

/** All nodes of a phase are of one role; the machine walks the phases in order. */
export interface Phase {
  readonly id: string;
  readonly name: string;
  readonly strategy: Strategy;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly id: string;
  /** As in the 2.x guides: `kafka-0:[broker]`. */
  readonly name: string;
  readonly nodeId: NodeId;
  /** Of an update: what it does to the node, as seen when the plan was made. */
  readonly change?: NodeChange;
}

/** Progress of one step; written only by the step itself. Absent = not begun. */
export interface StepProgress {
  readonly planId: string;
  readonly stepId: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** The execution that brought it to its end. */
  readonly endedBy?: string;
  /** Which restart of the step by an operator this is; absent: none. */
  readonly restart?: number;
}

/** How a run of a plan's machine ended when it did not end well; written only by the event of its status change. */
export interface PlanRun {
  readonly planId: string;
  /** Number of the newest run whose end was seen. */
  readonly run: number;
  readonly outcome: 'succeeded' | 'failed';
  readonly error?: string;
  readonly endedAt: number;
}
