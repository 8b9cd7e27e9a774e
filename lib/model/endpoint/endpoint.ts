import { isBroker, isController, type NodeRole } from '../node.ts';
import type { ServiceConfig } from '../service/config.ts';
import type { ServiceState } from '../state.ts';

/** How clients reach the nodes of a role. Computed each time it is asked. */
export interface Endpoint {
  /** Names with ports; empty in a deployment without a private zone. */
  readonly dns: readonly string[];
  /** Addresses with ports, by node id. */
  readonly address: readonly string[];
}

/** Names that the API lists, sorted. */
export const endpointNames: readonly NodeRole[] = ['broker', 'controller'];

/** Every node whose host is decided, whether or not it runs now: clients try the next one themselves. */
export function endpointOf(state: ServiceState, config: ServiceConfig, role: NodeRole): Endpoint {
  const { port } = role === 'broker' ? config.options.brokers : config.options.controllers;
  const address = state.goals
    .filter(({ nodeId }) => (role === 'broker' ? isBroker : isController)(state.target, nodeId))
    .sort((one, other) => one.nodeId - other.nodeId)
    .flatMap((goal) => (goal.host === undefined ? [] : [`${goal.host.address}:${port}`]));
  return { dns: [], address };
}

/** What a client needs to connect. KRaft has no ZooKeeper: `controller` takes its place. */
export interface Connection extends Endpoint {
  readonly controller: readonly string[];
}

export function connectionOf(state: ServiceState, config: ServiceConfig): Connection {
  return { ...endpointOf(state, config, 'broker'), controller: endpointOf(state, config, 'controller').address };
}
