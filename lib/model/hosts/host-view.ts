import { stoppedSince } from '../broker/stopped-host.ts';
import type { ServiceState } from '../state.ts';
import { openFence } from './fence.ts';
import { type HostedNode, nodesOn } from './hosted-node.ts';
import type { HostFence } from './records.ts';

/** A host that nodes of services are on, as the newest sweep saw it. Times in epoch milliseconds. */
export interface HostView {
  readonly instanceId: string;
  readonly zone: string;
  /** As ECS says it; terminated and stopped as EC2 says it; unknown until a sweep has looked. */
  readonly status: string;
  readonly agent: 'connected' | 'out of touch' | 'unknown';
  /** Since when the agent is out of touch, or the host is stopped or gone. */
  readonly since?: number;
  readonly nodes: readonly HostedNode[];
  readonly fence?: HostFence;
}

/** All hosts that nodes are on, by zone and id. `now`: epoch milliseconds. */
export function viewHosts(states: readonly ServiceState[], now: number): readonly HostView[] {
  const hosts = new Map(
    states.flatMap(({ goals }) => goals.flatMap(({ host }) => (host === undefined ? [] : [[host.instanceId, host]]))),
  );
  return [...hosts.values()]
    .map(({ instanceId, zone }) => ({
      instanceId,
      zone,
      ...sightOf(states, instanceId),
      ...more(states, instanceId, now),
    }))
    .sort((one, other) => `${one.zone} ${one.instanceId}`.localeCompare(`${other.zone} ${other.instanceId}`));
}

function more(states: readonly ServiceState[], instanceId: string, now: number): Pick<HostView, 'nodes' | 'fence'> {
  const fence = openFence(states, instanceId);
  return { nodes: nodesOn(states, instanceId, now), ...(fence === undefined ? {} : { fence }) };
}

function sightOf(states: readonly ServiceState[], instanceId: string): Pick<HostView, 'status' | 'agent' | 'since'> {
  const gone = states.flatMap(({ goneHosts }) => goneHosts).find((host) => host.instanceId === instanceId);
  if (gone !== undefined) return { status: 'terminated', agent: 'out of touch', since: gone.seenAt };
  const state = states.find(({ hostsSeen }) => hostsSeen.some((host) => host.instanceId === instanceId));
  const seen = state?.hostsSeen.find((host) => host.instanceId === instanceId);
  if (state === undefined || seen === undefined) return { status: 'unknown', agent: 'unknown' };
  const stopped = stoppedSince(state, instanceId);
  if (stopped !== undefined) return { status: 'stopped', agent: 'out of touch', since: stopped };
  if (seen.silentSince === undefined) return { status: seen.status, agent: 'connected' };
  return { status: seen.status, agent: 'out of touch', since: seen.silentSince };
}
