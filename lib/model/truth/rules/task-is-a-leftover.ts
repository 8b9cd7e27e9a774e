import type { ServiceState } from '../../state.ts';
import type { FoundTask } from '../found.ts';

/**
 * The one thing that is stopped without being asked to: a process of a node that the table knows, of an earlier try. The
 * next try was only stored when this one was over, so its request came late; its volume may be in the hands of the newer one.
 */
export function taskIsALeftover(
  { nodeId, purpose, attempt }: FoundTask,
  { goals }: Pick<ServiceState, 'goals'>,
): boolean {
  const goal = goals.find((candidate) => candidate.nodeId === nodeId);
  return purpose === 'node' && goal !== undefined && attempt < goal.attempt;
}
