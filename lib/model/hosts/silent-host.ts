import { isGone } from '../broker/gone-host.ts';
import type { HostSeen, NodeGoal, ServiceState } from '../state.ts';

/** Agents are out of touch several times an hour for a moment. Source: ECS developer guide, container instance events. */
export const silenceMs = 60_000;

/**
 * A host whose agent has been out of touch for longer than a moment, while EC2 does not say that the host ended; undefined
 * for any other. Whether its processes live nobody knows. `now`: epoch milliseconds.
 */
export function silentHost(
  state: Pick<ServiceState, 'hostsSeen' | 'goneHosts'>,
  instanceId: string | undefined,
  now: number,
): (HostSeen & { readonly silentSince: number }) | undefined {
  const seen = state.hostsSeen.find((candidate) => candidate.instanceId === instanceId);
  if (seen?.silentSince === undefined || seen.stoppedSince !== undefined) return undefined;
  if (now - seen.silentSince < silenceMs || isGone(state, instanceId)) return undefined;
  return { ...seen, silentSince: seen.silentSince };
}

/** The nodes of a service on hosts that are out of touch. */
export function nodesOnSilentHosts(state: ServiceState, now: number): readonly NodeGoal[] {
  return state.goals.filter(
    ({ host, attempt }) => attempt > 0 && silentHost(state, host?.instanceId, now) !== undefined,
  );
}
