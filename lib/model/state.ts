import type { DiscardedVolume, DiscardVerdict } from './broker/discard-refusal.ts';
import type { EmptyZones, GoneHost, HostFence, HostSeen, KafkaWitness } from './hosts/records.ts';
import type { NodeId } from './node.ts';
import type { NodeVolume } from './node-volume.ts';
import type { NodeWish, OwnReplacements } from './node-wish.ts';
import type { PastOperation } from './operation.ts';
import type { Plan, PlanRun, StepProgress } from './plan/plan.ts';
import type { PlanSteering } from './plan/steering.ts';
import type { ServiceConfig } from './service/config.ts';
import type { WaitingReason } from './waiting-reason.ts';

/** What the operator wants. Writer: API operations. */
export interface ServiceTarget {
  readonly service: string;
  readonly configId: string;
  readonly packageVersion: string;
  /** Kafka's cluster id, chosen once at install. */
  readonly clusterId: string;
  readonly brokerIds: readonly NodeId[];
  readonly controllerIds: readonly NodeId[];
  /** The private zone that its names are in, for life; absent: it uses addresses. */
  readonly zone?: string;
  readonly createdAt: number;
}

/** An update that was refused: its errors stand in the plan until the next accepted one. Writer: API operations. */
export interface RefusedUpdate {
  readonly service: string;
  readonly refusedAt: number;
  readonly requestedBy: string;
  readonly errors: readonly UpdateError[];
}

/** One reason why an update was refused, in the words of both guides. */
export interface UpdateError {
  /** 1.x: `Validation error on field "BROKER_COUNT": …`. */
  readonly inBlocks: string;
  /** 2.x: `Field: 'PodSpec[name:kafka]'; Transition: '3' => '2'; Message: '…'; Fatal: false`. */
  readonly inSteps: string;
}

/** A plan that was only asked to be shown: it is applied by its id while the service still is as it was. Writer: API operations. */
export interface Proposal {
  readonly service: string;
  readonly plan: Plan;
  readonly config: ServiceConfig;
  readonly target: ServiceTarget;
  /** The wish that it was made under. */
  readonly basedOn: { readonly planId: string; readonly configId: string };
}

/** Which plan drives the service now, and whether it is to go away. Writer: API operations. */
export interface ServiceWish {
  readonly service: string;
  /** The newest accepted plan; steps of others end superseded. */
  readonly planId: string;
  readonly uninstall?: { readonly keepVolumes: boolean };
  /** All its nodes are wanted down, volumes and records kept, until an operator resumes it. */
  readonly hibernates?: true;
}

/** What a node is brought to. Writer: the step that holds the node's lease. */
export interface NodeGoal {
  readonly service: string;
  readonly nodeId: NodeId;
  /** Rises by one with each write: what is written is based on what was stored then. Absent = never written. */
  readonly revision?: number;
  readonly configId: string;
  readonly host?: NodeHost;
  readonly volume?: NodeVolume;
  /** The revision that was registered last, beside what it holds as JSON. */
  readonly taskDefinition?: { readonly content: string; readonly arn: string };
  /** Rises by one with each try to start the node; 0 = never. */
  readonly attempt: number;
  /** The newest try. The request is stored before it is sent and sent again byte for byte. */
  readonly launch?: TaskLaunch;
  /**
   * Stops without being asked to since the node was last in sync, or was first started with its config, whichever was
   * later; they decide the failover delay. `lastAttempt` is the newest try whose end was taken up: no next one starts before.
   * `tries`: how many of them the node's config had allowed then; absent: all.
   */
  readonly failures: { readonly count: number; readonly lastAttempt: number; readonly tries?: number };
  /**
   * The address that the node's name was published with last, in which zone; `changeId` until every resolver has it.
   * Absent: never, or without a zone.
   */
  readonly published?: { readonly zone: string; readonly address: string; readonly changeId?: string };
  /** When the newest task was in sync first, epoch milliseconds. Absent: it was not yet, or an earlier version of Warden saw it. */
  readonly inSyncSince?: number;
  /** The number of the newest adoption by an operator that was answered. Absent: none. */
  readonly adopted?: number;
  /** The number of the newest replacement (NodeWish) that host and volume were decided for. Absent: none. */
  readonly replaced?: number;
  /** The volumes that the node had before, until they are deleted. Absent: none. */
  readonly discarded?: readonly DiscardedVolume[];
  /** The newest run of the one-shot task that prepares the volume. */
  readonly preparation?: TaskLaunch;
}

/** Where a node runs: one EC2 instance, its private address, its zone. */
export interface NodeHost {
  readonly instanceId: string;
  readonly containerInstanceArn: string;
  readonly address: string;
  readonly zone: string;
}

/** One RunTask call of ours. */
export interface TaskLaunch {
  readonly attempt: number;
  /** The exact request as JSON. */
  readonly request: string;
  /** Epoch milliseconds of the first sending; after 23 h ECS has forgotten the client token. */
  readonly requestedAt: number;
  /** Absent until RunTask has answered. */
  readonly taskArn?: string;
  /** Of the node: the config that the process was started with. What it took without a restart is not in it. */
  readonly configId?: string;
  /** Of the node: when the first of its tries in a row with that config was asked for. One that ECS refused is none. */
  readonly sameConfigSince?: number;
  /** Of the node: which restart by an operator it answers, `<step id>#<times>`. */
  readonly restart?: string;
  /** Of the node: how many restarts in place operators had asked for by then (NodeWish); a start answers them all. */
  readonly restartsAnswered?: number;
  /**
   * Of the node: the controllers' addresses that its process knows, from its start, or because it was in sync since they
   * moved. Absent: it knows their names.
   */
  readonly controllers?: readonly string[];
  /** ECS refused it: nothing runs under it, and the next try takes the next number. */
  readonly refused?: true;
}

