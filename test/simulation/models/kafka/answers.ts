import type { ClusterSighting } from '../../../../lib/kafka/describe-cluster.ts';
import { addressText, KafkaUnreachableError } from '../../../../lib/kafka/kafka-errors.ts';
import type { PartitionSighting } from '../../../../lib/kafka/sight-partitions.ts';
import type { KafkaAddress, KafkaAddresses } from '../../../../lib/ports/kafka-admin.ts';
import { partitionKey } from './partition.ts';
import { imageAt } from './quorum.ts';
import { folderOf, type Image, type KafkaWorld, type NodeProcess } from './state.ts';

/** How often a broker's copy of the metadata lags behind, and by how much at most. */
const lagChance = 0.15;
const longestLagMs = 150;

/** The broker that takes clients at an address. */
export function brokerAt(world: KafkaWorld, address: KafkaAddress): NodeProcess | undefined {
  return [...world.processes].find((process) => {
    const listener = process.configuration.brokerListener;
    if (listener === undefined || !process.takesClients) return false;
    const isHost = listener.host === address.host || listener.advertisedHost === address.host;
    return isHost && listener.port === address.port;
  });
}

/** Those that answer, at most so many; @throws KafkaUnreachableError when nobody does, as lib/kafka. */
export function answeringBrokers(world: KafkaWorld, addresses: KafkaAddresses, most = addresses.length) {
  const answering = addresses.flatMap((address) => {
    const broker = brokerAt(world, address);
    return broker === undefined ? [] : [{ address, broker }];
  });
  if (answering.length > 0) return answering.slice(0, most);
  if (addresses.length === 0) throw new KafkaUnreachableError('no address was given');
  const reasons = addresses.map(silenceOf).join('; ');
  throw new KafkaUnreachableError(`none of ${addresses.length} nodes answered: ${reasons}`);
}

export function silenceOf(address: KafkaAddress): string {
  return `${addressText(address)}: connect ECONNREFUSED`;
}

/** The cluster as a broker's own copy of the metadata has it. */
export function sightCluster(world: KafkaWorld, broker: NodeProcess): ClusterSighting {
  const { registrations } = imageOf(world, broker);
  const brokers = [...registrations.values()].map(({ id, fenced, process }) => {
    const listener = process.configuration.brokerListener;
    const { rack } = process.configuration;
    return { id, host: listener?.advertisedHost ?? '', port: listener?.port ?? 0, rack, fenced };
  });
  return { clusterId: folderOf(broker).clusterId, brokers: brokers.sort((left, right) => left.id - right.id) };
}

/** The partitions as a broker's own copy of the metadata has them. */
export function sightPartitions(world: KafkaWorld, broker: NodeProcess): readonly PartitionSighting[] {
  const { partitions, registrations } = imageOf(world, broker);
  const isUp = (id: number): boolean => registrations.get(id)?.fenced === false;
  return [...partitions.values()].map(({ topic, partition, leader, replicas, isr, elr, minIsr }) => {
    const offline = replicas.filter((id) => !isUp(id));
    return { topic, partition, internal: false, leader, replicas, isr, offline, elr, minIsr };
  });
}

/** What Kafka knows under a topic's partition now, without any lag. */
export function partitionOf(image: Image, place: { readonly topic: string; readonly partition: number }) {
  return image.partitions.get(partitionKey(place));
}

function imageOf(world: KafkaWorld, broker: NodeProcess): Image {
  const { quorum } = folderOf(broker);
  if (quorum === undefined) throw new Error('a broker that takes clients has metadata');
  if (broker.lastKnown !== undefined) return broker.lastKnown.image;
  const lagMs = world.random.chance(lagChance) ? 1 + world.random.below(longestLagMs) : 0;
  return imageAt(quorum, world.clock.now() - lagMs);
}
