import { type NodeId, podName, roleOf } from '../node.ts';

/** The name of a phase in the 1.x guides: that of the brokers says which config it leads to. */
export function phaseNameInBlocks(name: string, configId: string): string {
  return name === 'broker' ? `Update to: ${configId}` : name;
}

/** The name of a step in the 1.x guides: `broker-0`. Dedicated controllers, which they do not know, keep their own. */
export function blockName(nodeId: NodeId): string {
  return roleOf(nodeId) === 'broker' ? `broker-${nodeId}` : podName(nodeId);
}
