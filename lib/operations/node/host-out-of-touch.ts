import { openFence } from '../../model/hosts/fence.ts';
import { nodesOn } from '../../model/hosts/hosted-node.ts';
import { silentHostOf } from '../../model/hosts/silent-host.ts';
import type { NodeId } from '../../model/node.ts';
import type { ServiceState } from '../../model/state.ts';
import type { WaitingReason } from '../../model/waiting-reason.ts';
import { readAllServices } from '../read-all-services.ts';
import type { NodeStepPorts } from './node-step.ts';

/**
 * What the work on a node waits for while its host is out of touch: with the nodes of all services there, because whoever
 * ends the host ends them as well. Undefined: the host is in touch, or has ended.
 */
export async function hostOutOfTouch(
  { store, clock }: NodeStepPorts,
  state: ServiceState,
  nodeId: NodeId,
): Promise<WaitingReason | undefined> {
  const now = clock();
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  const host = goal && silentHostOf(state, goal, now);
  if (host === undefined) return undefined;
  const { service } = state.target;
  const { instanceId, silentSince: since } = host;
  const others = (await readAllServices(store)).filter(({ target }) => target.service !== service);
  const states = [state, ...others];
  const nodes = nodesOn(states, instanceId, now).map(({ nodeId: _id, ...node }) => node);
  const fence = openFence(states, instanceId);
  const fenced = fence === undefined ? {} : { fencedBy: fence.requestedBy };
  const refused = fence?.refused === undefined ? {} : { refused: fence.refused };
  return { type: 'host out of touch', instanceId, since, nodes, service, ...fenced, ...refused };
}
