import type { NodeId } from '../node.ts';
import type { ServiceState } from '../state.ts';

/**
 * Whether May stop has found for this execution that the controllers do not hear of the node's process, and that it does not
 * know where they are. Such a stop takes nothing away from Kafka: it needs no place and no other node in sync.
 */
export function isCutOff(
  { verdicts, goals }: Pick<ServiceState, 'verdicts' | 'goals'>,
  { nodeId, holder }: { readonly nodeId: NodeId; readonly holder: string },
): boolean {
  const verdict = verdicts.find((candidate) => candidate.nodeId === nodeId && candidate.holder === holder);
  const goal = goals.find((candidate) => candidate.nodeId === nodeId);
  return verdict?.cutOff !== undefined && verdict.cutOff === goal?.launch?.taskArn;
}
