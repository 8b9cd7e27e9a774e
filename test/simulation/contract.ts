import type { KafkaAdmin } from '../../lib/ports/kafka-admin.ts';

/** Where the simulated stack stands; ARNs of the models are made of these. */
export const simulatedPlace = {
  accountId: '000000000000',
  region: 'us-east-1',
  clusterArn: 'arn:aws:ecs:us-east-1:000000000000:cluster/Warden',
  tableName: 'Warden',
} as const;

/** Virtual time: it passes only when nothing can go on without it. Epoch milliseconds. */
export interface SimulatedClock {
  now(): number;
  /** Runs the action when so much time has passed; actions of one instant run in the order they were asked for. */
  after(delayMs: number, what: string, action: () => void): Scheduled;
}

export interface Scheduled {
  cancel(): void;
}

/** Numbers that only the seed decides. */
export interface Random {
  /** An integer from 0 to limit - 1. */
  below(limit: number): number;
  /** True in so many of all cases, 0 to 1. */
  chance(probability: number): boolean;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  /** A stream of its own by name: more draws in one part leave the others as they are. */
  fork(name: string): Random;
}

/**
 * One AWS service as the SDK's `send()` meets it. A call happens at one instant, whole or not at all; what takes time
 * afterwards (a task that starts, a volume that attaches) is scheduled on the clock.
 */
export interface ModelledService {
  /** `operation` is the command's name without `Command`; throws a ServiceError as the service does. */
  call(operation: string, input: unknown): unknown;
}

/** An error of a service, in the shape of the SDK's: `name` is the code. */
export class ServiceError extends Error {
  override readonly name: string;
  readonly $fault: 'client' | 'server';
  /** 400 unless `more` says otherwise: adapters read here whether a repetition can help. */
  readonly $metadata: { readonly httpStatusCode?: number } = { httpStatusCode: 400 };

  constructor(name: string, message: string, more: Readonly<Record<string, unknown>> = {}) {
    // An answer is told by its name: to look where it came from takes longer than the whole call.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = name;
    this.$fault = 'client';
    Object.assign(this, more);
  }
}

/** An event for the default bus, before EventBridge gives it an id and delivers it. */
export interface EmittedEvent {
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

export type Emit = (event: EmittedEvent) => void;

/** A machine that runs tasks: an EC2 instance with its ECS agent. */
export interface SimulatedHost {
  readonly instanceId: string;
  readonly containerInstanceArn: string;
  readonly zone: string;
  readonly address: string;
  readonly cpuUnits: number;
  readonly memoryMiB: number;
}

/** A container as the agent starts it. */
export interface ContainerRun {
  readonly taskArn: string;
  readonly startedBy: string;
  readonly host: SimulatedHost;
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The EBS volume that is mounted, if one is. */
  readonly volumeId?: string;
  /** The EBS volumes that are attached to the host now: what a privileged container finds among its devices. */
  readonly attachedVolumes?: () => readonly string[];
  /** The process has ended by itself. */
  readonly exited: (exitCode: number) => void;
}

/** A container that runs. */
export interface RunningContainer {
  /** SIGTERM; the process answers by `exited`, or never. */
  terminate(): void;
  /** SIGKILL, or the host's power: it is gone at once and does not call `exited`. */
  kill(): void;
}

/** What containers do: the preparation of a volume, a Kafka node. */
export interface Programs {
  /** Throws ServiceError('CannotStartContainerError', …) for a container that cannot start. */
  start(run: ContainerRun): RunningContainer;
}

/** A broken promise of the world or of Warden: `rule` is the id of an invariant, `story` says what happened. */
export interface Violation {
  readonly rule: string;
  readonly story: string;
}

/** Kafka, and the disks beneath it: knows no AWS but the containers that run. */
export interface KafkaModel {
  readonly programs: Programs;
  readonly admin: KafkaAdmin;
  /** A new disk, blank or with what the copy holds; disks outlive containers and hosts. */
  createDisk(volumeId: string, copy?: string): void;
  /** What is on the disk now is kept under the copy's name, and outlives it. */
  copyDisk(volumeId: string, copy: string): void;
  destroyDisk(volumeId: string): void;
  /** One record to each partition of the service that takes writes; what is acknowledged is remembered. */
  produce(clusterId: string): void;
  createTopic(clusterId: string, topic: { readonly name: string; readonly partitions: number }): boolean;
  /** Somebody has the best copy that is left lead each partition that nobody leads, by Kafka's own tools. */
  electUncleanLeaders(clusterId: string): void;
  /** What Kafka's users would have noticed, so far: lost acknowledged records, a second cluster on one id … */
  violations(): readonly Violation[];
  /** What the invariants look at. */
  view(clusterId: string): KafkaView;
  /** What the processes that run go by. */
  configs(clusterId: string): readonly RunningConfig[];
  /** Somebody sets a dynamic config of a broker with Kafka's own tool; false when it does not answer. */
  setOverride(clusterId: string, override: { brokerId: number; name: string; value: string }): boolean;
}

/** Of one process. */
export interface RunningConfig {
  readonly nodeId: number;
  readonly taskArn: string;
  /** The file that it was started with. */
  readonly properties: ReadonlyMap<string, string>;
  /** Its own dynamic configs. */
  readonly overrides: Readonly<Record<string, string>>;
  /** The dynamic defaults of its cluster. */
  readonly clusterDefaults: Readonly<Record<string, string>>;
}

export interface KafkaView {
  readonly brokers: readonly {
    readonly id: number;
    readonly taskArn: string;
    readonly fenced: boolean;
  }[];
  /** Nodes whose processes do not fetch from any leader. */
  readonly unheard: readonly number[];
  readonly voters: readonly number[];
  readonly leaderId: number | null;
  readonly caughtUpVoters: readonly number[];
  readonly partitions: readonly {
    readonly name: string;
    readonly replicas: readonly number[];
    readonly isr: readonly number[];
    readonly leader: number | null;
    readonly minIsr: number;
  }[];
  /** Acknowledged, and of these no more in any log. */
  readonly acknowledged: number;
  readonly lost: number;
}
