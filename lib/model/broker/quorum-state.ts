import type { NodeId } from '../node.ts';

/** A voter or observer as the quorum's leader sees it; -1 = unknown. */
interface QuorumMember {
  readonly id: NodeId;
  readonly directoryId: string;
  readonly lastFetchTimestamp: number;
  readonly lastCaughtUpTimestamp: number;
}

/** A quorum that has a leader. */
export interface QuorumState {
  readonly leaderId: NodeId;
  readonly voters: readonly QuorumMember[];
  readonly observers: readonly QuorumMember[];
}

/** controller.quorum.fetch.timeout.ms: a voter that has not caught up within it does not count. */
const caughtUpWithinMs = 2000;

/** Whether a voter leads or was level with the leader a moment ago, by the leader's own clock. */
export function hasCaughtUp(quorum: QuorumState, nodeId: NodeId): boolean {
  const voter = quorum.voters.find(({ id }) => id === nodeId);
  if (voter === undefined) return false;
  if (voter.id === quorum.leaderId) return true;
  const newestMs = Math.max(...quorum.voters.map(({ lastCaughtUpTimestamp }) => lastCaughtUpTimestamp));
  return voter.lastCaughtUpTimestamp >= 0 && newestMs - voter.lastCaughtUpTimestamp < caughtUpWithinMs;
}

/**
 * Whether what the leader knows of a voter is of the process that was started then: for two seconds a restarted
 * controller counts as level by what its former process fetched. The leader itself does not fetch. Epoch milliseconds,
 * by the leader's clock and ours.
 */
export function hasFetchedSince(quorum: QuorumState, nodeId: NodeId, startedAt: number): boolean {
  const voter = quorum.voters.find(({ id }) => id === nodeId);
  return voter !== undefined && (voter.id === quorum.leaderId || voter.lastFetchTimestamp >= startedAt);
}

/** Many times controller.quorum.fetch.timeout.ms: by then a follower that lives has asked again. */
const fetchesWithinMs = 15_000;

/** Whether the leader has heard of the node lately, broker or controller, by its own clock, which its own entry tells. */
export function isHeardOf({ leaderId, voters, observers }: QuorumState, nodeId: NodeId): boolean {
  const all = [...voters, ...observers];
  const newest = (of: typeof all) => Math.max(-1, ...of.map(({ lastFetchTimestamp }) => lastFetchTimestamp));
  const fetched = newest(all.filter(({ id }) => id === nodeId));
  const now = newest(all.filter(({ id }) => id === leaderId));
  return nodeId === leaderId || (fetched >= 0 && now - fetched <= fetchesWithinMs);
}

/**
 * The directory of a node that is not yet a voter with it: of its observer entries the one that fetched last, because those
 * of replaced disks stay listed for five minutes. Beside a voter of its id only one that has fetched since the voter did: the
 * voter that fetches is the node, and what else is listed is a disk that it had before. Source: proved equal to
 * meta.properties; Kafka, LeaderState, OBSERVER_SESSION_TIMEOUT_MS.
 */
export function observedDirectory(quorum: QuorumState, nodeId: NodeId): string | undefined {
  if (nodeId === quorum.leaderId) return undefined;
  const voter = quorum.voters.find(({ id }) => id === nodeId);
  const entries = quorum.observers.filter(
    ({ id, lastFetchTimestamp }) =>
      id === nodeId && (voter === undefined || lastFetchTimestamp > voter.lastFetchTimestamp),
  );
  return entries.sort((left, right) => right.lastFetchTimestamp - left.lastFetchTimestamp)[0]?.directoryId;
}
