import type { NodeStart } from './cluster.ts';

/** A time in which a node was away: from the end of one process, asked for or not, until its next one was in sync. */
export interface DownTime {
  readonly nodeId: number;
  readonly from: number;
  /** Infinity when it was never seen in sync again. */
  readonly to: number;
}

/** When a node was found in sync, in epoch milliseconds. */
export interface InSync {
  readonly nodeId: number;
  readonly at: number;
}

/** The times between the processes of each node, by what ECS tells of starts and stops and Warden of their end. */
export function downTimes(starts: readonly NodeStart[], inSync: readonly InSync[]): readonly DownTime[] {
  const byNode = Map.groupBy(starts, ({ nodeId }) => nodeId);
  return [...byNode].flatMap(([nodeId, own]) => {
    const sorted = own.toSorted((a, b) => a.startedAt - b.startedAt);
    return sorted.flatMap(({ stoppingAt }, index) => {
      const next = sorted[index + 1];
      if (next === undefined || stoppingAt === undefined) return [];
      const ends = inSync.filter((seen) => seen.nodeId === nodeId && seen.at >= next.startedAt).map(({ at }) => at);
      return [{ nodeId, from: stoppingAt, to: Math.min(Number.POSITIVE_INFINITY, ...ends) }];
    });
  });
}

/** Pairs of nodes that were down at the same time. */
export function downTogether(times: readonly DownTime[]): readonly (readonly [DownTime, DownTime])[] {
  return times.flatMap((one, index) =>
    times
      .slice(index + 1)
      .filter((other) => other.nodeId !== one.nodeId && other.from < one.to && one.from < other.to)
      .map((other) => [one, other] as const),
  );
}
