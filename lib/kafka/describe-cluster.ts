import type { KafkaBroker, KafkaCluster, KafkaControllers } from '../ports/kafka-admin.ts';
import { askFirst, askNodes, failureOf, type Nodes } from './ask-nodes.ts';
import { KafkaProtocolError, KafkaResponseError } from './kafka-errors.ts';
import type { KafkaConnection } from './protocol/connection.ts';

/** The cluster as one broker sees it. */
export interface ClusterSighting {
  readonly clusterId: string;
  readonly brokers: readonly Omit<KafkaBroker, 'settled'>[];
}

const controllersEndpoint = 2;
/** The first version of DescribeCluster that lists fenced brokers (Kafka 4.0). */
const fencedSinceVersion = 2;
/** Two sightings let a lagging broker show; the others get this long to add theirs. */
const enoughSightings = 2;
const graceMs = 500;

/**
 * Asks every broker, for each sees the cluster through its own copy of the metadata, which may lag: on Kafka 3.9 even
 * behind its own "started" line. No answer carries the age of its copy, so the answers are merged, see `mergeSightings`.
 */
export async function readCluster(nodes: Nodes): Promise<KafkaCluster> {
  const plan = { ...nodes, atOnce: nodes.addresses.length, enough: enoughSightings, graceMs };
  const { answered, silent } = await askNodes(plan, sightCluster);
  if (answered.length === 0) throw failureOf(silent);
  return {
    ...mergeSightings(answered.map(({ value }) => value)),
    answered: answered.map(({ address }) => address),
    silent: silent.map(({ address, reason }) => ({ address, reason })),
  };
}

/** See the port. */
export function readControllers(nodes: Nodes): Promise<KafkaControllers> {
  return askFirst(nodes, async (connection) => {
    const answer = await connection.call('DescribeCluster', {
      includeClusterAuthorizedOperations: false,
      endpointType: controllersEndpoint,
      includeFencedBrokers: false,
    });
    if (answer.errorCode !== 0) throw new KafkaResponseError('DescribeCluster', answer.errorCode, answer.errorMessage);
    return {
      clusterId: answer.clusterId,
      leaderId: answer.controllerId < 0 ? null : answer.controllerId,
      controllers: answer.brokers.map(({ brokerId, host, port }) => ({ id: brokerId, host, port })),
    };
  });
}

async function sightCluster(connection: KafkaConnection): Promise<ClusterSighting> {
  const version = connection.versionOf('DescribeCluster');
  const answer = await connection.call('DescribeCluster', {
    includeClusterAuthorizedOperations: false,
    includeFencedBrokers: version !== undefined && version >= fencedSinceVersion,
  });
  if (answer.errorCode !== 0) throw new KafkaResponseError('DescribeCluster', answer.errorCode, answer.errorMessage);
  return {
    clusterId: answer.clusterId,
    brokers: answer.brokers.map(({ brokerId, host, port, rack, isFenced }) => ({
      id: brokerId,
      host,
      port,
      rack,
      fenced: isFenced,
    })),
  };
}

/**
 * One picture out of several, at least one: a broker that any sighting lists is listed; it is unfenced only where all
 * say so; and it is settled only where all say the same.
 * @throws KafkaProtocolError when the sightings are of different clusters.
 */
export function mergeSightings(sightings: readonly ClusterSighting[]): Pick<KafkaCluster, 'clusterId' | 'brokers'> {
  const clusterIds = [...new Set(sightings.map((sighting) => sighting.clusterId))];
  const [clusterId] = clusterIds;
  if (clusterId === undefined || clusterIds.length > 1) {
    throw new KafkaProtocolError(
      `the addresses lead to ${clusterIds.length} clusters (${clusterIds.join(', ')}): give those of one cluster`,
    );
  }
  const ids = new Set(sightings.flatMap(({ brokers }) => brokers.map(({ id }) => id)));
  const brokers = [...ids].sort((left, right) => left - right).flatMap((id) => mergeBroker(id, sightings));
  return { clusterId, brokers };
}

function mergeBroker(id: number, sightings: readonly ClusterSighting[]): KafkaBroker[] {
  const seen = sightings.flatMap(({ brokers }) => brokers.filter((broker) => broker.id === id));
  const [first] = seen;
  if (first === undefined) return [];
  const isEverywhere = seen.length === sightings.length;
  const isAlike = seen.every((other) => isSameBroker(first, other));
  const fenced = !isEverywhere || seen.some((broker) => broker.fenced);
  return [{ ...first, fenced, settled: isEverywhere && isAlike }];
}

function isSameBroker(left: ClusterSighting['brokers'][number], right: ClusterSighting['brokers'][number]): boolean {
  return (
    left.host === right.host && left.port === right.port && left.rack === right.rack && left.fenced === right.fenced
  );
}
