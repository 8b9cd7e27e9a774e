import { isAlive } from '../core/processes.ts';
import { takeFailingPull } from '../hosts/failing-pulls.ts';
import type { HostRecord } from '../hosts/host-record.ts';
import { unmountAll } from '../hosts/mounts.ts';
import type { ContainerOrder, Health, StopCause } from '../hosts/protocol.ts';
import type { Image } from '../images/image.ts';
import { cannotPull, openImage } from '../images/kafka-image.ts';
import { makeArchives } from '../images/prepare-images.ts';
import { pullImage } from '../images/pull-image.ts';
import type { CloudLink } from './cloud-link.ts';
import { type ContainerPlace, containerFolder, createContainer, taskIdOf, titleOf } from './container-launch.ts';
import { adoptProcess, type ContainerProcess, startProcess } from './container-process.ts';
import { watchHealth } from './health-check.ts';
import { LogShipper } from './log-shipper.ts';
import { type ContainerState, endingCause, isOver, isUp, nextSteps, type TaskState } from './task-state.ts';

/** What a runner needs of its agent. */
export interface RunnerPorts {
  readonly host: HostRecord;
  readonly link: CloudLink;
  readonly log: (line: string) => void;
  /** Stores the state, then tells the cloud. */
  readonly save: (task: TaskState) => void;
}

/** Brings one task from its order to its end. Every change is stored before the next act. */
export class TaskRunner {
  readonly #ports: RunnerPorts;
  readonly #processes = new Map<string, ContainerProcess>();
  readonly #stopping = new Set<string>();
  readonly #shippers: LogShipper[] = [];
  readonly #endHealth = new Map<string, () => void>();
  readonly #over: { promise: Promise<void>; resolve: () => void };
  #task: TaskState;

  constructor(task: TaskState, ports: RunnerPorts) {
    this.#task = task;
    this.#ports = ports;
    this.#over = Promise.withResolvers<void>();
  }

  get task(): TaskState {
    return this.#task;
  }

