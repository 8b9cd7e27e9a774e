import {
  type Programs,
  type Random,
  type RunningContainer,
  type Scheduled,
  ServiceError,
  type SimulatedClock,
  type SimulatedHost,
} from '../../../contract.ts';
import type { TaskOrder, TaskReport } from './records.ts';

const killedBySignal9 = 137;

/** What an agent needs of the world around it. */
export interface AgentPorts {
  readonly host: SimulatedHost;
  readonly clock: SimulatedClock;
  readonly random: Random;
  readonly programs: Programs;
  /** EBS volumes that the host sees. */
  readonly attachedVolumes: () => readonly string[];
  /** A container that mounted this volume has ended. */
  readonly unmounted: (volumeId: string) => void;
  /** Taken by ECS while the agent's line is up, else lost: what counts is said again when it is up again. */
  readonly tell: (report: TaskReport) => void;
  /** The next start fails for this reason, if one is to fail. */
  readonly takeStartFailure: () => string | undefined;
  /** How much longer the registry of images takes now. */
  readonly slowPullMs: () => number;
}

interface AgentTask {
  readonly order: TaskOrder;
  /** Pulls the image. */
  pull?: Scheduled;
  container?: RunningContainer;
  stopTimer?: Scheduled;
  isEnded: boolean;
  cause?: { readonly stopCode: string; readonly stoppedReason: string };
  exitCode?: number;
  containerReason?: string;
  startedAt?: number;
  stoppedAt?: number;
}

/**
 * The ECS agent of one host: starts, stops and watches containers, and says what became of them some time later. What it
 * knows outlives the loss of its line and of the host's power.
 */
export class Agent {
  readonly #ports: AgentPorts;
  readonly #tasks = new Map<string, AgentTask>();
  #isOn = true;

