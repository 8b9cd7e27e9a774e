/** Where a Kafka node listens: a name or an IP address, and a TCP port. */
export interface KafkaAddress {
  readonly host: string;
  readonly port: number;
}

/** Addresses to begin with, at least one. Order matters little: all, or the first that answer, are asked. */
export type KafkaAddresses = readonly KafkaAddress[];

/** A node that gave no usable answer, and why, in one sentence. */
export interface SilentNode {
  readonly address: KafkaAddress;
  readonly reason: string;
}

/** A registered broker. */
export interface KafkaBroker {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
  /** False only if every broker that answered lists it as unfenced. Kafka 3.9 does not list fenced brokers at all. */
  readonly fenced: boolean;
  /**
   * False while the answers differ about it: one of them lags behind. Take neither its life nor its death as proven
   * then; ask again. A single answer cannot differ from itself, and a broker may lag by some tens of milliseconds.
   */
  readonly settled: boolean;
}

export interface KafkaCluster {
  readonly clusterId: string;
  /** Sorted by id. */
  readonly brokers: readonly KafkaBroker[];
  readonly answered: KafkaAddresses;
  readonly silent: readonly SilentNode[];
}

/** A controller as the controllers describe themselves. */
export interface KafkaControllers {
  readonly clusterId: string;
  /** Null while no controller leads. */
  readonly leaderId: number | null;
  readonly controllers: readonly { readonly id: number; readonly host: string; readonly port: number }[];
}

/** A voter or observer of the metadata quorum, as its leader sees it. */
export interface QuorumReplica {
  readonly id: number;
  /** Kafka's base64url form, as in meta.properties; 22 times `A` where the quorum knows none (static voters). */
  readonly directoryId: string;
  /** -1 when unknown. */
  readonly logEndOffset: number;
  /** Epoch milliseconds by the leader's clock; -1 when unknown. */
  readonly lastFetchTimestamp: number;
  /** Epoch milliseconds by the leader's clock; -1 when unknown. */
  readonly lastCaughtUpTimestamp: number;
}

