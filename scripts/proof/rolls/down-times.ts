import type { NodeStart } from './cluster.ts';

/** A time in which a node had no process: from the end of one, asked for or not, to the start of the next. */
export interface DownTime {
  readonly nodeId: number;
  readonly from: number;
  readonly to: number;
}

/** The times between the processes of each node. */
export function downTimes(starts: readonly NodeStart[]): readonly DownTime[] {
  const byNode = Map.groupBy(starts, ({ nodeId }) => nodeId);
  return [...byNode].flatMap(([nodeId, own]) => {
    const sorted = own.toSorted((a, b) => a.startedAt - b.startedAt);
    return sorted.flatMap(({ stoppingAt }, index) => {
      const next = sorted[index + 1];
      return next === undefined || stoppingAt === undefined ? [] : [{ nodeId, from: stoppingAt, to: next.startedAt }];
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
