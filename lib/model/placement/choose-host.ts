import type { HostRefusal } from '../waiting-reason.ts';
import type { Host } from './host.ts';

/** What a node needs of a host. */
export interface NodeNeeds {
  readonly cpuUnits: number;
  readonly memoryMiB: number;
  readonly ports: readonly number[];
  /** The zone of its volume; absent while it has none. */
  readonly zone?: string;
}

/** What was decided for other nodes but is not yet taken from ECS's counts. */
export interface Commitment {
  readonly instanceId: string;
  /** Its volume, once it has one: attached to the host it takes no further slot. */
  readonly volumeId?: string;
  readonly cpuUnits: number;
  readonly memoryMiB: number;
  readonly ports: readonly number[];
}

/** Where the other nodes of the same role and service are: zones are spread by them. */
export interface Neighbour {
  readonly instanceId: string;
  readonly zone: string;
}

export type Choice =
  | { readonly type: 'chosen'; readonly host: Host }
  | { readonly type: 'none'; readonly refusals: readonly HostRefusal[] };

export interface ChoiceInput {
  readonly hosts: readonly Host[];
  readonly needs: NodeNeeds;
  readonly commitments: readonly Commitment[];
  readonly neighbours: readonly Neighbour[];
}

/**
 * Among the hosts that can take the node: the zone with the fewest neighbours, in it the host with the fewest
 * neighbours, then the one with the most free memory, then the first zone and lowest id. Otherwise each host's reasons.
 */
export function chooseHost(input: ChoiceInput): Choice {
  const judged = input.hosts.map((host) => ({ host, reasons: refusalReasons(host, input) }));
  const possible = judged.filter(({ reasons }) => reasons.length === 0).map(({ host }) => host);
  const [best] = possible.sort((left, right) => compareHosts(left, right, input.neighbours));
  if (best !== undefined) return { type: 'chosen', host: best };
  return {
    type: 'none',
    refusals: judged.map(({ host, reasons }) => ({ instanceId: host.instanceId, zone: host.zone, reasons })),
  };
}

function refusalReasons(host: Host, input: ChoiceInput): string[] {
  const { needs } = input;
  const committed = input.commitments.filter((commitment) => commitment.instanceId === host.instanceId);
  const freeCpuUnits = host.freeCpuUnits - sum(committed.map((commitment) => commitment.cpuUnits));
  const freeMemoryMiB = host.freeMemoryMiB - sum(committed.map((commitment) => commitment.memoryMiB));
  const usedPorts = [...host.usedPorts, ...committed.flatMap((commitment) => commitment.ports)];
  const takenPorts = needs.ports.filter((port) => usedPorts.includes(port));
  const reasons: string[] = [];
  if (host.status !== 'ACTIVE') reasons.push(`is ${host.status}`);
  if (!host.agentConnected) reasons.push('has no connected agent');
  if (needs.zone !== undefined && host.zone !== needs.zone)
    reasons.push(`is not in ${needs.zone}, where the volume is`);
  if (freeCpuUnits < needs.cpuUnits) reasons.push(`has ${freeCpuUnits} free CPU units, needs ${needs.cpuUnits}`);
  if (freeMemoryMiB < needs.memoryMiB) reasons.push(`has ${freeMemoryMiB} MiB free memory, needs ${needs.memoryMiB}`);
  if (takenPorts.length > 0) reasons.push(`has port ${takenPorts.join(', ')} in use`);
  const slots = committed.filter(({ volumeId }) => volumeId === undefined || !host.volumeIds.includes(volumeId)).length;
  if (host.freeVolumeSlots - slots < 1) reasons.push('has no free slot for a volume');
  return reasons;
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

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
