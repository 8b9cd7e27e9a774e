import type { ContainerRun, Random, SimulatedClock, Violation } from '../../contract.ts';
import type { NodeConfiguration } from './node-configuration.ts';
import type { Partition } from './partition.ts';

/** All that the model remembers. Disks outlive processes, quorums outlive their members. */
export interface KafkaWorld {
  readonly clock: SimulatedClock;
  readonly random: Random;
  readonly disks: Map<string, Disk>;
  readonly processes: Set<NodeProcess>;
  /** The devices that preparations work on now, by their tasks. */
  readonly preparations: Map<string, string>;
  /** The quorums that were formed on a cluster id, in that order. More than one is a disaster. */
  readonly quorums: Map<string, Quorum[]>;
  readonly violations: Violation[];
}

/** An EBS volume: blank, with a file system, or with Kafka's folder in it. */
export interface Disk {
  readonly volumeId: string;
  hasFileSystem: boolean;
  folder?: KafkaFolder;
  /** Holds Kafka's .lock in the folder. */
  process?: NodeProcess;
}

/** What a node keeps in log.dirs. */
export interface KafkaFolder {
  readonly clusterId: string;
  readonly nodeId: number;
  readonly directoryId: string;
  /** The quorum whose metadata log the folder holds; none before the first fetch. */
  quorum?: Quorum;
  /** The end of the metadata log; 0 = empty. */
  metadataOffset: number;
  /** The file quorum-state; together with an empty log it stops Kafka from starting. */
  hasQuorumState: boolean;
  /** The broker epoch in the clean shutdown file. */
  cleanShutdownEpoch?: number;
  /** The records of each partition, by its name. */
  readonly logs: Map<string, number[]>;
}

/**
 * script: bash, and the format · booting: the JVM before its controller's port opens · running · ending: SIGTERM while
 * it ran · aborting: SIGTERM before · gone.
 */
type Phase = 'script' | 'booting' | 'running' | 'ending' | 'aborting' | 'gone';

/** A node's container. */
export interface NodeProcess {
  readonly run: ContainerRun;
  readonly disk: Disk;
  readonly configuration: NodeConfiguration;
  phase: Phase;
  /** Found the leader and fetches from it. */
  attached: boolean;
  /** Its metadata log is level with the leader's. */
  caughtUp: boolean;
  /** What it knew when it lost the leader, which leads from where it does not know; until it finds one again. */
  lastKnown?: { readonly voters: readonly Voter[]; readonly image: Image };
  /** The epoch that its registration was given. */
  brokerEpoch?: number;
  /** Brokers take connections only after they were unfenced. */
  takesClients: boolean;
  /** Its registration was removed while it lived: it is refused until it is started anew. */
  isZombie: boolean;
  /** A step of its start or end is under way. */
  busy: boolean;
}

export interface Voter {
  readonly id: number;
  readonly directoryId: string;
  readonly listenerName: string;
  readonly host: string;
  readonly port: number;
}

export interface Registration {
  readonly id: number;
  readonly epoch: number;
  readonly process: NodeProcess;
  readonly fenced: boolean;
  readonly inControlledShutdown: boolean;
}

/** The committed metadata at one moment; never changed in place. */
export interface Image {
  readonly registrations: ReadonlyMap<number, Registration>;
  readonly partitions: ReadonlyMap<string, Partition>;
}

/** A metadata quorum from its formation on. */
export interface Quorum {
  readonly clusterId: string;
  readonly founder: KafkaFolder;
  readonly founderVolumeId: string;
  /** The directories that ever fetched from it. */
  readonly members: Set<string>;
  voters: ReadonlyMap<number, Voter>;
  leader?: NodeProcess;
  leaderEpoch: number;
  /** The committed end of the metadata log. */
  end: number;
  image: Image;
  /** Earlier images with the time until which they held, oldest first. */
  past: { readonly until: number; readonly image: Image }[];
  /** When the holder of a registration was last heard of, of those that are not heard any more. */
  readonly silentSince: Map<number, number>;
  /** Replicas of the metadata that fetched in this term and stopped, by their directories. */
  readonly departed: Map<string, Departed>;
  /** Broker epochs and record numbers only rise. */
  lastNumber: number;
  /** The cluster's min.insync.replicas, written down by the first controller when it forms the quorum, or set since. */
  minIsr: number;
  readonly records: Map<string, PartitionRecords>;
  /** Partitions and brokers whose catching up is under way. */
  readonly catchingUp: Set<string>;
}

/** What the producers of a partition know. */
export interface PartitionRecords {
  /** Records that were acknowledged (acks=all) and are not lost. */
  acknowledged: number[];
  acknowledgedCount: number;
  /** Appended, while a replica that counts as in sync has not fetched them. */
  pending: { readonly record: number; readonly leaderEpoch: number }[];
}

export interface Departed {
  readonly id: number;
  readonly directoryId: string;
  readonly lastFetchTimestamp: number;
  readonly lastCaughtUpTimestamp: number;
}

/** The newest quorum of a cluster: where its users and operators look. */
export function newestQuorum(world: KafkaWorld, clusterId: string): Quorum | undefined {
  return world.quorums.get(clusterId)?.at(-1);
}

export function between(random: Random, leastMs: number, mostMs: number): number {
  return leastMs + random.below(mostMs - leastMs + 1);
}

/** Folders of a disk are replaced with it, so a process keeps its own. */
export function folderOf(process: NodeProcess): KafkaFolder {
  const { folder } = process.disk;
  if (folder === undefined) throw new Error(`node ${process.configuration.nodeId} runs without a folder`);
  return folder;
}

export function isAlive(process: NodeProcess): boolean {
  return process.phase !== 'gone';
}

/** Runs the action unless the process is gone by then. */
export function whileAlive(
  world: KafkaWorld,
  process: NodeProcess,
  step: { readonly afterMs: number; readonly what: string },
  action: () => void,
): void {
  world.clock.after(step.afterMs, `node ${process.configuration.nodeId}: ${step.what}`, () => {
    if (isAlive(process)) action();
  });
}
