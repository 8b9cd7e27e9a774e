import type { KafkaPartition } from '../ports/kafka-admin.ts';
import { readTopicConfigs } from './config-answers.ts';
import { KafkaProtocolError, KafkaResponseError } from './kafka-errors.ts';
import type { Messages } from './messages/message-types.ts';
import type { KafkaConnection } from './protocol/connection.ts';

/** A partition as one broker's copy of the metadata has it. */
export type PartitionSighting = Omit<KafkaPartition, 'settled'>;

type BarePartition = Omit<PartitionSighting, 'minIsr'>;
type Cursor = NonNullable<Messages['DescribeTopicPartitions']['request']['cursor']>;
type DescribedTopic = Messages['DescribeTopicPartitions']['response']['topics'][number];

const unknownTopic = 3;
const minIsrConfig = 'min.insync.replicas';
/** Kafka's own limit of one answer (max.request.partition.size.limit). */
const maxPagePartitions = 2000;

/**
 * Every partition that a broker knows, with the min.insync.replicas that is in force there. A topic that is deleted
 * while we look is left out.
 */
export async function sightPartitions(
  connection: KafkaConnection,
  pagePartitions = maxPagePartitions,
): Promise<readonly PartitionSighting[]> {
  const partitions =
    connection.versionOf('DescribeTopicPartitions') === undefined
      ? await readMetadata(connection)
      : await readPages(connection, pagePartitions);
  const topics = [...new Set(partitions.map(({ topic }) => topic))];
  const minIsrs = await readTopicConfigs(connection, topics, minIsrConfig);
  return partitions.flatMap((partition) => {
    const minIsr = minIsrs.get(partition.topic);
    return minIsr === undefined ? [] : [{ ...partition, minIsr: toMinIsr(minIsr, partition.topic) }];
  });
}

/** The pages follow the topics' names, so a cursor that does not move on would never end. */
async function readPages(connection: KafkaConnection, pagePartitions: number): Promise<readonly BarePartition[]> {
  const partitions: BarePartition[] = [];
  let cursor: Cursor | null = null;
  do {
    const answer: Messages['DescribeTopicPartitions']['response'] = await connection.call('DescribeTopicPartitions', {
      topics: [],
      responsePartitionLimit: pagePartitions,
      cursor,
    });
    partitions.push(...answer.topics.flatMap(toPartitions));
    if (cursor !== null && answer.nextCursor !== null && !isAfter(answer.nextCursor, cursor)) {
      throw new KafkaProtocolError(`DescribeTopicPartitions turns in a circle at topic ${cursor.topicName}`);
    }
    cursor = answer.nextCursor;
  } while (cursor !== null);
  return partitions;
}

function isAfter(next: Cursor, previous: Cursor): boolean {
  return next.topicName === previous.topicName
    ? next.partitionIndex > previous.partitionIndex
    : next.topicName > previous.topicName;
}

function toPartitions(topic: DescribedTopic): readonly BarePartition[] {
  return describedTopic(topic, (partition, place) => ({
    ...place,
    ...commonPart(partition),
    elr: partition.eligibleLeaderReplicas,
  }));
}

/** For brokers without DescribeTopicPartitions; nothing tells the eligible leader replicas there. */
async function readMetadata(connection: KafkaConnection): Promise<readonly BarePartition[]> {
  const answer = await connection.call('Metadata', {
    // Null stands for every topic.
    topics: null,
    allowAutoTopicCreation: false,
    includeTopicAuthorizedOperations: false,
  });
  if (answer.errorCode !== 0) throw new KafkaResponseError('Metadata', answer.errorCode);
  return answer.topics.flatMap((topic) =>
    describedTopic(topic, (partition, place) => ({ ...place, ...commonPart(partition), elr: null })),
  );
}

interface Topic<Partition> {
  readonly name: string | null;
  readonly errorCode: number;
  readonly isInternal: boolean;
  readonly partitions: readonly Partition[];
}

interface Partition {
  readonly partitionIndex: number;
  readonly leaderId: number;
  readonly replicaNodes: readonly number[];
  readonly isrNodes: readonly number[];
  readonly offlineReplicas: readonly number[];
}

type Place = Pick<BarePartition, 'topic' | 'internal'>;

function describedTopic<Described extends Partition>(
  topic: Topic<Described>,
  toPartition: (partition: Described, place: Place) => BarePartition,
): readonly BarePartition[] {
  if (topic.errorCode === unknownTopic) return [];
  if (topic.errorCode !== 0) throw new KafkaResponseError(`the description of topic ${topic.name}`, topic.errorCode);
  if (topic.name === null) throw new KafkaProtocolError('a topic without a name was described');
  const place = { topic: topic.name, internal: topic.isInternal };
  return topic.partitions.map((partition) => toPartition(partition, place));
}

/** An error code of a partition only repeats that it has no leader, or one that does not run: that is no failure to look. */
function commonPart(partition: Partition): Omit<BarePartition, 'topic' | 'internal' | 'elr'> {
  return {
    partition: partition.partitionIndex,
    leader: partition.leaderId < 0 ? null : partition.leaderId,
    replicas: partition.replicaNodes,
    isr: partition.isrNodes,
    offline: partition.offlineReplicas,
  };
}

function toMinIsr(value: string, topic: string): number {
  const minIsr = Number(value);
  if (Number.isInteger(minIsr) && minIsr > 0) return minIsr;
  throw new KafkaProtocolError(`${minIsrConfig} of topic ${topic} is "${value}"; a positive integer was expected`);
}