/** What was seen of one task. Writer: the look at DescribeTasks that an event, a step or reconcile makes. */
export interface TaskSeen {
  readonly service: string;
  readonly nodeId: NodeId;
  readonly taskArn: string;
  /** As in startedBy: which try this task is. */
  readonly purpose: TaskPurpose;
  readonly attempt: number;
  /** ECS's version of this task: an older one never overwrites a newer one. */
  readonly version: number;
  readonly lastStatus: string;
  readonly desiredStatus: string;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  /** Exit code of the essential container; absent when it never started or ECS does not know. */
  readonly exitCode?: number;
  /** Its agent told of its end, and no container of it was ever made. */
  readonly withoutContainer?: true;
  readonly stoppedAt?: number;
  /** The instance that EC2 has terminated or stopped under it. Derived from GONE-HOST and HOST, never stored. */
  readonly endedWith?: string;
  /** Which of both; absent: terminated. */
  readonly hostWas?: 'stopped';
}

/** What a node's process said last before it ended without being asked to. Writer: the look at its log that follows the end. */
export interface LastWords {
  readonly service: string;
  readonly nodeId: NodeId;
  readonly taskArn: string;
  /** Which try that was. */
  readonly attempt: number;
  /** Newest last. */
  readonly lines: readonly string[];
  /** Why the log could not be read so far. */
  readonly unread?: string;
}

export type TaskPurpose = 'node' | 'preparation';

/** Who may act on a node. Rises by one with each new holder; each write of GOAL checks holder and number. */
export interface NodeLease {
  readonly service: string;
  readonly nodeId: NodeId;
  /** ARN of the broker.asl, hibernate.asl or uninstall.asl execution. */
  readonly holder: string;
  readonly kind: LeaseKind;
  readonly number: number;
  readonly released: boolean;
}

export type LeaseKind = 'plan' | 'recovery' | 'replacement' | 'restart' | 'pause' | 'hibernation' | 'uninstall';

/** The one node of a service that may be down by our hand. Absent = free. */
export interface DownSlot {
  readonly service: string;
  readonly nodeId: NodeId;
  readonly holder: string;
}

/** What May stop found; the Stop step believes it for ten seconds. */
export interface StopVerdict {
  readonly service: string;
  readonly nodeId: NodeId;
  readonly holder: string;
  readonly judgedAt: number;
  /** The task that the controllers do not hear of, and that does not know where they are. Absent: Kafka was asked as ever. */
  readonly cutOff?: string;
  /** What became of the look whether the node's volume may be given up. Absent: nobody wanted it to be. */
  readonly discard?: DiscardVerdict;
}

/** Whose wait it is: that of one node in one execution, in one try of the state it stands in. */
export interface WaitIdentity {
  readonly service: string;
  readonly nodeId: NodeId;
  readonly holder: string;
  /** Which try of its state: later ones sort after earlier ones. */
  readonly try?: string;
}

/** What a step of a node waits for now. `token` is set where an event or a person ends the wait. Writer: the step. */
export interface NodeWait extends WaitIdentity {
  readonly reason: WaitingReason;
  /** Epoch milliseconds: when it began to wait for this kind of reason. */
  readonly since: number;
  readonly token?: string;
  readonly awaits?: TokenAwaits;
  /** With awaits `task running` and `task stopped`: which task, once known. */
  readonly taskArn?: string;
}

export type TokenAwaits = 'turn' | 'capacity' | 'task running' | 'task stopped' | 'resume';

/** Hosts and port of all controllers, decided together before the first one starts. Writer: the step Choose controller hosts. */
export interface ControllerHosts {
  readonly service: string;
  readonly hosts: readonly { readonly nodeId: NodeId; readonly host: NodeHost }[];
}

/** Node 1000 leads a quorum of itself: stored before controller 1001 starts; afterwards nothing is ever formatted --standalone. */
export interface QuorumFormed {
  readonly service: string;
  readonly formedAt: number;
}

/** What is left of an uninstalled service for 30 days. */
export interface Tombstone {
  readonly service: string;
  readonly uninstalledAt: number;
  readonly plan: Plan;
  readonly keptVolumeIds: readonly string[];
  /** The newest operations, newest first. Absent where an earlier version of Warden has written it. */
  readonly history?: readonly PastOperation[];
}

/** Everything stored of one service but its configs, read consistently. */
export interface ServiceState {
  readonly target: ServiceTarget;
  readonly wish: ServiceWish;
  readonly plans: readonly Plan[];
  readonly runs: readonly PlanRun[];
  readonly steps: readonly StepProgress[];
  readonly goals: readonly NodeGoal[];
  /** Of nodes that operators have spoken of. */
  readonly nodeWishes: readonly NodeWish[];
  readonly seen: readonly TaskSeen[];
  readonly leases: readonly NodeLease[];
  readonly slot?: DownSlot;
  readonly verdicts: readonly StopVerdict[];
  readonly waits: readonly NodeWait[];
  readonly controllerHosts?: ControllerHosts;
  readonly quorumFormed?: QuorumFormed;
  readonly goneHosts: readonly GoneHost[];
  readonly hostsSeen: readonly HostSeen[];
  /** Absent: Kafka was never asked. */
  readonly witness?: KafkaWitness;
  readonly fences: readonly HostFence[];
  /** Absent: none was ever. */
  readonly emptyZones?: EmptyZones;
  /** One of a node at most. */
  readonly lastWords: readonly LastWords[];
  readonly steering: readonly PlanSteering[];
  readonly refusedUpdate?: RefusedUpdate;
  /** Absent: Warden never asked by itself for a replacement. */
  readonly ownReplacements?: OwnReplacements;
}
