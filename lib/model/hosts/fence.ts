import { isGone } from '../broker/gone-host.ts';
import { mayStillRun } from '../broker/may-still-run.ts';
import { replacementSettings } from '../broker/replacement-settings.ts';
import { isWantedDown } from '../is-wanted-down.ts';
import { podName } from '../node.ts';
import type { ServiceConfig } from '../service/config.ts';
import type { ServiceState } from '../state.ts';
import { type HostedNode, nodesOn } from './hosted-node.ts';
import type { HostFence } from './records.ts';
import { silentHost } from './silent-host.ts';

/** The wish that a host ends, which has not ended yet. */
export function openFence(
  states: readonly Pick<ServiceState, 'fences' | 'goneHosts'>[],
  instanceId: string,
): HostFence | undefined {
  if (states.some((state) => isGone(state, instanceId))) return undefined;
  return fencesAt(states, instanceId)[0];
}

/** The wishes that a host ends, of all services. */
export function fencesAt(states: readonly Pick<ServiceState, 'fences'>[], instanceId: string): readonly HostFence[] {
  return states.flatMap(({ fences }) => fences.filter((fence) => fence.instanceId === instanceId));
}

/**
 * The nodes that live on a host that is in touch: its end would end them, and it needs none, for they can be moved away
 * one after another. Of a host that is out of touch nobody can stop anything: an operator decides.
 */
export function nodesInTheWay(states: readonly ServiceState[], instanceId: string, now: number): readonly HostedNode[] {
  if (states.some((state) => silentHost(state, instanceId, now) !== undefined)) return [];
  return nodesOn(states, instanceId, now).filter(({ life }) => life !== 'dead');
}

/** What Kafka said is believed for so long: a sweep asks all services of a host within it. */
const witnessValidMs = 2 * 60_000;

export type AutomaticFence =
  | { readonly type: 'fence'; readonly why: string }
  /** Why not: a person decides, or a later sweep. */
  | { readonly type: 'none'; readonly why: string };

/**
 * Whether Warden may end a host by itself: every service with nodes there allows replacements, its agent has been out of touch
 * for longer than the longest of their grace periods, and each node there is dead by what Kafka has just said. A service
 * that is wanted down has no say in it once its nodes there have ended: its Kafka tells nothing, and nobody misses the host.
 * `now`: epoch milliseconds.
 */
export function automaticFence(
  services: readonly { readonly state: ServiceState; readonly config: ServiceConfig }[],
  instanceId: string,
  now: number,
): AutomaticFence {
  const all = services.filter(({ state }) => state.goals.some(({ host }) => host?.instanceId === instanceId));
  const there = all.filter(({ state }) => !isWantedDown(state.wish));
  const forbids = there
    .filter(({ config }) => !replacementSettings(config).isEnabled)
    .map(({ state }) => state.target.service);
  if (all.length === 0) return { type: 'none', why: 'no node of any service is there' };
  if (there.length === 0) return { type: 'none', why: 'no node of a service that is to run is there' };
  const goingDown = all.flatMap(({ state }) => (isWantedDown(state.wish) ? nodesYetToEnd(state, instanceId) : []));
  if (goingDown.length > 0) return { type: 'none', why: `not known to be dead: ${goingDown.join(', ')}` };
  if (forbids.length > 0) return { type: 'none', why: `enable_replacement is off for ${forbids.join(', ')}` };
  const silences = there.map(({ state }) => silentHost(state, instanceId, now)?.silentSince);
  // Each service has looked for itself; the latest finding is the safe one.
  if (silences.includes(undefined)) return { type: 'none', why: 'its agent is in touch' };
  const since = Math.max(...silences.map((silentSince) => silentSince ?? now));
  const graceMs = Math.max(...there.map(({ config }) => replacementSettings(config).graceMs));
  const graceSeconds = graceMs / 1000;
  if (now - since < graceMs) return { type: 'none', why: `it is out of touch for less than ${graceSeconds} s` };
  const states = there.map(({ state }) => state);
  const stale = states.filter(({ witness }) => witness === undefined || now - witness.askedAt > witnessValidMs);
  if (stale.length > 0) return { type: 'none', why: 'Kafka was not asked a moment ago' };
  const nodes = nodesOn(states, instanceId, now);
  const others = nodes.filter(({ life }) => life !== 'dead').map(({ service, pod }) => `${service}/${pod}`);
  if (others.length > 0) return { type: 'none', why: `not known to be dead: ${others.join(', ')}` };
  const dead = nodes.map(({ service, pod }) => `${service}/${pod}`).join(', ');
  const silence = `its agent is out of touch since ${new Date(since).toISOString()}`;
  return { type: 'fence', why: `${silence}, longer than ${graceSeconds} s, and ${dead} are dead by Kafka's witness` };
}

/** Of a service that is wanted down: no end of theirs is proven yet, and its Kafka is no witness any more. */
function nodesYetToEnd(state: ServiceState, instanceId: string): readonly string[] {
  return state.goals
    .filter((goal) => goal.host?.instanceId === instanceId && mayStillRun(state, goal))
    .map(({ nodeId }) => `${state.target.service}/${podName(nodeId)}`);
}

/** The wish that a host ends, for each service of these nodes. */
export function fencesOf(nodes: readonly HostedNode[], wish: Omit<HostFence, 'service'>): readonly HostFence[] {
  return [...new Set(nodes.map(({ service }) => service))].map((service) => ({ ...wish, service }));
}
