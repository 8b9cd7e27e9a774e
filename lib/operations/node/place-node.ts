import { strict as assert } from 'node:assert';
import type { ServiceConfig } from '../../model/service/config.ts';
import type { Hosts } from '../../ports/hosts.ts';
import { lookAtHosts } from '../look-at-hosts.ts';
import { promiseOf } from './node-needs.ts';
import {
  announceWait,
  changedMeanwhile,
  done,
  type HeldNode,
  isStepResult,
  type NodeStepPorts,
  type NodeStepRequest,
  type StepResult,
  storeGoal,
  wantedConfigId,
  withHeldNode,
} from './node-step.ts';
import { type Place, placeOf } from './place-decision.ts';
import { placedGoal } from './placed-goal.ts';
import { readRoomOnHosts } from './room-on-hosts.ts';
import { withWhatIsLost } from './what-is-lost.ts';

type Ports = NodeStepPorts & { readonly hosts: Hosts };

/**
 * Decides the host of a node and the zone and size of its volume. A node keeps its host, and is promised what its config
 * needs now, no more and no less: more than it was placed for only when the host has it. A controller takes the host of the
 * common decision. A host that is gone, or drains, or that the node is to leave, is left for another one in the zone of the
 * volume, and its promise goes with the decision. So is a volume that the node is to give up, once the step before has found
 * that it may: whoever holds the node answers such a wish. Waits with a token while no host can take the node. Idempotent.
 */
export function placeNode(ports: Ports, request: NodeStepRequest): Promise<StepResult> {
  return withHeldNode(ports, request, async (node) => {
    const configId = wantedConfigId(request, node);
    const config = await ports.store.readConfig(node.goal.service, configId);
    assert(config !== undefined, `config ${configId} is kept while its service lives`);
    const first = await lookForPlace(ports, node, config);
    if (first.type !== 'wait') return placed(ports, node, { config, place: first });
    // The token only now, and then one more look: a host that joins meanwhile, or a word about the node, wakes the step or is seen.
    // The volume is asked for when there is a host to attach it to.
    const reason = await withWhatIsLost(ports, node, { reason: first.reason, volumeState: 'not asked' });
    await announceWait(ports, request, { reason, awaits: 'capacity' });
    const state = (await ports.store.readService(request.service)) ?? node.state;
    const second = await lookForPlace(ports, { ...node, state }, config);
    return second.type === 'wait' ? { type: 'waiting' } : placed(ports, node, { config, place: second });
  });
}

/** Stored only if nobody promised anything since the look: two services never take the same room. */
async function placed(
  ports: Ports,
  node: HeldNode,
  { config, place }: { readonly config: ServiceConfig; readonly place: Exclude<Place, { readonly type: 'wait' }> },
): Promise<StepResult> {
  if (place.type === 'to judge') {
    return { type: 'failed', error: 'VerdictTooOld', cause: 'whether its volume may be given up is not known now' };
  }
  const goal = placedGoal(node, config, place);
  if (place.type === 'as promised') {
    const stored = await storeGoal(ports, node, goal);
    return isStepResult(stored) ? stored : done;
  }
  const promise = promiseOf(config, goal.nodeId, place.on);
  const { version } = place;
  return (await ports.store.placeNode({ goal, lease: node.lease, promise, version })) ? done : changedMeanwhile;
}

/** A host that cannot take its node may be gone, and EC2 says so before any event does. */
async function lookForPlace(ports: Ports, node: HeldNode, config: ServiceConfig): Promise<Place> {
  const { goal, state } = node;
  const room = { ...(await readRoomOnHosts(ports)), config, now: ports.clock() };
  const place = placeOf(node, room);
  if (place.type !== 'wait') return place;
  const goneHosts = await lookAtHosts(ports, goal.service);
  return goneHosts.length > state.goneHosts.length
    ? placeOf({ ...node, state: { ...state, goneHosts } }, { ...room, now: ports.clock() })
    : place;
}
