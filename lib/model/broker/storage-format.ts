import type { NodeIds } from '../node.ts';
import type { NodeGoal, QuorumFormed } from '../state.ts';
import type { StorageFormat } from './node-task.ts';

/** What of a service decides how the disk of one of its nodes may be formatted. */
export interface FormatFacts {
  readonly target: Pick<NodeIds, 'controllerIds'>;
  readonly quorumFormed?: QuorumFormed;
}

/** A second `--standalone` would destroy the cluster, whatever the disk holds: the stored fact decides, not the disk. */
export function storageFormat(facts: FormatFacts, goal: Pick<NodeGoal, 'nodeId' | 'volume'>): StorageFormat {
  if (goal.volume?.kafkaFormatted === true) return 'never';
  return goal.nodeId === facts.target.controllerIds[0] && facts.quorumFormed === undefined
    ? '--standalone'
    : '--no-initial-controllers';
}
