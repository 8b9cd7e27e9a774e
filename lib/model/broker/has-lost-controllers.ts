import type { NodeId } from '../node.ts';
import type { NodeGoal, ServiceState } from '../state.ts';
import { controllerPlaces } from './controller-places.ts';

type Places = Pick<ServiceState, 'controllerHosts' | 'goals' | 'target'>;

/** The addresses of the controllers that a node is started with now; undefined: it is started with their names, which stay. */
export function controllerAddresses(state: Places): readonly string[] | undefined {
  if (state.target.zone !== undefined) return undefined;
  return controllerPlaces(state).map(({ host }) => host.address);
}

/**
 * Whether most of the controllers that have joined the quorum have moved away from where the node's process knows them. It
 * may have learnt of the new places meanwhile: only the quorum can tell, by hearing of it or not. What an earlier version of
 * Warden has started tells nothing.
 */
export function hasLostControllers(state: Places, { launch }: Pick<NodeGoal, 'launch'>): boolean {
  const known = launch?.controllers;
  if (known === undefined || state.target.zone !== undefined) return false;
  const joined = controllerPlaces(state).filter(({ nodeId }) => hasJoined(state, nodeId));
  const found = joined.filter(({ host }) => known.includes(host.address));
  return joined.length > 0 && found.length <= joined.length / 2;
}

/** It was in sync once with the volume that it has. */
function hasJoined({ goals }: Places, nodeId: NodeId): boolean {
  return goals.find((goal) => goal.nodeId === nodeId)?.volume?.kafkaFormatted === true;
}
