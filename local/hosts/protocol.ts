import type { HostRecord } from './host-record.ts';

/** One container of an order: the task definition's container with the overrides of RunTask already applied. */
export interface ContainerOrder {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  readonly entryPoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly mountPoints: readonly { readonly volume: string; readonly path: string }[];
  readonly dependsOn: readonly { readonly container: string; readonly condition: DependencyCondition }[];
  readonly privileged: boolean;
  readonly stopTimeoutSeconds: number;
  readonly ulimits: readonly { readonly name: string; readonly soft: number; readonly hard: number }[];
  readonly labels: Readonly<Record<string, string>>;
  readonly healthCheck?: HealthCheckOrder;
  readonly log?: LogOrder;
}

/** When a container may start, judged on another one. */
export type DependencyCondition = 'START' | 'COMPLETE' | 'SUCCESS' | 'HEALTHY';

/** How a container's health is asked for. */
export interface HealthCheckOrder {
  readonly command: readonly string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly startPeriodSeconds: number;
}

/** The log stream that takes a container's output. */
export interface LogOrder {
  readonly group: string;
  readonly stream: string;
  readonly createGroup: boolean;
}

/** device: a docker local volume over an attached EBS volume; host: a folder of the host; scratch: an empty folder of the task. */
export type VolumeOrder =
  | { readonly type: 'device'; readonly device: string; readonly filesystem: string; readonly options: string }
  | { readonly type: 'host'; readonly path: string }
  | { readonly type: 'scratch' };

/** Everything that an agent needs to run a task. */
export interface TaskOrder {
  readonly taskArn: string;
  readonly containers: readonly ContainerOrder[];
  readonly volumes: Readonly<Record<string, VolumeOrder>>;
  readonly hostPid: boolean;
}

/** Health as ECS names it. */
export type Health = 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY';

/** What an agent knows of a container. */
export interface ContainerReport {
  readonly name: string;
  readonly status: 'PENDING' | 'RUNNING' | 'STOPPED';
  readonly runtimeId?: string;
  readonly exitCode?: number;
  readonly reason?: string;
  readonly health?: Health;
}

/** Why a task ended, as ECS names it. */
export interface StopCause {
  readonly stopCode: 'TaskFailedToStart' | 'EssentialContainerExited' | 'UserInitiated';
  readonly stoppedReason: string;
}

/** What an agent knows of a task; each report is whole, so that a lost or doubled one does no harm. */
export interface TaskReport {
  readonly taskArn: string;
  readonly status: 'PENDING' | 'RUNNING' | 'STOPPING' | 'STOPPED';
  readonly containers: readonly ContainerReport[];
  readonly cause?: StopCause;
  readonly pullStartedAt?: number;
  readonly pullStoppedAt?: number;
  readonly startedAt?: number;
  readonly stoppingAt?: number;
  readonly executionStoppedAt?: number;
  readonly stoppedAt?: number;
}

/** One line of a container's output. */
export interface LogLine {
  readonly timestamp: number;
  readonly message: string;
}

/** What an agent says. A `request` is answered by a `reply` of the same id. */
export type AgentMessage =
  | { readonly type: 'hello'; readonly host: HelloHost; readonly tasks: readonly TaskReport[] }
  | { readonly type: 'heartbeat' }
  | { readonly type: 'report'; readonly task: TaskReport }
  | { readonly type: 'wave-ended'; readonly wave: number }
  | { readonly type: 'open-log'; readonly id: number; readonly log: LogOrder }
  | { readonly type: 'append-log'; readonly id: number; readonly log: LogOrder; readonly lines: readonly LogLine[] };

/** Who the agent speaks for; the incarnation names the agent's process. */
export type HelloHost = Omit<HostRecord, 'address' | 'dataFolder' | 'optFolder'> & { readonly incarnation: string };

/** What the cloud says to an agent. Orders may come twice. */
export type CloudMessage =
  | { readonly type: 'run'; readonly order: TaskOrder }
  | { readonly type: 'stop'; readonly taskArn: string; readonly reason: string }
  | { readonly type: 'forget'; readonly taskArn: string }
  | { readonly type: 'end-wave'; readonly wave: number }
  | { readonly type: 'power-off' }
  | { readonly type: 'reply'; readonly id: number; readonly error?: string };
