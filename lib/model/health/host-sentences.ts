import { isGone } from '../broker/gone-host.ts';
import type { HostSeen } from '../hosts/records.ts';
import { podName } from '../node.ts';
import type { ServiceState } from '../state.ts';
import { refusalSentence } from '../waiting-reason.ts';

/** Agents are out of touch several times an hour for a moment. Source: ECS developer guide, container instance events. */
const silenceMs = 5 * 60_000;

/** What an operator should know of the hosts that nodes of a service are on. `now`: epoch milliseconds. */
export function hostSentences(state: ServiceState, now: number): readonly string[] {
  return state.hostsSeen.flatMap((host) => {
    const pods = state.goals
      .filter((goal) => goal.host?.instanceId === host.instanceId)
      .map((goal) => podName(goal.nodeId));
    if (pods.length === 0 || isGone(state, host.instanceId)) return [];
    return [...sentencesOf(host, pods.join(', '), now), ...refusedEnd(state, host.instanceId)];
  });
}

/** Somebody wants the host to end, and EC2 does not end it. */
function refusedEnd({ fences }: ServiceState, instanceId: string): readonly string[] {
  const fence = fences.find((candidate) => candidate.instanceId === instanceId);
  if (fence?.refused === undefined) return [];
  return [`${fence.requestedBy} has host ${instanceId} terminated: ${refusalSentence(fence.refused)}`];
}

function sentencesOf(host: HostSeen, pods: string, now: number): readonly string[] {
  const { instanceId, status, silentSince, stoppedSince } = host;
  if (stoppedSince !== undefined)
    return [`EC2 has stopped host ${instanceId}: it has ${pods}, which move when it does not come back soon`];
  if (silentSince !== undefined && now - silentSince >= silenceMs) {
    const since = new Date(silentSince).toISOString();
    const until = `nothing of it moves before the host is back, or EC2 has ended it; "warden host fence ${instanceId}" does that`;
    return [`host ${instanceId} has not been heard of since ${since}: it has ${pods}; ${until}`];
  }
  return status === 'DRAINING' ? [`host ${instanceId} drains: it has ${pods}, moved away one after another`] : [];
}
