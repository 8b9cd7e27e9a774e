import { strict as assert } from 'node:assert';
import { isGone } from '../../model/broker/gone-host.ts';
import { optionsOf } from '../../model/broker/node-task.ts';
import { type NodeId, roleOf } from '../../model/node.ts';
import { chooseHost } from '../../model/placement/choose-host.ts';
import type { Host } from '../../model/placement/host.ts';
import { failedRules } from '../../model/placement/host-outcome.ts';
import { keptHostOutcome } from '../../model/placement/kept-host.ts';
import { type PlacementConstraint, readConstraints } from '../../model/placement/placement-constraint.ts';
import { whyItLeaves } from '../../model/placement/why-it-leaves.ts';
import type { ServiceConfig } from '../../model/service/config.ts';
import type { NodeGoal, NodeHost, NodeVolume } from '../../model/state.ts';
import type { LeftHost, WaitingReason } from '../../model/waiting-reason.ts';
import type { Hosts } from '../../ports/hosts.ts';
import { lookAtHosts } from '../look-at-hosts.ts';
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
import { withWhatIsLost } from './what-is-lost.ts';

type Ports = NodeStepPorts & { readonly hosts: Hosts };

const mibPerGib = 1024;

/**
 * Decides the host of a node and the zone and size of its volume. A node keeps its host, and is promised what its config
 * needs now, no more and no less: more than it was placed for only when the host has it. A controller takes the host of the
 * common decision. A host that is gone, or drains, is left for another one in the zone of the volume, and its promise goes
 * with the decision. Waits with a token while no host can take the node. Idempotent.
 */
export function placeNode(ports: Ports, request: NodeStepRequest): Promise<StepResult> {
  return withHeldNode(ports, request, async (node) => {
    const configId = wantedConfigId(request, node);
    const config = await ports.store.readConfig(node.goal.service, configId);
    assert(config !== undefined, `config ${configId} is kept while its service lives`);
    const first = await lookForPlace(ports, node, config);
    if (first.type !== 'wait') return placed(ports, node, { config, place: first });
    // The token only now, and then one more look: a host that joins meanwhile wakes the step or is seen.
    // Its volume is asked for when there is a host to attach it to.
    const reason = await withWhatIsLost(ports, node, { reason: first.reason, volumeState: 'not asked' });
    await announceWait(ports, request, { reason, awaits: 'capacity' });
    const second = await lookForPlace(ports, node, config);
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
  const goal = { ...node.goal, host, volume: volumeAt(node.goal, config, host) };
  if (place.type === 'as promised') {
    const stored = await storeGoal(ports, node, goal);
    return isStepResult(stored) ? stored : done;
  }
  const promise = promiseOf(config, goal.nodeId, place.on);
  const { version } = place;
  return (await ports.store.placeNode({ goal, lease: node.lease, promise, version })) ? done : changedMeanwhile;
}

export type Place =
  /** It keeps its host, which has promised what the node needs. */
  | { readonly type: 'as promised'; readonly on: Host }
  | { readonly type: 'to promise'; readonly on: Host; readonly version: number }
  | { readonly type: 'wait'; readonly reason: WaitingReason };

/** A host that cannot take its node may be gone, and EC2 says so before any event does. */
async function lookForPlace(ports: Ports, node: HeldNode, config: ServiceConfig): Promise<Place> {
  const { goal, state } = node;
  const room = await readRoomOnHosts(ports);
  const place = placeOf(node, config, room);
  if (place.type !== 'wait') return place;
  const goneHosts = await lookAtHosts(ports, goal.service);
  return goneHosts.length > state.goneHosts.length
    ? placeOf({ ...node, state: { ...state, goneHosts } }, config, room)
    : place;
}

function placeOf(node: HeldNode, config: ServiceConfig, room: RoomOnHosts): Place {
  const { goal, state } = node;
  const decided = goal.host ?? state.controllerHosts?.hosts.find(({ nodeId }) => nodeId === goal.nodeId)?.host;
  const leaves = decided && whyItLeaves(state, goal, { decided, hosts: room.hosts });
  if (decided === undefined || leaves !== undefined) return anotherHost(node, { ...room, config, leaves });
  const on = room.hosts.find(({ instanceId }) => instanceId === decided.instanceId);
  // Something of the node is at work on a host that drains: the steps after this one see to its end, and start nothing there.
  return on?.status === 'DRAINING' ? { type: 'as promised', on } : keepHost(goal, decided, { ...room, config });
}

/** The best host for a node among those that it may be on, and not the one that it leaves. */
export function anotherHost(
  { goal, state }: Pick<HeldNode, 'goal' | 'state'>,
  room: RoomOnHosts & { readonly config: ServiceConfig; readonly leaves: LeftHost | undefined },
): Place {
  const { hosts, promises, version, config, leaves } = room;
  const choice = chooseHost({
    hosts: hosts.filter(({ instanceId }) => instanceId !== leaves?.instanceId && !isGone(state, instanceId)),
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
    const insteadOf = leaves === undefined ? {} : { insteadOf: leaves };
    const role = roleOf(goal.nodeId);
    return { type: 'wait', reason: { type: 'capacity', role, hosts: outcomes, registered, ...insteadOf } };
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

/** A volume that moves is remembered where it was: it may be attached there for a while. */
function volumeAt(goal: NodeGoal, config: ServiceConfig, host: NodeHost): NodeVolume {
  const before = goal.host?.instanceId;
  const volume = goal.volume ?? newVolume(goal, config, host);
  if (before === undefined || before === host.instanceId) return volume;
  const movedFrom = [...(volume.movedFrom ?? []), before].filter((instanceId) => instanceId !== host.instanceId);
  return { ...volume, movedFrom: [...new Set(movedFrom)] };
}

function newVolume({ nodeId }: NodeGoal, config: ServiceConfig, { zone }: NodeHost): NodeVolume {
  const sizeGiB = Math.ceil(optionsOf(config, nodeId).disk / mibPerGib);
  return { generation: 1, zone, sizeGiB, fileSystemMade: false, kafkaFormatted: false };
}
