import type { ServiceState } from '../state.ts';
import type { FoundTask } from './found.ts';

/** The number of the newest try of this purpose that the table knows; 0: none. */
export function storedAttempt(
  { goals }: Pick<ServiceState, 'goals'>,
  { nodeId, purpose }: Pick<FoundTask, 'nodeId' | 'purpose'>,
): number {
  const goal = goals.find((candidate) => candidate.nodeId === nodeId);
  return (purpose === 'node' ? goal?.attempt : goal?.preparation?.attempt) ?? 0;
}