  /** Resolves when the task is STOPPED. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  /** Resolves when the task is over and its output is stored. */
  async drained(): Promise<void> {
    await this.over;
    await Promise.all(this.#shippers.map(({ done }) => done));
  }

  /** Takes up a task where an earlier agent left it. */
  async adopt(): Promise<void> {
    for (const container of this.#task.order.containers) await this.#adoptContainer(container);
    this.advance();
  }

  /** Decides the next steps and takes them; called after each change. */
  advance(): void {
    if (this.#task.stoppedAt !== undefined) {
      this.#over.resolve();
      return;
    }
    const cause = this.#task.cause ?? endingCause(this.#task);
    if (cause !== undefined && this.#task.cause === undefined) this.#change({ cause, stoppingAt: Date.now() });
    const steps = nextSteps(this.#task);
    for (const name of steps.skip) this.#setContainer(name, { status: 'STOPPED' });
    if (isOver(this.#task)) {
      this.#finish();
      return;
    }
    if (this.#task.cause === undefined && this.#task.startedAt === undefined && isUp(this.#task)) {
      this.#change({ startedAt: Date.now() });
    }
    for (const name of steps.start) void this.#start(this.#container(name));
    for (const name of steps.stop) void this.#stop(this.#container(name));
  }

  /** Idempotent; the first cause is the one that counts. */
  stop(cause: StopCause): void {
    if (this.#task.cause === undefined) this.#change({ cause, stoppingAt: Date.now() });
    this.advance();
  }

  #finish(): void {
    unmountAll({ ...this.#ports.host, key: taskIdOf(this.#task.order.taskArn) });
    const now = Date.now();
    this.#change({ executionStoppedAt: this.#task.executionStoppedAt ?? now, stoppedAt: now });
    this.#over.resolve();
  }

  async #start(container: ContainerOrder): Promise<void> {
    const place = this.#place(container);
    this.#setContainer(container.name, { status: 'STARTING' });
    try {
      if (this.#task.pullStartedAt === undefined) this.#change({ pullStartedAt: Date.now() });
      const image = await this.#pull(container);
      if (this.#task.pullStoppedAt === undefined) this.#change({ pullStoppedAt: Date.now() });
      const launch = createContainer(place, image);
      await this.#openLog(container);
      const process = await startProcess(launch);
      this.#ports.log(`started ${this.#task.order.taskArn} ${container.name} pid ${process.record.main.pid}`);
      this.#watch(container, process);
      this.#setContainer(container.name, {
        status: 'RUNNING',
        runtimeId: `${taskIdOf(this.#task.order.taskArn)}-${process.record.main.pid}`,
      });
    } catch (error) {
      // A container that cannot start is an answer of the host, told to whoever asked for the task.
      const reason = error instanceof Error ? error.message : String(error);
      this.#ports.log(`not started ${this.#task.order.taskArn} ${container.name}: ${reason}`);
      this.#setContainer(container.name, { status: 'STOPPED', reason });
    }
    this.advance();
  }

  /** A version of Kafka that comes to this machine for the first time gets its class archive beside the work. */
  #pull(container: ContainerOrder): Promise<Image> {
    const { optFolder, dataFolder, instanceId } = this.#ports.host;
    const { log } = this.#ports;
    if (takeFailingPull(dataFolder, instanceId)) return Promise.reject(cannotPull(container.image, 'i/o timeout'));
    const onFetched = (version: string): void => makeArchives({ optFolder, dataFolder, log }, [version]);
    return pullImage({ optFolder, log, onFetched }, container.image);
  }

  async #openLog(container: ContainerOrder): Promise<void> {
    if (container.log === undefined) return;
    const refusal = await this.#ports.link.ask({ type: 'open-log', log: container.log });
    if (refusal !== undefined) {
      throw new Error(
        `CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: ${refusal}`,
      );
    }
  }

  async #adoptContainer(container: ContainerOrder): Promise<void> {
    const state = this.#state(container.name);
    // Its last lines may not have been stored yet.
    if (state.status === 'STOPPED' && state.exitCode !== undefined) this.#shipLog(container)?.end();
    if (state.status !== 'STARTING' && state.status !== 'RUNNING') return;
    const place = this.#place(container);
    const found = adoptProcess({
      folder: containerFolder(place),
      dataFolder: this.#ports.host.dataFolder,
      title: titleOf(place),
    });
    if (found === undefined) {
      const reason = 'CannotStartContainerError: the agent went down while it started the container';
      this.#setContainer(container.name, { status: 'STOPPED', reason });
      return;
    }
    this.#ports.log(`adopted ${this.#task.order.taskArn} ${container.name} pid ${found.record.main.pid}`);
    if (state.status === 'STARTING') this.#setContainer(container.name, { status: 'RUNNING' });
    const wasAlive = isAlive(found.record.wrapper);
    this.#watch(container, found);
    // What ended while nobody looked is known before the cloud is told anything.
    if (!wasAlive) await found.ended.then(() => undefined);
  }

  #watch(container: ContainerOrder, process: ContainerProcess): void {
    this.#processes.set(container.name, process);
    const shipper = this.#shipLog(container);
    this.#watchHealth(container);
    void process.ended.then((exitCode) => {
      shipper?.end();
      this.#endHealth.get(container.name)?.();
      this.#ports.log(`ended ${this.#task.order.taskArn} ${container.name} exit ${exitCode}`);
      if (container.essential && this.#task.executionStoppedAt === undefined)
        this.#change({ executionStoppedAt: Date.now() });
      this.#setContainer(container.name, { status: 'STOPPED', exitCode });
      this.advance();
    });
  }

  #shipLog(container: ContainerOrder): LogShipper | undefined {
    if (container.log === undefined) return undefined;
    const folder = containerFolder(this.#place(container));
    const shipper = new LogShipper(folder, container.log, async (log, lines) => {
      const refusal = await this.#ports.link.ask({ type: 'append-log', log, lines });
      // As with docker's log driver a container does not end because its output cannot be stored.
      if (refusal !== undefined) this.#ports.log(`lost ${lines.length} lines of ${log.stream}: ${refusal}`);
    });
    this.#shippers.push(shipper);
    return shipper;
  }

  #watchHealth(container: ContainerOrder): void {
    const order = container.healthCheck;
    if (order === undefined) return;
    // The check runs with the container's own environment, paths and mounts.
    const asContainer = { ...container, entryPoint: [], command: order.command, ulimits: [] };
    const launch = createContainer(this.#place(asContainer), openImage(this.#ports.host.optFolder, container.image));
    this.#endHealth.set(
      container.name,
      watchHealth({ order, launch, report: (health) => this.#setHealth(container.name, health) }),
    );
  }

  /** SIGTERM, then SIGKILL when the stop timeout has passed. */
  async #stop(container: ContainerOrder): Promise<void> {
    const process = this.#processes.get(container.name);
    if (process === undefined || this.#stopping.has(container.name)) return;
    this.#stopping.add(container.name);
    process.terminate();
    const timer = setTimeout(() => {
      this.#ports.log(`killing ${this.#task.order.taskArn} ${container.name} after ${container.stopTimeoutSeconds} s`);
      void process.kill();
    }, container.stopTimeoutSeconds * 1000);
    await process.ended;
    clearTimeout(timer);
  }

  #setHealth(name: string, health: Health): void {
    if (this.#state(name).status !== 'RUNNING' || this.#state(name).health === health) return;
    this.#setContainer(name, { health });
    this.advance();
  }

  #setContainer(name: string, state: Partial<ContainerState>): void {
    const next = { ...this.#state(name), ...state };
    this.#change({ containers: { ...this.#task.containers, [name]: next } });
  }

  #change(part: Partial<TaskState>): void {
    this.#task = { ...this.#task, ...part };
    this.#ports.save(this.#task);
  }

  #place(container: ContainerOrder): ContainerPlace {
    return { host: this.#ports.host, order: this.#task.order, container };
  }

  #container(name: string): ContainerOrder {
    const found = this.#task.order.containers.find((container) => container.name === name);
    if (found === undefined) throw new Error(`Task ${this.#task.order.taskArn} has no container '${name}'.`);
    return found;
  }

  #state(name: string): ContainerState {
    return this.#task.containers[name] ?? { status: 'PENDING' };
  }
}
