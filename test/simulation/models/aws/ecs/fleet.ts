import type { ContainerInstance, Task } from '@aws-sdk/client-ecs';
import type { Emit, SimulatedClock } from '../../../contract.ts';
import type { Agent } from './agent.ts';
import { type InstanceRecord, type TaskOrder, type TaskRecord, type TaskReport, taskStatuses } from './records.ts';
import { instanceEventDetail, showInstance, showTask, taskEventDetail } from './show.ts';

/** How long an order is on its way to an agent. */
const orderDelayMs = 50;

interface FleetPorts {
  readonly clock: SimulatedClock;
  readonly emit: Emit;
  readonly clusterArn: string;
}

/** What ECS knows of hosts and tasks. The only writer of both: each change gets the next version and its event. */
export class Fleet {
  readonly #ports: FleetPorts;
  readonly #instances = new Map<string, InstanceRecord>();
  readonly #agents = new Map<string, Agent>();
  readonly #tasks = new Map<string, TaskRecord>();
  readonly #orders = new Map<string, TaskOrder>();

  constructor(ports: FleetPorts) {
    this.#ports = ports;
  }

  instances(): readonly InstanceRecord[] {
    return [...this.#instances.values()];
  }

  tasks(): readonly TaskRecord[] {
    return [...this.#tasks.values()];
  }

  task(arn: string): TaskRecord | undefined {
    return this.#tasks.get(arn);
  }

  /** Tasks that hold resources of a host: all that are not STOPPED, also those that are stopping. */
  tasksOn(instanceArn: string): readonly TaskRecord[] {
    return this.tasks().filter((task) => task.instanceArn === instanceArn && task.lastStatus !== 'STOPPED');
  }

  isConnected(instanceArn: string): boolean {
    return this.#instances.get(instanceArn)?.agentConnected === true;
  }

  showTask(task: TaskRecord): Task {
    return showTask(task, this.#ports.clusterArn, this.#instances.get(task.instanceArn));
  }

  showInstance(instance: InstanceRecord): ContainerInstance {
    return showInstance(instance, this.tasksOn(instance.arn));
  }

  register(instance: Omit<InstanceRecord, 'version' | 'registeredAt'>, agent: Agent): void {
    this.#agents.set(instance.arn, agent);
    this.#putInstance({ ...instance, version: 0, registeredAt: this.#ports.clock.now() });
  }

  /** Stores a new task, then hands it to its agent. */
  start(task: TaskRecord, order: TaskOrder): void {
    this.#tasks.set(task.arn, task);
    this.#orders.set(task.arn, order);
    this.#tellTask(task);
    this.#touchInstance(task.instanceArn);
    this.#send(task.instanceArn, `${order.startedBy}: order to run`, (agent) => agent.run(order));
  }

  /** Idempotent; the first reason counts. */
  stop(task: TaskRecord, reason: string): TaskRecord {
    if (task.desiredStatus === 'STOPPED') return task;
    const stopping = this.#changeTask(task, {
      desiredStatus: 'STOPPED',
      lastStatus: task.lastStatus === 'RUNNING' ? 'DEACTIVATING' : task.lastStatus,
      stopCode: 'UserInitiated',
      stoppedReason: reason,
      stoppingAt: this.#ports.clock.now(),
    });
    this.#sendStop(stopping);
    return stopping;
  }

  /** The line to an agent is up or down. When it comes up, both sides say again what may have been lost. */
  setConnected(instanceArn: string, agentConnected: boolean): void {
    const instance = this.#instances.get(instanceArn);
    if (instance === undefined || instance.status === 'INACTIVE' || instance.agentConnected === agentConnected) return;
    this.#putInstance({ ...instance, agentConnected });
    if (agentConnected) this.#hello(instanceArn);
  }

  /** An operator, an Auto Scaling group or a Spot notice lets no new task onto the host. Its tasks run on. */
  setDraining(instanceArn: string, drains: boolean): void {
    const instance = this.#instances.get(instanceArn);
    const status = drains ? 'DRAINING' : 'ACTIVE';
    if (instance === undefined || instance.status === 'INACTIVE' || instance.status === status) return;
    this.#putInstance({ ...instance, status });
  }

  /** What an agent says of a task; lost while its line is down. */
  report(instanceArn: string, report: TaskReport): void {
    const instance = this.#instances.get(instanceArn);
    const task = this.#tasks.get(report.taskArn);
    if (instance?.agentConnected !== true || instance.status === 'INACTIVE') return;
    if (report.status === 'STOPPED') this.#agents.get(instanceArn)?.forget(report.taskArn);
    if (task !== undefined && task.lastStatus !== 'STOPPED') this.#merge(task, report);
  }

  /** The container instance is INACTIVE from here on, and its tasks are over, whatever became of their containers. */
  deregister(instanceArn: string, why: { readonly stopCode: string; readonly stoppedReason: string }): void {
    const instance = this.#instances.get(instanceArn);
    if (instance === undefined || instance.status === 'INACTIVE') return;
    for (const task of this.tasksOn(instanceArn)) this.#end(task, why);
    this.#putInstance({ ...instance, status: 'INACTIVE', agentConnected: false });
  }

  #hello(instanceArn: string): void {
    const reports = this.#agents.get(instanceArn)?.reports() ?? [];
    for (const report of reports) this.report(instanceArn, report);
    for (const task of this.tasksOn(instanceArn)) {
      const isKnown = reports.some(({ taskArn }) => taskArn === task.arn);
      if (isKnown && task.desiredStatus === 'STOPPED') this.#sendStop(task);
      if (!isKnown) this.#settleUnknown(task);
    }
  }

