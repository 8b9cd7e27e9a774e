import type { ServiceState } from '../../state.ts';
import type { FoundVolume } from '../found.ts';
import type { Finding } from '../orphan.ts';

/** Its service is known and has no such node, or its tags name none. */
export function volumeOfAnUnknownNode(
  { id, service, nodeId, generation }: FoundVolume,
  { goals }: Pick<ServiceState, 'goals'>,
): Finding | undefined {
  const isKnown = goals.some((goal) => goal.nodeId === nodeId && goal.volume !== undefined);
  if (isKnown && generation !== undefined) return undefined;
  return {
    ...{ what: 'volume', id, service, ...(nodeId === undefined ? {} : { nodeId }) },
    why:
      nodeId === undefined || generation === undefined
        ? `its tags do not say which node and generation of service ${service} it is`
        : `the table knows no volume of node ${nodeId} of service ${service}`,
    remedy: 'if the service has the node, adopt it; otherwise delete the volume by hand once nobody needs its data',
  };
}
