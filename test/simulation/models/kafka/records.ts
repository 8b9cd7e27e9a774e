import { neededInSync, type Partition, partitionKey } from './partition.ts';
import {
  folderOf,
  isAlive,
  type KafkaFolder,
  type KafkaWorld,
  type NodeProcess,
  type PartitionRecords,
  type Quorum,
} from './state.ts';

/** One record to each partition that takes writes. */
export function appendToAll(quorum: Quorum): void {
  for (const partition of quorum.image.partitions.values()) append(quorum, partition);
}

function append(quorum: Quorum, partition: Partition): void {
  const leader = liveLeader(quorum, partition);
  if (leader === undefined || partition.isr.length < neededInSync(partition)) return;
  const key = partitionKey(partition);
  const record = ++quorum.lastNumber;
  for (const id of partition.isr) {
    const process = liveReplica(quorum, id);
    if (process !== undefined) logOf(folderOf(process), key).push(record);
  }
  recordsOf(quorum, key).pending.push({ record, leaderEpoch: partition.leaderEpoch });
  acknowledge(quorum, partition);
}

/**
 * Acknowledges what every in-sync replica has, while they are enough. What waited under an earlier leader is given up:
 * its producer was told to try again.
 */
export function acknowledge(quorum: Quorum, partition: Partition): void {
  const key = partitionKey(partition);
  const records = recordsOf(quorum, key);
  records.pending = records.pending.filter(({ leaderEpoch }) => leaderEpoch === partition.leaderEpoch);
  if (records.pending.length === 0 || partition.isr.length < neededInSync(partition)) return;
  const logs = partition.isr.map((id) => {
    const process = liveReplica(quorum, id);
    return process === undefined ? [] : logOf(folderOf(process), key);
  });
  const isEverywhere = (record: number): boolean =>
    logs.every((log) => log.includes(record, Math.max(0, log.length - 200)));
  const level = records.pending.filter(({ record }) => isEverywhere(record)).map(({ record }) => record);
  records.pending = records.pending.filter(({ record }) => !level.includes(record));
  records.acknowledged.push(...level);
  records.acknowledgedCount += level.length;
}

/**
 * A new leader's log is the truth: the living followers in sync cut theirs to it, and what it lacks is lost for good.
 */
export function followNewLeader(world: KafkaWorld, quorum: Quorum, partition: Partition): void {
  const leader = liveLeader(quorum, partition);
  if (leader === undefined) return;
  const key = partitionKey(partition);
  const log = logOf(folderOf(leader), key);
  for (const id of partition.isr) {
    const follower = liveReplica(quorum, id);
    if (follower !== undefined && follower !== leader) folderOf(follower).logs.set(key, [...log]);
  }
  const records = recordsOf(quorum, key);
  const missing = missingFrom(log, records.acknowledged);
  if (missing.length === 0) return;
  records.acknowledged = records.acknowledged.filter((record) => !missing.includes(record));
  world.violations.push({
    rule: 'acknowledged-records-are-kept',
    story: `${key} of cluster ${quorum.clusterId} lost ${missing.length} acknowledged records: broker ${partition.leader} leads without them`,
  });
}

/** A follower fetches: cuts off what the leader does not have and copies the rest. */
export function copyLog(key: string, leader: NodeProcess, follower: NodeProcess): void {
  folderOf(follower).logs.set(key, [...logOf(folderOf(leader), key)]);
}

/** Acknowledged records that no log holds from which a leader could serve them, those included that are lost for good. */
export function lostRecords(world: KafkaWorld, quorum: Quorum, partition: Partition): number {
  const key = partitionKey(partition);
  const { acknowledged, acknowledgedCount } = recordsOf(quorum, key);
  const { leader, isr, elr, lastKnownLeader } = partition;
  const able = leader !== null ? [leader] : [...isr, ...elr, ...(lastKnownLeader === null ? [] : [lastKnownLeader])];
  const logs = able.flatMap((id) => foldersOf(world, quorum, id)).map((folder) => logOf(folder, key));
  const missing = logs.map((log) => missingFrom(log, acknowledged).length);
  return acknowledgedCount - acknowledged.length + Math.min(acknowledged.length, ...missing);
}

/** The broker that leads, if its process lives. */
export function liveLeader(quorum: Quorum, { leader }: Partition): NodeProcess | undefined {
  return leader === null ? undefined : liveReplica(quorum, leader);
}

/** The process that holds the registration of a broker, if it lives. */
export function liveReplica(quorum: Quorum, brokerId: number): NodeProcess | undefined {
  const process = quorum.image.registrations.get(brokerId)?.process;
  return process !== undefined && isAlive(process) ? process : undefined;
}

export function recordsOf(quorum: Quorum, key: string): PartitionRecords {
  const known = quorum.records.get(key);
  if (known !== undefined) return known;
  const records = { acknowledged: [], acknowledgedCount: 0, pending: [] };
  quorum.records.set(key, records);
  return records;
}

/** The disks on which a broker of this cluster ever ran, of those that exist. */
function foldersOf(world: KafkaWorld, quorum: Quorum, brokerId: number): readonly KafkaFolder[] {
  return [...world.disks.values()].flatMap(({ folder }) =>
    folder !== undefined && folder.nodeId === brokerId && folder.quorum === quorum ? [folder] : [],
  );
}

/** How many records a living replica has. */
export function recordsAt(quorum: Quorum, key: string, brokerId: number): number {
  const process = liveReplica(quorum, brokerId);
  return process === undefined ? 0 : logOf(folderOf(process), key).length;
}

function logOf(folder: KafkaFolder, key: string): number[] {
  const known = folder.logs.get(key);
  if (known !== undefined) return known;
  const log: number[] = [];
  folder.logs.set(key, log);
  return log;
}

/** Both rise, so one walk over them tells. */
function missingFrom(log: readonly number[], acknowledged: readonly number[]): readonly number[] {
  let place = 0;
  return acknowledged.filter((record) => {
    while (place < log.length && (log[place] ?? 0) < record) place++;
    return log[place] !== record;
  });
}
