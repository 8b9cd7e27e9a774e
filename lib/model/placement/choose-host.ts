import type { Host } from './host.ts';
import { boundedOutcomes, failedRules, type HostOutcome } from './host-outcome.ts';
import type { HostPromise } from './host-promise.ts';
import type { HostRule, Neighbour, NodeNeeds } from './host-rule.ts';
import { agentIsConnected } from './rules/agent-is-connected.ts';
import { constraintsHold } from './rules/constraints-hold.ts';
import { cpuIsFree } from './rules/cpu-is-free.ts';
import { hostIsActive } from './rules/host-is-active.ts';
import { hostIsInTheZoneOfTheVolume } from './rules/host-is-in-the-zone-of-the-volume.ts';
import { memoryIsFree } from './rules/memory-is-free.ts';
import { portsAreFree } from './rules/ports-are-free.ts';
import { volumeCanBeAttached } from './rules/volume-can-be-attached.ts';

export type Choice =
  | { readonly type: 'chosen'; readonly host: Host }
  | { readonly type: 'none'; readonly hosts: readonly HostOutcome[]; readonly registered: number };

export interface ChoiceInput {
  readonly hosts: readonly Host[];
  readonly needs: NodeNeeds;
  /** Of all other nodes, those of other services too. */
  readonly promises: readonly HostPromise[];
  readonly neighbours: readonly Neighbour[];
}

/**
 * Among the hosts on which every rule passes: the zone with the fewest neighbours, in it the host with the fewest
 * neighbours, then the one with the most free memory, then the first zone and lowest id. Otherwise what the rules say
 * of each host, bounded.
 */
export function chooseHost(input: ChoiceInput): Choice {
  const judged = input.hosts.map((host) => ({ host, outcome: judge(host, input) }));
  const possible = judged.filter(({ outcome }) => failedRules(outcome).length === 0).map(({ host }) => host);
  const [best] = possible.sort((left, right) => compareHosts(left, right, input.neighbours));
  if (best !== undefined) return { type: 'chosen', host: best };
  return { type: 'none', hosts: boundedOutcomes(judged.map(({ outcome }) => outcome)), registered: judged.length };
}

/** All rules of placement, each in the file of its name, in the order in which their outcomes are shown. */
const rules: readonly HostRule[] = [
  hostIsActive,
  agentIsConnected,
  hostIsInTheZoneOfTheVolume,
  constraintsHold,
  cpuIsFree,
  memoryIsFree,
  portsAreFree,
  volumeCanBeAttached,
];

function judge(host: Host, { needs, promises, neighbours }: ChoiceInput): HostOutcome {
  const promised = promises.filter(({ instanceId }) => instanceId === host.instanceId);
  const hostCase = { host, needs, promised, neighbours };
  return { instanceId: host.instanceId, zone: host.zone, rules: rules.flatMap((rule) => rule(hostCase)) };
}

function compareHosts(left: Host, right: Host, neighbours: readonly Neighbour[]): number {
  const inZone = (host: Host) => neighbours.filter((neighbour) => neighbour.zone === host.zone).length;
  const onHost = (host: Host) => neighbours.filter((neighbour) => neighbour.instanceId === host.instanceId).length;
  return (
    inZone(left) - inZone(right) ||
    onHost(left) - onHost(right) ||
    right.freeMemoryMiB - left.freeMemoryMiB ||
    left.zone.localeCompare(right.zone) ||
    left.instanceId.localeCompare(right.instanceId)
  );
}
