import type { InstallBar } from '../model/deployment/install-bar.ts';
import type { LostEventsLook } from '../model/health/lost-events-look.ts';
import type { HistoryPage } from '../model/history-page.ts';
import type { EmptyZones, GoneHost, HostFence, HostSeen, KafkaWitness } from '../model/hosts/records.ts';
import type { NodeId } from '../model/node.ts';
import type { NodeWish, OwnReplacements } from '../model/node-wish.ts';
import type { Operation } from '../model/operation.ts';
import type { OutdatedRecords } from '../model/outdated-records.ts';
import type { HostPromise, HostPromises } from '../model/placement/host-promise.ts';
import type { Plan, PlanRun, StepProgress } from '../model/plan/plan.ts';
import type { PlanSteering } from '../model/plan/steering.ts';
import type { ServiceConfig } from '../model/service/config.ts';
import type {
  ControllerHosts,
  DownSlot,
  LastWords,
  NodeGoal,
  NodeLease,
  NodeWait,
  Proposal,
  QuorumFormed,
  RefusedUpdate,
  ServiceState,
  ServiceTarget,
  ServiceWish,
  StopVerdict,
  TaskSeen,
  Tombstone,
  WaitIdentity,
} from '../model/state.ts';
import type { Orphans } from '../model/truth/orphan.ts';

/** A claim of one TCP port on every host, for one service. */
interface PortClaim {
  readonly port: number;
  readonly service: string;
}

/** All that an install writes, in one transaction. */
export interface ServiceCreation {
  readonly target: ServiceTarget;
  readonly wish: ServiceWish;
  readonly config: ServiceConfig;
  readonly plan: Plan;
  readonly ports: readonly number[];
  readonly operation: Operation;
}

/** All that an accepted plan writes of a service that is there, in one transaction. */
export interface PlanAcceptance {
  readonly plan: Plan;
  readonly wish: ServiceWish;
  /** The wish that the plan was made under. */
  readonly previous: ServiceWish;
  readonly operation: Operation;
  /** Of an update: where it leads, and the config that the target named when it was made. */
  readonly update?: {
    readonly target: ServiceTarget;
    readonly config: ServiceConfig;
    readonly previousConfigId: string;
  };
}

export interface HistoryPart {
  /** Newest first. */
  readonly operations: readonly Operation[];
  /** Where the next page begins; absent: this is the last one. */
  readonly cursor?: string;
}

export type CreateResult =
  | { readonly type: 'created' }
  | { readonly type: 'name taken' }
  | { readonly type: 'installs barred' }
  | { readonly type: 'port taken'; readonly ports: readonly number[] };

/**
 * A claim of a node: the lease as it is to be, and the one that was read (absent = there was none). One that is held may
 * be taken as it is, for the slot or for the step.
 */
export interface LeaseTaking {
  readonly lease: NodeLease;
  readonly previous?: NodeLease;
  /** A plan's step also takes the service's single DOWN slot: free, or its own node's. */
  readonly withSlot: boolean;
  /** The life of the service's name that the claim was made by (ServiceTarget.createdAt): in another one nothing is taken. */
  readonly serviceCreatedAt?: number;
  /** A step that begins with it: never before, or under a lower number of `restart`. */
  readonly step?: StepProgress;
}

/** The decision where a node is to run; `version` is that of the promises that it was made by. */
interface NodePlacement {
  readonly goal: NodeGoal;
  readonly lease: NodeLease;
  readonly promise: HostPromise;
  readonly version: number;
}

/** More of its host for a node that keeps it; `version` as of the decision where it is to run. */
interface RoomPromise {
  /** The plan that needs it. */
  readonly planId: string;
  readonly promise: HostPromise;
  readonly version: number;
}

/** The common decision about the controllers, made for this plan while it is the wish. */
interface ControllerPlacement {
  readonly hosts: ControllerHosts;
  readonly planId: string;
  readonly promises: readonly HostPromise[];
  readonly version: number;
}

/** The end of the work on a node: without `goal` it stays as it is, without `step` no step ends. */
export interface NodeFinish {
  readonly lease: NodeLease;
  /** Which try of its state ends it. */
  readonly try?: string;
  readonly goal?: NodeGoal;
  readonly step?: StepProgress;
}

