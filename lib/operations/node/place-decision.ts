import { strict as assert } from 'node:assert';
import { isGone } from '../../model/broker/gone-host.ts';
import { mayLeaveHost } from '../../model/broker/may-leave-host.ts';
import { openReplacement } from '../../model/broker/open-replacement.ts';
import { triesAreUsedUp } from '../../model/broker/standing-failures.ts';
import { type NodeId, roleOf } from '../../model/node.ts';
import type { NodeReplacement } from '../../model/node-wish.ts';
import { chooseHost } from '../../model/placement/choose-host.ts';
import type { Host } from '../../model/placement/host.ts';
import { failedRules, type HostOutcome } from '../../model/placement/host-outcome.ts';
import { isFoundOnlyHere } from '../../model/placement/is-found-only-here.ts';
import { keptHostOutcome } from '../../model/placement/kept-host.ts';
import { type PlacementConstraint, readConstraints } from '../../model/placement/placement-constraint.ts';
import { volumeCanBeAttached } from '../../model/placement/rules/volume-can-be-attached.ts';
import { whyItLeaves } from '../../model/placement/why-it-leaves.ts';
import type { ServiceConfig } from '../../model/service/config.ts';
import type { NodeGoal, NodeHost } from '../../model/state.ts';
import type { LeftHost, WaitingReason } from '../../model/waiting-reason.ts';
import { capacityReason } from './capacity-reason.ts';
import { isPromised, needsOf, neighboursOf, promisesAround } from './node-needs.ts';
import type { HeldNode } from './node-step.ts';
import type { RoomOnHosts } from './room-on-hosts.ts';
import { verdictValidMs } from './verdict-valid.ts';

export type Place =
  /** It keeps its host, which has promised what the node needs. */
  | { readonly type: 'as promised'; readonly on: Host }
  /** `newVolumeBy`: the replacement by which it gets another volume there. */
  | { readonly type: 'to promise'; readonly on: Host; readonly version: number; readonly newVolumeBy?: NodeReplacement }
  /** Kafka has to be asked whether the node may give up its volume. */
  | { readonly type: 'to judge' }
  | { readonly type: 'wait'; readonly reason: WaitingReason };

/** The hosts, what is promised of them, and the config that the node is to run with. */
type RoomForConfig = RoomOnHosts & { readonly config: ServiceConfig };

