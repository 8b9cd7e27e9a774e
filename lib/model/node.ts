/** A node is one Kafka process of a service: a broker (ids from 0) or a dedicated controller (ids from 1000). */
export type NodeRole = 'broker' | 'controller';

/** Kafka's node.id; never used again for another node while the service lives. */
export type NodeId = number;

/** Dedicated controllers count from here. */
export const firstControllerId = 1000;

export function roleOf(nodeId: NodeId): NodeRole {
  return nodeId >= firstControllerId ? 'controller' : 'broker';
}

/** The pod instance of the 2.x guides: `kafka-0` for broker 0, `controller-0` for node 1000. */
export function podName(nodeId: NodeId): string {
  return roleOf(nodeId) === 'broker' ? `kafka-${nodeId}` : `controller-${nodeId - firstControllerId}`;
}

/** The task of a pod instance, as the 2.x guides spell it: `kafka-0-broker`, `controller-0-controller`. */
export function taskName(nodeId: NodeId): string {
  return `${podName(nodeId)}-${roleOf(nodeId)}`;
}

/** The nodes of a service by role. In combined mode its one node stands in both; the first controller forms the quorum. */
export interface NodeIds {
  readonly brokerIds: readonly NodeId[];
  readonly controllerIds: readonly NodeId[];
}

export function isBroker({ brokerIds }: NodeIds, nodeId: NodeId): boolean {
  return brokerIds.includes(nodeId);
}

export function isController({ controllerIds }: NodeIds, nodeId: NodeId): boolean {
  return controllerIds.includes(nodeId);
}

/** The controllers that are nothing else. */
export function dedicatedControllerIds(ids: NodeIds): readonly NodeId[] {
  return ids.controllerIds.filter((nodeId) => !isBroker(ids, nodeId));
}

/** Ids 0..count-1: `count: n` is short for them. */
export function brokerIds(count: number): readonly NodeId[] {
  return Array.from({ length: count }, (_, index) => index);
}

export function controllerIds(count: number): readonly NodeId[] {
  return Array.from({ length: count }, (_, index) => firstControllerId + index);
}
