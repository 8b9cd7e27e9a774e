import type { KafkaAddress, KafkaAdmin, KafkaPartition } from '../../../../lib/ports/kafka-admin.ts';

export type NodeKind = 'standalone' | 'joining';

/** One cluster, real or modelled: nodes by their ids (controllers from 1000), each on a disk of its own. */
export interface KafkaUnderTest {
  readonly admin: KafkaAdmin;
  readonly clusterId: string;
  /** broker.session.timeout.ms and broker.heartbeat.interval.ms of all nodes. */
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  /** Epoch milliseconds of the time that Kafka lives in. */
  now(): number;
  addressOf(id: number): KafkaAddress;
  /** Gives the node a disk, blank before and formatted now; a second time for an id the old disk is lost. */
  createDisk(id: number, kind: NodeKind): Promise<void>;
  /** Of the formatted disk. */
  directoryOf(id: number): string;
  /** Starts the node; resolves when it answers. */
  start(id: number): Promise<void>;
  /** SIGTERM; resolves when the process is gone. */
  stop(id: number): Promise<void>;
  /** SIGKILL; resolves when the process is gone. */
  kill(id: number): Promise<void>;
  createTopic(name: string, partitions: number): Promise<void>;
  /** One record to each partition, acks=all: how many were acknowledged and how many refused. */
  produce(): Promise<{ readonly acknowledged: number; readonly refused: number }>;
  /** Of all records that were acknowledged so far, those that the partitions do not hold any more. */
  lost(): Promise<number>;
  /** Looks until the look satisfies. */
  until<Value>(look: () => Promise<Value>, satisfies: (value: Value) => boolean): Promise<Value>;
  end(): Promise<void>;
}

export const controllerIds: readonly number[] = [1000, 1001, 1002];
export const brokerIds: readonly number[] = [0, 1, 2];

export const addressesOf = (kafka: KafkaUnderTest, ids: readonly number[]) => ids.map((id) => kafka.addressOf(id));

/** The partitions once all witnesses agree and they satisfy. */
export function settledPartitions(
  kafka: KafkaUnderTest,
  satisfies: (partitions: readonly KafkaPartition[]) => boolean,
): Promise<readonly KafkaPartition[]> {
  return kafka.until(
    () => kafka.admin.listPartitions(addressesOf(kafka, brokerIds)),
    (partitions) => partitions.every(({ settled }) => settled) && satisfies(partitions),
  );
}

export const isFullyInSync = (partitions: readonly KafkaPartition[]): boolean =>
  partitions.every(({ isr, replicas }) => isr.length === replicas.length);

/** The brokers as all that answer list them, once they agree. */
export async function settledBrokers(
  kafka: KafkaUnderTest,
  satisfies: (fenced: ReadonlyMap<number, boolean>) => boolean,
): Promise<ReadonlyMap<number, boolean>> {
  const read = async () => (await kafka.admin.describeCluster(addressesOf(kafka, brokerIds))).brokers;
  const fencedOf = (brokers: Awaited<ReturnType<typeof read>>) =>
    new Map(brokers.map(({ id, fenced }) => [id, fenced]));
  const brokers = await kafka.until(
    read,
    (listed) => listed.every(({ settled }) => settled) && satisfies(fencedOf(listed)),
  );
  return fencedOf(brokers);
}

/** The quorum once it has a leader and satisfies. */
export async function ledQuorum(kafka: KafkaUnderTest, satisfies: (voters: readonly number[]) => boolean = () => true) {
  const quorum = await kafka.until(
    () => kafka.admin.describeQuorum(addressesOf(kafka, controllerIds)),
    (view) => view.type === 'led' && satisfies(view.voters.map(({ id }) => id)),
  );
  if (quorum.type !== 'led') throw new Error('the quorum has no leader');
  return quorum;
}

export function voterOf(kafka: KafkaUnderTest, id: number) {
  return { id, directoryId: kafka.directoryOf(id), listeners: [{ name: 'CONTROLLER', ...kafka.addressOf(id) }] };
}

/** Asks until the leader takes the new voter; answers what it said then. */
export async function joinVoters(kafka: KafkaUnderTest, id: number): Promise<string> {
  const { type } = await kafka.until(
    () => kafka.admin.addVoter(addressesOf(kafka, controllerIds), voterOf(kafka, id)),
    (result) => result.type !== 'not ready',
  );
  return type;
}
