import type { NodeId } from './node.ts';

/**
 * What operators want of one node, beside the plan of its service. Each wish has a number that rises; the step that
 * answers it stores the number with the node's goal, so that none is answered twice. Writer: API operations.
 */
export interface NodeWish {
  readonly service: string;
  readonly nodeId: NodeId;
  /** Rises by one with each write. */
  readonly revision: number;
  readonly restart?: NodeRestart;
  readonly replace?: NodeReplacement;
  /** Absent: it is to run. */
  readonly pause?: NodePause;
  /** Absent: never. */
  readonly reactivation?: NodeReactivation;
  /** Absent: never. */
  readonly stopProven?: StopProven;
  /** Absent: never. */
  readonly adoption?: NodeAdoption;
}

interface Asked {
  /** Name of the token. */
  readonly requestedBy: string;
  /** Epoch milliseconds. */
  readonly requestedAt: number;
}

/** Restart in place. */
export interface NodeRestart extends Asked {
  /** Which one: 1 is the first. */
  readonly times: number;
}

/** Another host: with its volume, with one made from a snapshot of it, or with an empty one. */
export interface NodeReplacement extends Asked {
  readonly times: number;
  readonly volume: 'keep' | 'snapshot' | 'discard';
  /** With `snapshot`: which one. */
  readonly snapshotId?: string;
  /** With `snapshot` and `discard`: the volume that may be deleted; no other one ever is. Absent: it had none. */
  readonly volumeId?: string;
  /** Volumes that wishes before this one have named, and that may still have to be deleted. */
  readonly earlierVolumeIds?: readonly string[];
  /** An operator has taken it back before it was decided. */
  readonly cancelled?: true;
  /** Also when that takes the last replica that is in sync. */
  readonly force: boolean;
  /** Why Warden asked for it by itself (`enable_replacement`), as a sentence. Absent: an operator asked. */
  readonly why?: string;
}

/** How many replacements Warden has asked for by itself in a service: each is decided in sight of the one before. */
export interface OwnReplacements {
  readonly service: string;
  readonly revision: number;
}

/** Its process ends, volume and place are kept. */
export interface NodePause extends Asked {
  /** Epoch milliseconds when it comes back by itself. Absent: when an operator says so. */
  readonly until?: number;
}

/** Tries up to this one count no more. */
export interface NodeReactivation extends Asked {
  readonly attempt: number;
}

/** Somebody has made sure that the process of this task is gone; of any other task it says nothing. */
export interface StopProven extends Asked {
  readonly taskArn: string;
}

/** The cloud, and not the table, is right about the node: its record is made from what the cloud has of it. */
export interface NodeAdoption extends Asked {
  readonly times: number;
}

/** What a node is wished that nobody ever spoke of. */
export function noWish(service: string, nodeId: NodeId): NodeWish {
  return { service, nodeId, revision: 0 };
}
