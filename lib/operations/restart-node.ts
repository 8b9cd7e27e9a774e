import { followNodeWishes } from './follow-node-wishes.ts';
import type { ApiPorts } from './install-service.ts';
import { type NodeRefusal, type NodeRequest, wishForNode } from './wish-for-node.ts';

export type RestartNodeResult = NodeRefusal | { readonly type: 'accepted' };

/**
 * Has a node restarted in place, in the config that it has, under the rules of every roll. Each call is a word of its own;
 * a start of the node that is asked for later answers all that were said before, whoever makes it.
 */
export async function restartNode(ports: ApiPorts, request: NodeRequest): Promise<RestartNodeResult> {
  const { requestedBy } = request;
  const result = await wishForNode(ports, request, (wish, now) => {
    const restart = { times: (wish.restart?.times ?? 0) + 1, requestedBy, requestedAt: now };
    return { type: 'changed', kind: 'restart node', nodeWish: { ...wish, restart } };
  });
  if (!('state' in result)) return result;
  await followNodeWishes(ports, result.state);
  return { type: 'accepted' };
}