interface ControllerListener {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** What a controller answered when it was asked for the quorum and did not lead. */
export interface QuorumAnswer {
  readonly address: KafkaAddress;
  /** A code name such as NOT_LEADER_OR_FOLLOWER, or the reason why it could not be reached. */
  readonly answer: string;
}

/** How long an election is waited for. */
export interface ElectionPatience {
  readonly leaderWithinMs?: number;
}

export type QuorumView =
  | {
      readonly type: 'led';
      readonly leaderId: number;
      readonly leaderEpoch: number;
      /** -1 until the leader has one. */
      readonly highWatermark: number;
      /** Sorted by id, as observers and nodes are. */
      readonly voters: readonly QuorumReplica[];
      /** Brokers and controllers that do not vote. Replaced disks stay listed for a while under their old directory id. */
      readonly observers: readonly QuorumReplica[];
      /** The voters' listeners as the quorum knows them; a voter may be missing for a moment. */
      readonly nodes: readonly { readonly id: number; readonly listeners: readonly ControllerListener[] }[];
    }
  | { readonly type: 'no leader'; readonly answers: readonly QuorumAnswer[] };

export interface VoterIdentity {
  readonly id: number;
  readonly directoryId: string;
}

export interface NewVoter extends VoterIdentity {
  /** The advertised listeners of the controller, under their listener names. */
  readonly listeners: readonly ControllerListener[];
}

export type AddVoterResult =
  | { readonly type: 'added' }
  | { readonly type: 'already voter' }
  /** The id votes with another directory (a replaced disk): that voter must be removed first. */
  | { readonly type: 'other directory'; readonly directoryId: string }
  /** The new voter lags behind, or another change of the voters is under way. Try again. */
  | { readonly type: 'not ready'; readonly message: string };

export type RemoveVoterResult =
  | { readonly type: 'removed' }
  | { readonly type: 'no voter' }
  | { readonly type: 'not ready'; readonly message: string };

interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/**
 * A partition, seen pessimistically by up to three brokers: whatever one of them doubts does not count.
 * Replicas are broker ids, the preferred leader first.
 */
export interface KafkaPartition extends TopicPartition {
  readonly internal: boolean;
  /** Null when it has none, or when the answers differ. */
  readonly leader: number | null;
  readonly replicas: readonly number[];
  /** Only those that every answer lists. */
  readonly isr: readonly number[];
  /** Those that any answer lists. */
  readonly offline: readonly number[];
  /** Eligible leader replicas that every answer lists; empty also where the feature is off, null where a broker cannot tell. */
  readonly elr: readonly number[] | null;
  /** `min.insync.replicas` in force for the topic: the largest of the answers. */
  readonly minIsr: number;
  /** False while the answers differ: a broker lags behind. Ask again before a decision that needs more than pessimism. */
  readonly settled: boolean;
}

export interface KafkaReassignment extends TopicPartition {
  readonly replicas: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
}

export type UnregisterResult = { readonly type: 'unregistered' } | { readonly type: 'not registered' };

export interface ElectionResult {
  /** Partitions whose leader moved to their preferred replica. */
  readonly changed: readonly TopicPartition[];
  /** Partitions that want it and could not, for example because the preferred replica is not in sync. */
  readonly failed: readonly (TopicPartition & { readonly codeName: string; readonly message: string })[];
}

interface FeatureLevel {
  readonly name: string;
  readonly level: number;
}

export type ApiAnswer =
  | {
      readonly type: 'answers';
      /** Finalized features of the cluster, for example metadata.version; empty when the node does not know them yet. */
      readonly finalizedFeatures: readonly FeatureLevel[];
      /** What this node's program supports at most. */
      readonly supportedFeatures: readonly FeatureLevel[];
    }
  | { readonly type: 'silent'; readonly reason: string };

export type ConfigResource =
  | { readonly type: 'broker'; readonly id: number }
  /** The dynamic defaults of all brokers. */
  | { readonly type: 'cluster default' }
  | { readonly type: 'topic'; readonly name: string };

export type ConfigSource =
  | 'unknown'
  | 'topic'
  | 'dynamic broker'
  | 'dynamic cluster default'
  | 'static broker'
  | 'default'
  | 'dynamic logger'
  | 'client metrics'
  | 'group';

export interface ConfigEntry {
  readonly name: string;
  /** Null when sensitive or unset. */
  readonly value: string | null;
  readonly source: ConfigSource;
  readonly readOnly: boolean;
  readonly sensitive: boolean;
}

export interface ConfigQuery {
  readonly resource: ConfigResource;
  /** All names when absent. */
  readonly names?: readonly string[];
}

export type ConfigChange =
  | { readonly type: 'set'; readonly name: string; readonly value: string }
  | { readonly type: 'delete'; readonly name: string };

export interface ConfigAlteration {
  readonly resource: ConfigResource;
  readonly changes: readonly ConfigChange[];
  /** Only checks; changes nothing. */
  readonly validateOnly?: boolean;
}

export type AlterConfigResult =
  | { readonly type: 'altered' }
  /** Kafka does not accept these names or values; a repetition is refused again. */
  | { readonly type: 'refused'; readonly codeName: string; readonly message: string };

/**
 * What the operator asks of a running Kafka cluster, over Kafka's own protocol. Nothing is cached between calls and
 * no connection outlives its call.
 *
 * All members throw operating errors with `name`, `code` and `retriable`: KafkaUnreachableError (nobody answered in
 * time; retriable), KafkaNoLeaderError (the controllers answer, none leads; retriable), KafkaResponseError (Kafka
 * answered with an error code; retriable as Kafka says), KafkaProtocolError (the bytes were no Kafka, or of two clusters;
 * not retriable), KafkaUnsupportedError (that version of Kafka cannot do it; not retriable).
 * All members are idempotent: after an error whose outcome is unknown, repeat the call.
 */
export interface KafkaAdmin {
  /** Asks every given broker and merges the answers: see `fenced` and `settled`. Throws if none answers. */
  describeCluster(brokers: KafkaAddresses): Promise<KafkaCluster>;
  /** The list that controllers keep of themselves, of the first that answers. They register after they start: a young quorum may list none. */
  describeControllers(controllers: KafkaAddresses): Promise<KafkaControllers>;
  /**
   * Asks every controller and believes the one that leads, of two the one with the higher epoch. `no leader` also when none
   * is reached, and only after an election was waited for as long as `leaderWithinMs` says; absent: not at all.
   */
  describeQuorum(controllers: KafkaAddresses, patience?: ElectionPatience): Promise<QuorumView>;
  /** Makes a caught-up observer a voter. */
  addVoter(controllers: KafkaAddresses, voter: NewVoter): Promise<AddVoterResult>;
  /** Removes the voter with exactly that directory. */
  removeVoter(controllers: KafkaAddresses, voter: VoterIdentity): Promise<RemoveVoterResult>;
  /** Every partition of every topic, internal ones included, sorted by topic and partition. */
  listPartitions(brokers: KafkaAddresses): Promise<readonly KafkaPartition[]>;
  /** Reassignments under way. */
  listReassignments(brokers: KafkaAddresses): Promise<readonly KafkaReassignment[]>;
  /** Sent to the active controller, so it works while no broker lives. DANGER: a broker that still runs becomes a zombie; prove its stop first. */
  unregisterBroker(controllers: KafkaAddresses, id: number): Promise<UnregisterResult>;
  /** Moves leaders back to the preferred replicas, all topics. */
  electPreferredLeaders(brokers: KafkaAddresses): Promise<ElectionResult>;
  /** Whether a node speaks Kafka. For a controller this says nothing of the quorum. Never throws for a node that is down. */
  apiAnswers(address: KafkaAddress): Promise<ApiAnswer>;
  /** The config in force; a broker's is asked of that broker itself, found through the given ones. */
  describeConfigs(brokers: KafkaAddresses, query: ConfigQuery): Promise<readonly ConfigEntry[]>;
  /** Sets and deletes dynamic configs; others of the resource stay. A broker's are sent to that broker itself. Kafka takes names that it does not know: check them first. */
  incrementalAlterConfigs(brokers: KafkaAddresses, alteration: ConfigAlteration): Promise<AlterConfigResult>;
}
