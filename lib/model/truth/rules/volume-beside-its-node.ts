import { podName } from '../../node.ts';
import type { ServiceState } from '../../state.ts';
import type { FoundVolume } from '../found.ts';
import type { Finding } from '../orphan.ts';

/** The node has another volume: of a later generation, or under another id. */
export function volumeBesideItsNode(
  { id, service, nodeId, generation }: FoundVolume,
  { goals }: Pick<ServiceState, 'goals'>,
): Finding | undefined {
  const { volume, discarded = [] } = goals.find((goal) => goal.nodeId === nodeId) ?? {};
  if (nodeId === undefined || volume === undefined || volume.id === id) return undefined;
  // An operator had it replaced, and it is deleted once nobody needs it.
  if (discarded.some((known) => known.id === id && known.kept !== true)) return undefined;
  // Its creation is under way, or the answer to it is.
  if (volume.id === undefined && volume.generation === generation) return undefined;
  return {
    ...{ what: 'volume', id, service, nodeId },
    why: `${podName(nodeId)} has another one: ${volume.id ?? 'not made yet'}, generation ${volume.generation}; this is generation ${generation}`,
    remedy: 'delete the volume by hand once nobody needs its data',
  };
}
