import { podName } from '../../node.ts';
import type { ServiceState } from '../../state.ts';
import type { FoundVolume } from '../found.ts';
import type { Finding } from '../orphan.ts';

/** The table does not know this generation yet: it is older than the world. */
export function volumeAboveItsNode(
  { id, service, nodeId, generation = 0 }: FoundVolume,
  { goals }: Pick<ServiceState, 'goals'>,
): Finding | undefined {
  const stored = goals.find((goal) => goal.nodeId === nodeId)?.volume?.generation ?? 0;
  if (nodeId === undefined || generation <= stored) return undefined;
  return {
    ...{ what: 'volume', id, service, nodeId },
    why: `the table is older than the world: it is generation ${generation} of ${podName(nodeId)}, and the table knows ${stored}`,
    remedy: `adopt it: "warden --name=${service} pod adopt ${podName(nodeId)}"; until then nothing of the node is started`,
  };
}
