import { advertisedHost } from '../names/advertised-host.ts';
import type { NodeId } from '../node.ts';
import type { ServiceState } from '../state.ts';
import { controllerPlaces } from './controller-places.ts';
import { type KnownListeners, knowsVoterAt } from './knows-voter-at.ts';

/**
 * The voters that the quorum looks for where they are no more: they have moved, and it has not taken their new address up
 * yet. They follow a leader as others do, but nobody asks them for their votes.
 */
export function votersSoughtElsewhere(
  state: Pick<ServiceState, 'controllerHosts' | 'goals' | 'target'>,
  quorum: KnownListeners,
  port: number,
): readonly NodeId[] {
  return controllerPlaces(state).flatMap(({ nodeId, host: { address } }) => {
    const host = advertisedHost(state.target, { nodeId, address });
    return knowsVoterAt(quorum, { id: nodeId, host, port }) ? [] : [nodeId];
  });
}
