import { type NodeId, podName } from './node.ts';
import type { ServiceTarget } from './state.ts';

/** The node of a service that a pod's name stands for, `kafka-0` for example; undefined: it has none of that name. */
export function nodeOfPod(
  { brokerIds, controllerIds }: Pick<ServiceTarget, 'brokerIds' | 'controllerIds'>,
  pod: string,
): NodeId | undefined {
  return [...brokerIds, ...controllerIds].find((nodeId) => podName(nodeId) === pod);
}
