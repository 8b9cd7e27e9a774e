import type { NodeId } from '../node.ts';
import type { ServiceTarget } from '../state.ts';
import { namedService, nodeName } from './node-name.ts';

/** How others reach a node: by its name, which it keeps when it moves, or by its host's address without a zone. */
export function advertisedHost(
  target: Pick<ServiceTarget, 'service' | 'zone'>,
  { nodeId, address }: { readonly nodeId: NodeId; readonly address: string },
): string {
  const named = namedService(target);
  return named === undefined ? address : nodeName(named, nodeId);
}
