import type { NodeId } from '../node.ts';
import type { NodeHost, ServiceState } from '../state.ts';

/**
 * Where the controllers of a service are: they were placed together, before the first one started, and one that moved
 * since is where its goal says.
 */
export function controllerPlaces({
  controllerHosts,
  goals,
}: Pick<ServiceState, 'controllerHosts' | 'goals'>): readonly { readonly nodeId: NodeId; readonly host: NodeHost }[] {
  return (controllerHosts?.hosts ?? []).map(({ nodeId, host }) => ({
    nodeId,
    host: goals.find((goal) => goal.nodeId === nodeId)?.host ?? host,
  }));
}
