import { strict as assert } from 'node:assert';
import { optionsOf } from '../../model/broker/node-task.ts';
import { type NodeId, roleOf } from '../../model/node.ts';
import { chooseHost } from '../../model/placement/choose-host.ts';
import type { Host } from '../../model/placement/host.ts';
import { keptHostOutcome } from '../../model/placement/kept-host.ts';
import { type PlacementConstraint, readConstraints } from '../../model/placement/placement-constraint.ts';
import type { ServiceConfig } from '../../model/service/config.ts';
import type { NodeGoal, NodeHost, NodeVolume } from '../../model/state.ts';
import type { WaitingReason } from '../../model/waiting-reason.ts';
import type { Hosts } from '../../ports/hosts.ts';
import { needsOf, neighboursOf, promiseOf } from './node-needs.ts';
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
import { type RoomOnHosts, readRoomOnHosts } from './room-on-hosts.ts';

type Ports = NodeStepPorts & { readonly hosts: Hosts };

const mibPerGib = 1024;

/**
 * Decides the host of a node and the zone and size of its volume. A node keeps its host; a controller takes the host
 * of the common decision. Waits with a token while no host can take it. Idempotent.
 */
export function placeNode(ports: Ports, request: NodeStepRequest): Promise<StepResult> {
  return withHeldNode(ports, request, async (node) => {
    const configId = wantedConfigId(request, node);
    const config = await ports.store.readConfig(node.goal.service, configId);
    assert(config !== undefined, `config ${configId} is kept while its service lives`);
    const first = placeOf(node, config, await readRoomOnHosts(ports));
    if (first.type !== 'wait') return placed(ports, node, { config, place: first });
    // The token only now, and then one more look: a host that joins meanwhile wakes the step or is seen.
    await announceWait(ports, request, { reason: first.reason, awaits: 'capacity' });
    const second = placeOf(node, config, await readRoomOnHosts(ports));
    return second.type === 'wait' ? { type: 'waiting' } : placed(ports, node, { config, place: second });
  });
}

/** Stored only if nobody promised anything since the look: two services never take the same room. */
async function placed(
  ports: Ports,
  node: HeldNode,
  { config, place }: { readonly config: ServiceConfig; readonly place: Exclude<Place, { readonly type: 'wait' }> },
): Promise<StepResult> {
  const { host } = place;
  const goal = { ...node.goal, host, volume: volumeOf(node.goal, config, host) };
  if (place.type === 'kept') {
    const stored = await storeGoal(ports, node, goal);
    return isStepResult(stored) ? stored : done;
  }
  const promise = promiseOf(config, { nodeId: goal.nodeId, host });
  const { version } = place;
  return (await ports.store.placeNode({ goal, lease: node.lease, promise, version })) ? done : changedMeanwhile;
}

type Place =
  | { readonly type: 'kept'; readonly host: NodeHost }
  | { readonly type: 'chosen'; readonly host: NodeHost; readonly version: number }
  | { readonly type: 'wait'; readonly reason: WaitingReason };

function placeOf(node: HeldNode, config: ServiceConfig, { hosts, promises, version }: RoomOnHosts): Place {
  const { goal, state } = node;
  const decided = goal.host ?? state.controllerHosts?.hosts.find(({ nodeId }) => nodeId === goal.nodeId)?.host;
  if (decided !== undefined) return keepHost(goal, decided, hosts);
  const choice = chooseHost({
    hosts,
    needs: {
      ...needsOf(config, goal.nodeId),
      ...(goal.volume === undefined ? {} : { zone: goal.volume.zone }),
      constraints: constraintsOf(config, goal.nodeId),
    },
    promises: promises.filter(({ service, nodeId }) => service !== goal.service || nodeId !== goal.nodeId),
    neighbours: neighboursOf(state, roleOf(goal.nodeId), goal.nodeId),
  });
  if (choice.type === 'none') {
    const { hosts: outcomes, registered } = choice;
    return { type: 'wait', reason: { type: 'capacity', role: roleOf(goal.nodeId), hosts: outcomes, registered } };
  }
  return { type: 'chosen', host: nodeHost(choice.host), version };
}

/** Brokers are constrained; controllers are small and share their hosts. */
function constraintsOf({ options }: ServiceConfig, nodeId: NodeId): readonly PlacementConstraint[] {
  if (roleOf(nodeId) === 'controller') return [];
  const reading = readConstraints(options.service.placement_constraint);
  assert(reading.type === 'valid', 'a stored constraint was valid when it was stored');
  return reading.constraints;
}

/** The instance stays; its container instance may have registered anew. */
function keepHost(goal: NodeGoal, decided: NodeHost, hosts: readonly Host[]): Place {
  const host = hosts.find(({ instanceId }) => instanceId === decided.instanceId);
  if (host?.agentConnected === true && host.status === 'ACTIVE') return { type: 'kept', host: nodeHost(host) };
  const outcome = keptHostOutcome(decided, host);
  return { type: 'wait', reason: { type: 'capacity', role: roleOf(goal.nodeId), hosts: [outcome], registered: 1 } };
}

export function nodeHost(host: Host): NodeHost {
  const { instanceId, containerInstanceArn, address, zone } = host;
  return { instanceId, containerInstanceArn, address, zone };
}

function volumeOf(goal: NodeGoal, config: ServiceConfig, host: NodeHost): NodeVolume {
  return (
    goal.volume ?? {
      generation: 1,
      zone: host.zone,
      sizeGiB: Math.ceil(optionsOf(config, goal.nodeId).disk / mibPerGib),
      fileSystemMade: false,
      kafkaFormatted: false,
    }
  );
}