/** A plan's step in which nothing is done. */
export interface StepPass {
  /** As it was read: given back. */
  readonly previous: NodeLease;
  /** Taken and given back. */
  readonly lease: NodeLease;
  readonly goal: NodeGoal;
  /** Begun and ended. */
  readonly step: StepProgress;
}

/**
 * State of all services. Every read is consistent. Every write is conditional where two writers could meet;
 * a lost race is a value (`false` or a typed result), never an exception. Nothing is written of a service that is gone.
 * Throws StoreError (retriable) when the table does not answer.
 */
export interface Store {
  /** Names of the services that live, sorted. */
  listServices(): Promise<readonly string[]>;
  readService(service: string): Promise<ServiceState | undefined>;
  readTombstone(service: string): Promise<Tombstone | undefined>;
  readConfig(service: string, configId: string): Promise<ServiceConfig | undefined>;
  listConfigIds(service: string): Promise<readonly string[]>;
  listPortClaims(): Promise<readonly PortClaim[]>;
  readGoal(service: string, nodeId: NodeId): Promise<NodeGoal | undefined>;
  readSeen(service: string, taskArn: string): Promise<TaskSeen | undefined>;
  readHostPromises(): Promise<HostPromises>;

  readInstallBar(): Promise<InstallBar | undefined>;
  /** What the newest look at the whole cloud found. */
  readOrphans(): Promise<Orphans | undefined>;
  /** How the dead letters were at the newest try to drain them. */
  readLostEvents(): Promise<LostEventsLook | undefined>;

  /**
   * All or nothing, while installs are not barred; the name and each port are claimed by conditions. A tombstone of the
   * name does not hinder and is removed.
   */
  createService(creation: ServiceCreation): Promise<CreateResult>;
  /**
   * Stores the plan, the wish that names it and, of an update, target and config; the errors of a refused update go. False
   * when wish or target no longer are those that the plan was made under.
   */
  acceptPlan(acceptance: PlanAcceptance): Promise<boolean>;
  /** False when the plan's steering no longer has the revision before, or the plan is not the wish any more. */
  steer(change: { readonly steering: PlanSteering; readonly operation: Operation }): Promise<boolean>;
  /**
   * False when the wish no longer has the revision before, the service goes away or is gone. With `own`, of a replacement
   * that Warden asks for by itself, also when another one was asked for so meanwhile.
   */
  wishForNode(change: {
    readonly nodeWish: NodeWish;
    readonly operation: Operation;
    readonly own?: OwnReplacements;
  }): Promise<boolean>;
  /** Stores the errors in the place of earlier ones. False when the service is gone. */
  refuseUpdate(change: { readonly refused: RefusedUpdate; readonly operation: Operation }): Promise<boolean>;
  /** Removes the errors of a refused update. Idempotent. */
  forgetRefusedUpdate(service: string): Promise<void>;
  /** Kept for a week. False when the service is gone. */
  putProposal(proposal: Proposal): Promise<boolean>;
  readProposal(service: string, planId: string): Promise<Proposal | undefined>;
  listOperations(service: string, page: HistoryPage): Promise<HistoryPart>;

