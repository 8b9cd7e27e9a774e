import { bootstrapName, namedService, nodeName } from '../names/node-name.ts';
import { isBroker, isController, type NodeRole } from '../node.ts';
import type { ServiceConfig } from '../service/config.ts';
import type { ServiceState } from '../state.ts';

/** How clients reach the nodes of a role. Computed each time it is asked. */
export interface Endpoint {
  /** Names with ports, in the order of the addresses; empty for a service without a private zone. */
  readonly dns: readonly string[];
  /** Addresses with ports, by node id. */
  readonly address: readonly string[];
  /** One name with a port for all brokers. */
  readonly vip?: string;
}

/** Names that the API lists, sorted. */
export const endpointNames: readonly NodeRole[] = ['broker', 'controller'];

/** Every node whose host is decided, whether or not it runs now: clients try the next one themselves. */
export function endpointOf(state: ServiceState, config: ServiceConfig, role: NodeRole): Endpoint {
  const { port } = role === 'broker' ? config.options.brokers : config.options.controllers;
  const placed = state.goals
    .filter(({ nodeId }) => (role === 'broker' ? isBroker : isController)(state.target, nodeId))
    .sort((one, other) => one.nodeId - other.nodeId)
    .flatMap(({ nodeId, host }) => (host === undefined ? [] : [{ nodeId, address: host.address }]));
  const address = placed.map((node) => `${node.address}:${port}`);
  const named = namedService(state.target);
  if (named === undefined) return { dns: [], address };
  const dns = placed.map(({ nodeId }) => `${nodeName(named, nodeId)}:${port}`);
  return { dns, address, ...(role === 'broker' && dns.length > 0 ? { vip: `${bootstrapName(named)}:${port}` } : {}) };
}

/** What a client needs to connect. KRaft has no ZooKeeper: `controller` takes its place. */
export interface Connection extends Endpoint {
  readonly controller: readonly string[];
}

export function connectionOf(state: ServiceState, config: ServiceConfig): Connection {
  return { ...endpointOf(state, config, 'broker'), controller: endpointOf(state, config, 'controller').address };
}
