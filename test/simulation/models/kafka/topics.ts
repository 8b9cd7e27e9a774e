import { changeMetadata, follow } from './metadata-change.ts';
import { type Partition, partitionKey, withUncleanLeader } from './partition.ts';
import { commit } from './quorum.ts';
import { recordsAt } from './records.ts';
import type { KafkaWorld, Quorum } from './state.ts';

/** CreateTopics with the cluster's defaults; false when Kafka refuses: nobody leads, too few brokers, or the name is taken. */
export function createTopic(
  world: KafkaWorld,
  quorum: Quorum,
  topic: { readonly name: string; readonly partitions: number },
): boolean {
  const { leader, image } = quorum;
  if (leader === undefined || [...image.partitions.values()].some((known) => known.topic === topic.name)) return false;
  const ready = [...image.registrations.values()].filter(
    ({ fenced, inControlledShutdown }) => !fenced && !inControlledShutdown,
  );
  const brokerIds = ready.map(({ id }) => id).sort((left, right) => left - right);
  // The controller reads the default, not the brokers.
  const { replicationFactor } = leader.configuration;
  if (brokerIds.length < replicationFactor) return false;
  const shift = world.random.below(brokerIds.length);
  const partitions = Array.from({ length: topic.partitions }, (_, partition): [string, Partition] => {
    const replicas = Array.from({ length: replicationFactor }, (__, place) => {
      return brokerIds[(shift + partition + place) % brokerIds.length] ?? 0;
    });
    const place = { topic: topic.name, partition };
    const state = { replicas, isr: replicas, elr: [], lastKnownLeader: null, leader: replicas[0] ?? null };
    return [partitionKey(place), { ...place, ...state, leaderEpoch: 0, minIsr: quorum.minIsr }];
  });
  const before = image.partitions;
  const isCreated = commit(world, quorum, (current) => ({
    ...current,
    partitions: new Map([...current.partitions, ...partitions]),
  }));
  if (isCreated) follow(world, quorum, before);
  return isCreated;
}

/** `kafka-leader-election.sh --election-type UNCLEAN`, by somebody who has looked which replica has the most. */
export function electUnclean(world: KafkaWorld, quorum: Quorum): void {
  changeMetadata(world, quorum, {
    registrations: quorum.image.registrations,
    partitions: (partition, mayLead) =>
      withUncleanLeader(partition, mayLead, (id) => recordsAt(quorum, partitionKey(partition), id)),
  });
}