  /**
   * One transaction: stores the lease, the slot and the start of the step, if the lease still is `previous`, the slot is
   * free or this node's, the step did not begin, and the service is the one that was read.
   */
  takeLease(taking: LeaseTaking): Promise<boolean>;
  /**
   * Stores the goal under the next revision if `lease` (holder and number, not released) is still the node's and the
   * stored goal still has the revision of the given one: a step whose state has ended may still be at work.
   */
  putGoal(goal: NodeGoal, lease: NodeLease): Promise<boolean>;
  /**
   * One transaction: gives lease and slot back, removes the node's waits of this holder, stores the goal as `putGoal`
   * does and ends the step if they are given. False when a later try of a state of this holder waits for the node: its
   * machine has gone on. Idempotent.
   */
  finishNode(finish: NodeFinish): Promise<boolean>;
  /**
   * One transaction: takes the node's lease and gives it back, stores the goal as `putGoal` does and the step, if the plan is
   * the wish, the lease still is `previous` and the step did not begin.
   */
  passStep(pass: StepPass): Promise<boolean>;
  /** Removes the DOWN slot if it still is this one. Idempotent. */
  freeSlot(slot: DownSlot): Promise<void>;
  /** Stores what May stop found, and in the same transaction the line in the history, where there is one. */
  putVerdict(verdict: StopVerdict, operation?: Operation): Promise<void>;
  /**
   * Stores the wait unless that of a later try of its state is stored; `since` is that of what is stored, if it waits for
   * the same kind of reason.
   */
  putWait(wait: NodeWait): Promise<void>;
  /** The same, without a token; that of this try stays: another invocation of it may wait with it. */
  explainWait(wait: Omit<NodeWait, 'token' | 'awaits' | 'taskArn'>): Promise<void>;
  /** Removes the wait unless that of a later try is stored. Idempotent. */
  removeWait(identity: WaitIdentity): Promise<void>;
  /** Stores the goal as `putGoal` does, and the promise; also false when promises were made since `version`. */
  placeNode(placement: NodePlacement): Promise<boolean>;
  /** Stores the promise in the place of the node's. False when the plan is not the wish, or promises were made since `version`. */
  promiseRoom(room: RoomPromise): Promise<boolean>;
  /** Stores hosts and promises unless hosts are stored, the plan is not the wish, or promises were made since `version`. */
  placeControllers(placement: ControllerPlacement): Promise<boolean>;
  /** Stores the fact unless it is stored. Idempotent. */
  formQuorum(fact: QuorumFormed): Promise<void>;

  /** Stores the fact while the service is there. Idempotent. */
  putGoneHost(fact: GoneHost): Promise<void>;
  /** Stores what was seen of a host while the service is there. Idempotent. */
  putHostSeen(seen: HostSeen): Promise<void>;
  /** Stores what Kafka said in the place of what it said before, while the service is there. Idempotent. */
  putWitness(witness: KafkaWitness): Promise<void>;
  /** One transaction: stores the wish that a host ends in each service that has nodes there. False when one of them is gone. */
  wishForHost(change: {
    readonly fences: readonly HostFence[];
    readonly operations: readonly Operation[];
  }): Promise<boolean>;
  /** Takes the wish back if it still is this one. Idempotent. */
  removeFence(fence: HostFence): Promise<void>;
  /** Stores the wish with what became of it, unless it was taken back or said anew since. */
  noteFence(fence: HostFence): Promise<void>;
  /** Stores the fact in the place of the one before while the service is there. Idempotent. */
  putEmptyZones(fact: EmptyZones): Promise<void>;

  /** False when a newer or the same version of that task is stored, or the service is gone. */
  putSeen(seen: TaskSeen): Promise<boolean>;
  /** Stores the words unless those of a later try, or of this one and read, are stored. Idempotent. */
  putLastWords(words: LastWords): Promise<void>;
  /** False when the end of this or a later run of the plan is stored, or the service is gone. */
  putRun(service: string, run: PlanRun): Promise<boolean>;
  /** Removes these records while the wish is the one that they were found outdated under. Idempotent. */
  forgetRecords(outdated: OutdatedRecords, wish: ServiceWish): Promise<void>;

  /** Writes the bar in the place of any other. From then on no service is created. */
  barInstalls(bar: InstallBar): Promise<void>;
  /** Stores the look unless a later one is stored. Idempotent. */
  putOrphans(orphans: Orphans): Promise<void>;
  /** The same of the dead letters. */
  putLostEvents(look: LostEventsLook): Promise<void>;

  /** Removes the bar if it still is the one of this id. Idempotent. */
  liftInstallBar(id: string): Promise<void>;

  /** Removes everything of the service, its port claims and its name, and leaves the tombstone. Idempotent. */
  forgetService(tombstone: Tombstone): Promise<void>;
  /** Removes what was written of a service while it was forgotten; nothing while there is one of that name. Idempotent. */
  forgetRest(service: string): Promise<void>;
}
