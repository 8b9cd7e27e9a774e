/** What a client said of one record. Times are epoch milliseconds. */
export interface Answer {
  readonly id: string;
  readonly partition: number;
  readonly isAcknowledged: boolean;
  readonly sentMs: number;
  readonly answeredMs: number;
}

/** What a producer has written down so far. */
export interface ProducerLog {
  /** First letters of its ids: record n is `<client>-<n>`. */
  readonly client: string;
  readonly answers: readonly Answer[];
  /** How many records it had offered when, oldest first. */
  readonly beats: readonly { readonly atMs: number; readonly offered: number }[];
}

/** The records that a producer offered between two moments: numbers from `from` up to but without `to`. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
  readonly from: number;
  readonly to: number;
}

/** What became of the records of one producer in one window. */
export interface Tally {
  readonly offered: number;
  readonly acknowledged: number;
  readonly failed: number;
  /** Neither acknowledged nor given up: only while they are on their way. */
  readonly unanswered: number;
  readonly read: number;
  /** Ids that were acknowledged and never read. */
  readonly lost: readonly string[];
  /** How many acknowledgements came within the window, and of how many partitions. */
  readonly acknowledgedInside: number;
  readonly partitionsInside: number;
  /** How many reads were of an id that had been read before. */
  readonly duplicates: number;
  /** The longest time without an acknowledgement, of the whole topic and of its most patient partition. */
  readonly longestGapMs: number;
  readonly longestPartitionGapMs: number;
}

/** The window between two moments, by the producer's beats; undefined until a beat has come after the end. */
export function windowOf({ beats }: ProducerLog, fromMs: number, toMs: number): Window | undefined {
  const end = beats.find(({ atMs }) => atMs >= toMs);
  if (end === undefined) return undefined;
  const begin = beats.findLast(({ atMs }) => atMs <= fromMs);
  return { fromMs, toMs, from: begin?.offered ?? 0, to: end.offered };
}

/** Counts one producer's records of a window. `reads` are all ids that the consumer has read, each as often as it came. */
export function tally(log: ProducerLog, window: Window, reads: ReadonlyMap<string, number>): Tally {
  const ids = Array.from({ length: window.to - window.from }, (_, index) => `${log.client}-${window.from + index}`);
  const wanted = new Set(ids);
  const answers = log.answers.filter(({ id }) => wanted.has(id));
  const acknowledged = answers.filter(({ isAcknowledged }) => isAcknowledged);
  const readIds = ids.filter((id) => reads.has(id));
  return {
    offered: ids.length,
    acknowledged: acknowledged.length,
    failed: answers.length - acknowledged.length,
    unanswered: ids.length - answers.length,
    read: readIds.length,
    lost: acknowledged.map(({ id }) => id).filter((id) => !reads.has(id)),
    duplicates: readIds.reduce((sum, id) => sum + (reads.get(id) ?? 0) - 1, 0),
    ...insideOf(log.answers, window),
  };
}

/** The window of everything that a producer has offered; from its first beat to its last. */
export function wholeRun({ beats }: ProducerLog): Window {
  return { fromMs: beats[0]?.atMs ?? 0, toMs: beats.at(-1)?.atMs ?? 0, from: 0, to: beats.at(-1)?.offered ?? 0 };
}

/** How many acknowledged records were not read. */
export function unread({ answers }: ProducerLog, reads: ReadonlyMap<string, number>): number {
  return answers.filter(({ id, isAcknowledged }) => isAcknowledged && !reads.has(id)).length;
}

/** Gaps are counted to the edges of the window too: a producer that never comes back has the longest. */
function insideOf(answers: readonly Answer[], { fromMs, toMs }: Window) {
  const inside = answers.filter(
    ({ isAcknowledged, answeredMs }) => isAcknowledged && answeredMs >= fromMs && answeredMs <= toMs,
  );
  const partitions = [...new Set(answers.map(({ partition }) => partition))];
  const times = (of: readonly Answer[]) => of.map(({ answeredMs }) => answeredMs);
  const longest = (of: readonly Answer[]) => longestGap([fromMs, ...times(of), toMs]);
  return {
    acknowledgedInside: inside.length,
    partitionsInside: new Set(inside.map(({ partition }) => partition)).size,
    longestGapMs: longest(inside),
    longestPartitionGapMs: Math.max(
      0,
      ...partitions.map((partition) => longest(inside.filter((answer) => answer.partition === partition))),
    ),
  };
}

function longestGap(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted.reduce((most, time, index) => Math.max(most, time - (sorted[index - 1] ?? time)), 0);
}
