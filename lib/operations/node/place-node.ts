import { strict as assert } from 'node:assert';
import { optionsOf } from '../../model/broker/node-task.ts';
import { type NodeId, roleOf } from '../../model/node.ts';
import { chooseHost } from '../../model/placement/choose-host.ts';
import type { Host } from '../../model/placement/host.ts';
import { failedRules } from '../../model/placement/host-outcome.ts';
import { keptHostOutcome } from '../../model/placement/kept-host.ts';
import { type PlacementConstraint, readConstraints } from '../../model/placement/placement-constraint.ts';
import type { ServiceConfig } from '../../model/service/config.ts';
import type { NodeGoal, NodeHost, NodeVolume } from '../../model/state.ts';
import type { WaitingReason } from '../../model/waiting-reason.ts';
import type { Hosts } from '../../ports/hosts.ts';
import { capacityReason } from './capacity-reason.ts';
import { needsOf, neighboursOf, promiseOf, promisesAround } from './node-needs.ts';
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
 * Decides the host of a node and the zone and size of its volume. A node keeps its host, and is promised what its config
 * needs now, no more and no less: more than it was placed for only when the host has it. A controller takes the host of the common decision. Waits with a token while no
 * host can take it. Idempotent.
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
  const host = nodeHost(place.on);
  const goal = { ...node.goal, host, volume: volumeOf(node.goal, config, host) };
  if (place.type === 'as promised') {
    const stored = await storeGoal(ports, node, goal);
    return isStepResult(stored) ? stored : done;
  }
  const promise = promiseOf(config, goal.nodeId, place.on);
  const { version } = place;
  return (await ports.store.placeNode({ goal, lease: node.lease, promise, version })) ? done : changedMeanwhile;
}

type Place =
  /** It keeps its host, which has promised what the node needs. */
  | { readonly type: 'as promised'; readonly on: Host }
  | { readonly type: 'to promise'; readonly on: Host; readonly version: number }
  | { readonly type: 'wait'; readonly reason: WaitingReason };

function placeOf(node: HeldNode, config: ServiceConfig, room: RoomOnHosts): Place {
  const { goal, state } = node;
  const { hosts, promises, version } = room;
  const decided = goal.host ?? state.controllerHosts?.hosts.find(({ nodeId }) => nodeId === goal.nodeId)?.host;
  if (decided !== undefined) return keepHost(goal, decided, { ...room, config });
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
  return { type: 'to promise', on: choice.host, version };
}

/** Brokers are constrained; controllers are small and share their hosts. */
function constraintsOf({ options }: ServiceConfig, nodeId: NodeId): readonly PlacementConstraint[] {
  if (roleOf(nodeId) === 'controller') return [];
  const reading = readConstraints(options.service.placement_constraint);
  assert(reading.type === 'valid', 'a stored constraint was valid when it was stored');
  return reading.constraints;
}

/** The instance stays; its container instance may have registered anew, and the node may need other resources of it. */
function keepHost(
  { service, nodeId }: NodeGoal,
  decided: NodeHost,
  { hosts, promises, version, config }: RoomOnHosts & { readonly config: ServiceConfig },
): Place {
  const host = hosts.find(({ instanceId }) => instanceId === decided.instanceId);
  const around = promisesAround(promises, { service, nodeId, host: decided });
  const needs = needsOf(config, nodeId);
  const { own, promised } = around;
  const outcome = keptHostOutcome(decided, host, { needs, own: own?.placedFor ?? own, promised });
  if (host === undefined || failedRules(outcome).length > 0) {
    return { type: 'wait', reason: capacityReason(nodeId, outcome) };
  }
  const isPromised =
    own?.cpuUnits === needs.cpuUnits && own.memoryMiB === needs.memoryMiB && own.placedFor === undefined;
  return isPromised ? { type: 'as promised', on: host } : { type: 'to promise', on: host, version };
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