  /** The agent does not know a task that is stored for it. */
  #settleUnknown(task: TaskRecord): void {
    const order = this.#orders.get(task.arn);
    if (task.lastStatus !== 'PENDING') {
      const stoppedReason = 'The agent has lost this task; what became of its containers is not known.';
      this.#end(task, { stopCode: 'InfrastructureHealth', stoppedReason });
    } else if (task.desiredStatus === 'RUNNING' && order !== undefined) {
      this.#send(task.instanceArn, `${order.startedBy}: order to run again`, (agent) => agent.run(order));
    }
    // It was to stop before its agent had heard of it, so it never started.
    else this.#end(task, {}, this.#ports.clock.now());
  }

  /** Reports never take a task back; one that tells nothing new changes nothing. */
  #merge(task: TaskRecord, { taskArn: _arn, status, stopCode, stoppedReason, ...rest }: TaskReport): void {
    const isLater = taskStatuses.indexOf(status) > taskStatuses.indexOf(task.lastStatus);
    if (!isLater) return;
    const isEnding = status === 'STOPPING' || status === 'STOPPED';
    const cause = {
      ...(stopCode === undefined ? {} : { stopCode }),
      ...(stoppedReason === undefined ? {} : { stoppedReason }),
    };
    this.#changeTask(task, {
      ...rest,
      lastStatus: status,
      desiredStatus: isEnding ? 'STOPPED' : task.desiredStatus,
      ...(isEnding ? { stoppingAt: task.stoppingAt ?? this.#ports.clock.now() } : {}),
      // Who asked first is who stopped it.
      ...(task.stopCode === undefined ? cause : {}),
    });
    if (status === 'STOPPED') this.#touchInstance(task.instanceArn);
  }

  /** `executionStoppedAt`: its agent says so, too. */
  #end(
    task: TaskRecord,
    why: { readonly stopCode?: string; readonly stoppedReason?: string },
    executionStoppedAt?: number,
  ): void {
    const now = this.#ports.clock.now();
    this.#changeTask(task, {
      ...(task.stopCode === undefined ? why : {}),
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      stoppingAt: task.stoppingAt ?? now,
      stoppedAt: now,
      ...(executionStoppedAt === undefined ? {} : { executionStoppedAt }),
    });
    this.#touchInstance(task.instanceArn);
  }

  #changeTask(task: TaskRecord, change: Partial<TaskRecord>): TaskRecord {
    const next = { ...task, ...change, version: task.version + 1, changedAt: this.#ports.clock.now() };
    this.#tasks.set(next.arn, next);
    this.#tellTask(next);
    return next;
  }

  #tellTask(task: TaskRecord): void {
    this.#ports.emit({
      source: 'aws.ecs',
      detailType: 'ECS Task State Change',
      resources: [task.arn],
      detail: taskEventDetail(this.showTask(task), task.changedAt),
    });
  }

  /** What is left of its resources changed. */
  #touchInstance(arn: string): void {
    const instance = this.#instances.get(arn);
    if (instance !== undefined && instance.status !== 'INACTIVE') this.#putInstance(instance);
  }

  #putInstance(instance: InstanceRecord): void {
    const next = { ...instance, version: instance.version + 1 };
    this.#instances.set(next.arn, next);
    this.#ports.emit({
      source: 'aws.ecs',
      detailType: 'ECS Container Instance State Change',
      resources: [next.arn],
      detail: instanceEventDetail(this.showInstance(next), this.#ports.clusterArn, this.#ports.clock.now()),
    });
  }

  #sendStop({ arn, instanceArn, stoppedReason = '' }: TaskRecord): void {
    this.#send(instanceArn, `${arn}: order to stop`, (agent) => agent.stop(arn, stoppedReason));
  }

  /** Lost when the line is down: what matters is said again after the next hello. */
  #send(instanceArn: string, what: string, message: (agent: Agent) => void): void {
    this.#ports.clock.after(orderDelayMs, what, () => {
      const agent = this.#agents.get(instanceArn);
      if (agent !== undefined && this.#instances.get(instanceArn)?.agentConnected === true) message(agent);
    });
  }
}
