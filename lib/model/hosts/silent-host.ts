import { isGone } from '../broker/gone-host.ts';
import type { NodeGoal, ServiceState } from '../state.ts';
import type { HostSeen } from './records.ts';

/** Agents are out of touch several times an hour for a moment. Source: ECS developer guide, container instance events. */
export const silenceMs = 60_000;

type SilentHost = HostSeen & { readonly silentSince: number };

/**
 * A host whose agent has been out of touch for longer than a moment, while EC2 does not say that the host ended; undefined
 * for any other. Whether its processes live nobody knows. `now`: epoch milliseconds.
 */
export function silentHost(
  state: Pick<ServiceState, 'hostsSeen' | 'goneHosts'>,
  instanceId: string | undefined,
  now: number,
): SilentHost | undefined {
  const seen = state.hostsSeen.find((candidate) => candidate.instanceId === instanceId);
  if (seen?.silentSince === undefined || seen.stoppedSince !== undefined) return undefined;
  if (now - seen.silentSince < silenceMs || isGone(state, instanceId)) return undefined;
  return { ...seen, silentSince: seen.silentSince };
}

/** The same host of a node. Where the node was started since, the agent was in touch again, and the next look sees it. */
export function silentHostOf(state: ServiceState, { host, launch }: NodeGoal, now: number): SilentHost | undefined {
  const silent = silentHost(state, host?.instanceId, now);
  return silent !== undefined && (launch?.requestedAt ?? 0) < silent.silentSince ? silent : undefined;
}

/** The nodes of a service on hosts that are out of touch. */
export function nodesOnSilentHosts(state: ServiceState, now: number): readonly NodeGoal[] {
  return state.goals.filter((goal) => goal.attempt > 0 && silentHostOf(state, goal, now) !== undefined);
}
