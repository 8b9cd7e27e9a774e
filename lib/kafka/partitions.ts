import { isDeepStrictEqual } from 'node:util';
import type { KafkaPartition } from '../ports/kafka-admin.ts';
import { askNodes, failureOf, type Nodes } from './ask-nodes.ts';
import { type PartitionSighting, sightPartitions } from './sight-partitions.ts';

/** One broker may lag behind or be cut off; three that do so alike are not expected. More would only cost bytes. */
const witnesses = 3;

/** See the port: up to three brokers are asked, and whatever one of them doubts does not count. */
export async function readPartitions(nodes: Nodes): Promise<readonly KafkaPartition[]> {
  const plan = { ...nodes, atOnce: witnesses, enough: witnesses, graceMs: 0 };
  const { answered, silent } = await askNodes(plan, (connection) => sightPartitions(connection));
  if (answered.length === 0) throw failureOf(silent);
  return mergePartitions(answered.map(({ value }) => value));
}

/** One picture out of several, at least one, sorted by topic and partition. */
export function mergePartitions(sightings: readonly (readonly PartitionSighting[])[]): readonly KafkaPartition[] {
  const byPlace = new Map<string, PartitionSighting[]>();
  for (const partition of sightings.flat()) {
    // A topic's name has no slash.
    const place = `${partition.topic}/${partition.partition}`;
    const seen = byPlace.get(place);
    if (seen === undefined) byPlace.set(place, [partition]);
    else seen.push(partition);
  }
  return [...byPlace.values()].flatMap((seen) => mergeSeen(seen, sightings.length)).sort(byTopicAndPartition);
}

function mergeSeen(seen: readonly PartitionSighting[], witnessCount: number): readonly KafkaPartition[] {
  const [first, ...others] = seen;
  if (first === undefined) return [];
  const settled = seen.length === witnessCount && others.every((other) => isSamePartition(first, other));
  if (settled) return [{ ...first, settled }];
  return [
    {
      ...first,
      leader: others.every(({ leader }) => leader === first.leader) ? first.leader : null,
      isr: first.isr.filter((id) => others.every((other) => other.isr.includes(id))),
      offline: [...new Set(seen.flatMap(({ offline }) => offline))],
      elr: first.elr?.filter((id) => others.every((other) => other.elr?.includes(id))) ?? null,
      minIsr: Math.max(...seen.map(({ minIsr }) => minIsr)),
      settled,
    },
  ];
}

/** The order of the ISR carries no meaning, that of the replicas does. */
function isSamePartition(left: PartitionSighting, right: PartitionSighting): boolean {
  return isDeepStrictEqual(withSortedSets(left), withSortedSets(right));
}

function withSortedSets(partition: PartitionSighting): PartitionSighting {
  const { isr, offline, elr } = partition;
  return { ...partition, isr: sorted(isr), offline: sorted(offline), elr: elr === null ? null : sorted(elr) };
}

function sorted(ids: readonly number[]): readonly number[] {
  return ids.toSorted((left, right) => left - right);
}

function byTopicAndPartition(left: KafkaPartition, right: KafkaPartition): number {
  if (left.topic !== right.topic) return left.topic < right.topic ? -1 : 1;
  return left.partition - right.partition;
}
