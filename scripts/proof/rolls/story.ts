import { brokerIds, controllerIds } from '../../../lib/model/node.ts';
import type { ExecutionHistories } from '../../bench/execution-histories.ts';
import type { Cluster, NodeStart } from './cluster.ts';
import type { Findings } from './findings.ts';
import type { Load } from './load/load.ts';
import type { Service } from './service.ts';

export const brokers = brokerIds(3);
export const controllers = controllerIds(3);

/** What a chapter works with. The load runs on `service` from before the first chapter until after the last one. */
export interface Story {
  readonly cluster: Cluster;
  readonly service: Service;
  readonly load: Load;
  readonly histories: ExecutionHistories;
  readonly findings: Findings;
  /** How long the chapter `throttled` holds the replica back. */
  readonly throttledSeconds: number;
  /** A whole number that no earlier call gave: each update is a change. */
  readonly fresh: () => number;
}

export interface Chapter {
  readonly name: string;
  /** What it shows, in one line of the report. */
  readonly title: string;
  /** It ends or holds more than clients can do without: records may fail in it, and none may be lost. */
  readonly mayFail?: true;
  readonly run: (story: Story) => Promise<void>;
}

/** Values of the section `kafka` of an options document, for example `{ log_retention_ms: 3600000 }`. */
export type KafkaOptions = Readonly<Record<string, string | number>>;

/** A read-only property that only brokers read. Around Kafka's default of 3000 ms. */
export function brokersOnly(story: Pick<Story, 'fresh'>): { readonly kafka: KafkaOptions } {
  return { kafka: { group_initial_rebalance_delay_ms: 2000 + story.fresh() } };
}

/** A read-only property that the controllers read too. Around Warden's default of 9000 ms. */
export function brokersAndControllers(story: Pick<Story, 'fresh'>): { readonly kafka: KafkaOptions } {
  return { kafka: { broker_session_timeout_ms: 9000 + story.fresh() } };
}

/** How often each node was started. */
export function countStarts(starts: readonly NodeStart[]): Readonly<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (const { nodeId } of starts) counts[nodeId] = (counts[nodeId] ?? 0) + 1;
  return counts;
}

/** Checks how often each node of the service was started since a moment; a node that is not named was started never. */
export async function checkStarts(
  { service, findings }: Pick<Story, 'service' | 'findings'>,
  sinceMs: number,
  wanted: Readonly<Record<number, number>>,
): Promise<void> {
  const counts = countStarts(await service.starts(sinceMs));
  const ids = new Set([...Object.keys(counts), ...Object.keys(wanted)].map(Number));
  const isAsWanted = [...ids].every((id) => (counts[id] ?? 0) === (wanted[id] ?? 0));
  findings.check(`starts of each node: ${JSON.stringify(wanted)}`, isAsWanted, counts);
}

/** Each of the nodes once. */
export function once(nodeIds: readonly number[]): Readonly<Record<number, number>> {
  return Object.fromEntries(nodeIds.map((nodeId) => [nodeId, 1]));
}