interface Now {
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Where a node that is held is to be, and with which volume. */
export function placeOf(node: HeldNode, room: RoomForConfig & Now): Place {
  const { goal, state } = node;
  const asked = mayLeaveHost(state, goal) ? openReplacement(state, goal.nodeId) : undefined;
  if (asked === undefined) return ownPlace(node, room);
  return asked.volume === 'keep' ? placeElsewhere(node, room) : placeWithNewVolume(node, asked, room);
}

function decidedHost({ goal, state }: HeldNode): NodeHost | undefined {
  return goal.host ?? state.controllerHosts?.hosts.find(({ nodeId }) => nodeId === goal.nodeId)?.host;
}

/** Where it was, unless it must leave. */
function ownPlace(node: HeldNode, room: RoomForConfig & Now): Place {
  const { goal, state } = node;
  const decided = decidedHost(node);
  const leaves = decided && whyItLeaves(state, goal, { decided, hosts: room.hosts, now: room.now });
  if (decided === undefined || leaves !== undefined) return anotherHost(node, { ...room, leaves });
  const on = room.hosts.find(({ instanceId }) => instanceId === decided.instanceId);
  // Something of the node is at work on a host that drains: the steps after this one see to its end, and start nothing there.
  return on?.status === 'DRAINING' ? { type: 'as promised', on } : keepHost(goal, decided, room);
}

/**
 * On another host, with its volume. It is down: where there is none, or it would not be found there, it rather comes back
 * where it was, if it can.
 */
function placeElsewhere(node: HeldNode, room: RoomForConfig & Now): Place {
  const decided = decidedHost(node);
  const leaves: LeftHost | undefined = decided && { instanceId: decided.instanceId, why: 'replaced' };
  const another = anotherHost(node, { ...room, leaves });
  const isFoundThere = another.type !== 'wait' && !isFoundOnlyHere(node.state, node.goal);
  if (isFoundThere || triesAreUsedUp(node.state, node.goal, room.config.id)) return another;
  const own = ownPlace(node, room);
  return own.type === 'wait' ? another : own;
}

/** With another volume, if a look at Kafka that is not old allows it; else on its own one. */
function placeWithNewVolume(node: HeldNode, asked: NodeReplacement, room: RoomForConfig & Now): Place {
  const { state, goal, lease } = node;
  const verdict = state.verdicts.find(({ nodeId, holder }) => nodeId === goal.nodeId && holder === lease.holder);
  const isFresh = verdict !== undefined && room.now - verdict.judgedAt <= verdictValidMs;
  if (!isFresh || verdict.discard?.times !== asked.times) return { type: 'to judge' };
  const { refusal } = verdict.discard;
  if (refusal === undefined) {
    const elsewhere = hostForNewVolume(node, room);
    if (elsewhere.type === 'to promise') return { ...elsewhere, newVolumeBy: asked };
    const own = ownPlace(node, room);
    return own.type === 'wait' ? elsewhere : own;
  }
  const own = ownPlace(node, room);
  if (own.type !== 'wait' || own.reason.type !== 'capacity') return own;
  return { type: 'wait', reason: { ...own.reason, keepsVolume: refusal } };
}

/** Where a node starts with another volume: where it is, if that host is well; else in its zone; else anywhere. */
export function hostForNewVolume(node: Pick<HeldNode, 'goal' | 'state'>, room: RoomForConfig): Place {
  const { goal, state } = node;
  const own = room.hosts.find(({ instanceId }) => instanceId === goal.host?.instanceId);
  if (own !== undefined && !isGone(state, own.instanceId) && takesVolumeOf(goal, own, room)) {
    return { type: 'to promise', on: own, version: room.version };
  }
  const inZone = anotherHost(node, { ...room, leaves: undefined });
  if (inZone.type !== 'wait') return inZone;
  const { volume: _given, ...anywhere } = goal;
  return anotherHost({ state, goal: anywhere }, { ...room, leaves: undefined });
}

/** It stays beside the old one for a while. */
function takesVolumeOf({ service, nodeId }: NodeGoal, host: Host, { promises, config }: RoomForConfig): boolean {
  const { own, promised } = promisesAround(promises, { service, nodeId, host });
  const needs = needsOf(config, nodeId);
  const kept = keptHostOutcome(host, host, { needs, own: own?.placedFor ?? own, promised });
  const volume = volumeCanBeAttached({ host, needs, promised, neighbours: [] });
  return failedRules({ ...kept, rules: [...kept.rules, ...volume] }).length === 0;
}

/** The best host for a node among those that it may be on, and not the one that it leaves. */
export function anotherHost(
  { goal, state }: Pick<HeldNode, 'goal' | 'state'>,
  room: RoomForConfig & { readonly leaves: LeftHost | undefined },
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
    return { type: 'wait', reason: noHost(goal.nodeId, choice, leaves) };
  }
  return { type: 'to promise', on: choice.host, version };
}

function noHost(
  nodeId: NodeId,
  { hosts, registered }: { readonly hosts: readonly HostOutcome[]; readonly registered: number },
  leaves: LeftHost | undefined,
): WaitingReason {
  const insteadOf = leaves === undefined ? {} : { insteadOf: leaves };
  return { type: 'capacity', role: roleOf(nodeId), hosts, registered, ...insteadOf };
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
  { hosts, promises, version, config }: RoomForConfig,
): Place {
  const host = hosts.find(({ instanceId }) => instanceId === decided.instanceId);
  const around = promisesAround(promises, { service, nodeId, host: decided });
  const needs = needsOf(config, nodeId);
  const { own, promised } = around;
  const outcome = keptHostOutcome(decided, host, { needs, own: own?.placedFor ?? own, promised });
  if (host === undefined || failedRules(outcome).length > 0) {
    return { type: 'wait', reason: capacityReason(nodeId, outcome) };
  }
  return own !== undefined && isPromised(own, needs)
    ? { type: 'as promised', on: host }
    : { type: 'to promise', on: host, version };
}