  constructor(ports: AgentPorts) {
    this.#ports = ports;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Orders may come twice. */
  run(order: TaskOrder): void {
    if (!this.#isOn || this.#tasks.has(order.taskArn)) return;
    const task: AgentTask = { order, isEnded: false };
    this.#tasks.set(order.taskArn, task);
    const pulled = () => this.#start(task);
    const pullMs = this.#delay(100, 2000) + this.#ports.random.below(this.#ports.slowPullMs() + 1);
    task.pull = this.#ports.clock.after(pullMs, `${order.startedBy}: image is pulled`, pulled);
  }

  /** SIGTERM, and SIGKILL when the stop timeout has passed. Idempotent; the first reason counts. */
  stop(taskArn: string, reason: string): void {
    const task = this.#tasks.get(taskArn);
    if (!this.#isOn || task === undefined || task.isEnded || task.cause !== undefined) return;
    task.cause = { stopCode: 'UserInitiated', stoppedReason: reason };
    if (task.container === undefined) {
      this.#end(task);
      return;
    }
    const { stopTimeoutSeconds, startedBy } = task.order;
    const kill = () => this.kill(taskArn);
    task.stopTimer = this.#ports.clock.after(stopTimeoutSeconds * 1000, `${startedBy}: stop timeout`, kill);
    this.#tellSoon(task);
    task.container.terminate();
  }

  /** SIGKILL. */
  kill(taskArn: string): void {
    const task = this.#tasks.get(taskArn);
    if (task?.container === undefined) return;
    task.container.kill();
    this.#end(task, killedBySignal9);
  }

  /** Every process is gone at once, the agent too. */
  cutPower(): void {
    for (const task of this.#tasks.values()) {
      if (task.container !== undefined) this.kill(task.order.taskArn);
      else if (!task.isEnded)
        this.#fail(task, 'CannotStartContainerError: the host went down before the container started');
    }
    this.#isOn = false;
  }

  /** The operating system goes down: containers get SIGTERM; whatever is left falls with the power. */
  shutDown(): void {
    for (const { container } of this.#tasks.values()) container?.terminate();
  }

  /** The host boots; its agent finds what it knew. */
  boot(): void {
    this.#isOn = true;
  }

  /** What became of all tasks that the agent has not forgotten. */
  reports(): readonly TaskReport[] {
    return [...this.#tasks.values()].map(reportOf);
  }

  forget(taskArn: string): void {
    this.#tasks.delete(taskArn);
  }

  /** Whether a process of the task runs: the truth that ECS learns later. */
  isAlive(taskArn: string): boolean {
    return this.#tasks.get(taskArn)?.container !== undefined;
  }

  /** Tasks whose running containers mount the volume. */
  mounting(volumeId: string): readonly string[] {
    return [...this.#tasks.values()]
      .filter(({ order, container }) => order.volumeId === volumeId && container !== undefined)
      .map(({ order }) => order.taskArn);
  }

  #start(task: AgentTask): void {
    const { order } = task;
    if (task.isEnded) return;
    const refusal = this.#ports.takeStartFailure() ?? this.#mountRefusal(order);
    if (refusal !== undefined) {
      this.#fail(task, refusal);
      return;
    }
    // A program may end before its start has returned.
    let early: number | undefined;
    const exited = (exitCode: number) => {
      if (task.container === undefined) early = exitCode;
      else this.#end(task, exitCode);
    };
    try {
      const { taskArn, startedBy, image, command, environment, volumeId } = order;
      const { host, attachedVolumes } = this.#ports;
      const run = { taskArn, startedBy, host, image, command, environment, attachedVolumes, exited };
      const container = this.#ports.programs.start({ ...run, ...(volumeId === undefined ? {} : { volumeId }) });
      task.container = container;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.#fail(task, `${error.name}: ${error.message}`);
      return;
    }
    task.startedAt = this.#ports.clock.now();
    this.#tellSoon(task);
    if (early !== undefined) this.#end(task, early);
  }

  /** Docker mounts by the device link, which is there only while the volume is attached. */
  #mountRefusal({ volumeId }: TaskOrder): string | undefined {
    if (volumeId === undefined || this.#ports.attachedVolumes().includes(volumeId)) return undefined;
    return `CannotCreateContainerError: Error response from daemon: failed to mount local volume: ${volumeId}: no such file or directory`;
  }

  #fail(task: AgentTask, containerReason: string): void {
    task.containerReason = containerReason;
    task.cause ??= { stopCode: 'TaskFailedToStart', stoppedReason: containerReason };
    this.#end(task);
  }

  #end(task: AgentTask, exitCode?: number): void {
    if (task.isEnded) return;
    const wasRunning = task.container !== undefined;
    task.pull?.cancel();
    task.stopTimer?.cancel();
    delete task.container;
    task.isEnded = true;
    task.stoppedAt = this.#ports.clock.now();
    if (exitCode !== undefined) task.exitCode = exitCode;
    task.cause ??= {
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
    };
    // Docker unmounts before it tells of the end.
    if (wasRunning && task.order.volumeId !== undefined) this.#ports.unmounted(task.order.volumeId);
    this.#tellSoon(task);
  }

  /** Later reports tell what is true when they are sent, so none overtakes another. */
  #tellSoon(task: AgentTask): void {
    this.#ports.clock.after(this.#delay(20, 500), `${task.order.startedBy}: agent reports`, () => {
      if (this.#isOn && this.#tasks.has(task.order.taskArn)) this.#ports.tell(reportOf(task));
    });
  }

  #delay(leastMs: number, mostMs: number): number {
    return leastMs + this.#ports.random.below(mostMs - leastMs);
  }
}

function reportOf(task: AgentTask): TaskReport {
  const { order, cause, exitCode, containerReason, startedAt, stoppedAt } = task;
  return {
    taskArn: order.taskArn,
    status: statusOf(task),
    ...cause,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(containerReason === undefined ? {} : { containerReason }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(stoppedAt === undefined ? {} : { executionStoppedAt: stoppedAt, stoppedAt }),
  };
}

function statusOf({ isEnded, cause, startedAt }: AgentTask): TaskReport['status'] {
  if (isEnded) return 'STOPPED';
  if (cause !== undefined) return 'STOPPING';
  return startedAt === undefined ? 'PENDING' : 'RUNNING';
}
