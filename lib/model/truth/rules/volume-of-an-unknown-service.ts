import type { ServiceState } from '../../state.ts';
import type { FoundVolume } from '../found.ts';
import type { Finding } from '../orphan.ts';

/** Its service is not in the table, or another service that had the same name made it. */
export function volumeOfAnUnknownService(
  { id, service, nodeId, clusterId }: FoundVolume,
  state: Pick<ServiceState, 'target'> | undefined,
): Finding | undefined {
  if (state !== undefined && clusterId === state.target.clusterId) return undefined;
  const of = clusterId === undefined ? 'it has no cluster id' : `its cluster id is ${clusterId}`;
  return {
    ...{ what: 'volume', id, service, ...(nodeId === undefined ? {} : { nodeId }) },
    why:
      state === undefined
        ? `the table knows no service ${service}`
        : `it belongs to no service of the table: ${of}, and service ${service} has ${state.target.clusterId}`,
    remedy:
      'restore a copy of the table that knows its service, or delete the volume by hand once nobody needs its data',
  };
}
