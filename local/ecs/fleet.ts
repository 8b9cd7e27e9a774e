import type { Attribute } from '@aws-sdk/client-ecs';
import type { Cloud } from '../core/service.ts';
import type { HelloHost, TaskReport } from '../hosts/protocol.ts';
import type { AgentLines } from './agent-lines.ts';
import { mergeReport } from './merge-report.ts';
import type { ContainerInstanceRecord, TaskRecord } from './records.ts';
import { instanceEventDetail } from './show-container-instance.ts';
import { eventDetail } from './show-task.ts';
import { arnOf, type EcsStore, newUuid, tasksOn } from './store.ts';

/**
 * What ECS knows of its hosts and tasks, and all changes of it. A change is stored, told as an event and then acted on,
 * in this order: a crash in between loses an act, which the next hello of the agent makes up for.
 */
export class Fleet {
  readonly #cloud: Cloud;
  readonly #store: EcsStore;
  readonly #lines: AgentLines;

  constructor(cloud: Cloud, store: EcsStore, lines: AgentLines) {
    this.#cloud = cloud;
    this.#store = store;
    this.#lines = lines;
  }

  /** Stores a new task, then hands it to its agent. */
  start(task: TaskRecord): void {
    this.#putTask(task);
    this.#touchInstance(task.containerInstanceArn);
    this.#order(task);
  }

  /** Idempotent; the first reason counts. */
  stop(task: TaskRecord, reason: string): TaskRecord {
    if (task.desiredStatus === 'STOPPED') return task;
    const now = Date.now();
    const stopping: TaskRecord = {
      ...task,
      desiredStatus: 'STOPPED',
      lastStatus: task.lastStatus === 'RUNNING' ? 'DEACTIVATING' : task.lastStatus,
      stopCode: 'UserInitiated',
      stoppedReason: reason,
      stoppingAt: now,
      version: task.version + 1,
      changedAt: now,
    };
    this.#putTask(stopping);
    this.#lines.send(this.#instanceIdOf(task), { type: 'stop', taskArn: task.arn, reason });
    return stopping;
  }

  /** An agent says who it is and what became of its tasks. False: this host may not register (again). */
  hello(host: HelloHost, reports: readonly TaskReport[]): boolean {
    const instance = this.#register(host);
    if (instance === undefined) return false;
    for (const report of reports) this.report(host.instanceId, report);
    const reported = new Set(reports.map(({ taskArn }) => taskArn));
    for (const task of tasksOn(this.#store, instance.arn)) {
      if (reported.has(task.arn)) this.#repeatStop(task);
      else this.#settleUnknown(task);
    }
    return true;
  }

  /** What an agent says of a task. */
  report(instanceId: string, report: TaskReport): void {
    const task = this.#store.tasks.get(report.taskArn);
    if (task === undefined) {
      if (report.status === 'STOPPED') this.#lines.send(instanceId, { type: 'forget', taskArn: report.taskArn });
      else this.#cloud.log(`ecs: ${instanceId} reports ${report.taskArn}, which is not known here; it is left alone`);
      return;
    }
    const merged = mergeReport(task, report, Date.now());
    if (merged !== task) this.#putTask(merged);
    if (merged.lastStatus !== 'STOPPED') return;
    if (task.lastStatus !== 'STOPPED') this.#touchInstance(task.containerInstanceArn);
    this.#store.orders.delete(task.arn);
    if (report.status === 'STOPPED') this.#lines.send(instanceId, { type: 'forget', taskArn: task.arn });
  }

  /** The line to an agent is up or down. */
  setConnected(ec2InstanceId: string, agentConnected: boolean): void {
    const instance = this.instanceOf(ec2InstanceId);
    if (instance !== undefined && instance.agentConnected !== agentConnected)
      this.putInstance({ ...instance, agentConnected });
  }

  /** Its EC2 instance was terminated while the agent was connected: its tasks are over, whatever became of them. */
  hostTerminated(instance: ContainerInstanceRecord): void {
    this.deregister(instance, {
      stopCode: 'TerminationNotice',
      stoppedReason: `Host EC2 (instance ${instance.ec2InstanceId}) terminated.`,
    });
  }

  /** The container instance is INACTIVE from here on, and no task of it is followed any more. */
  deregister(
    instance: ContainerInstanceRecord,
    why: Pick<TaskRecord, 'stopCode' | 'stoppedReason'>,
  ): ContainerInstanceRecord {
    for (const task of tasksOn(this.#store, instance.arn)) this.#end(task, why);
    const inactive = this.putInstance({ ...instance, status: 'INACTIVE', agentConnected: false });
    this.#lines.close(instance.ec2InstanceId);
    return inactive;
  }

  /** Stores a container instance with its next version and tells it. */
  putInstance(instance: ContainerInstanceRecord): ContainerInstanceRecord {
    const next = { ...instance, version: instance.version + 1 };
    this.#store.containerInstances.set(next.arn, next);
    this.tellInstance(next);
    return next;
  }

  tellInstance(instance: ContainerInstanceRecord): void {
    const now = Date.now();
    this.#cloud.emit({
      source: 'aws.ecs',
      detailType: 'ECS Container Instance State Change',
      resources: [instance.arn],
      time: now,
      detail: instanceEventDetail(this.#store, instance, now),
    });
  }

  tellTask(task: TaskRecord): void {
    this.#cloud.emit({
      source: 'aws.ecs',
      detailType: 'ECS Task State Change',
      resources: [task.arn],
      time: task.changedAt,
      detail: eventDetail(this.#store, task),
    });
  }

  /** The newest registration of an EC2 instance. */
  instanceOf(ec2InstanceId: string): ContainerInstanceRecord | undefined {
    return this.#store.containerInstances.values().findLast((one) => one.ec2InstanceId === ec2InstanceId);
  }

  #register(host: HelloHost): ContainerInstanceRecord | undefined {
    const known = this.instanceOf(host.instanceId);
    if (known !== undefined && known.status !== 'INACTIVE') {
      this.setConnected(host.instanceId, true);
      return known;
    }
    // A forced deregistration is final for the agent that was connected; a restarted one registers anew.
    if (known?.incarnation === host.incarnation) return undefined;
    if (this.#store.clusters.get(host.cluster)?.status !== 'ACTIVE') return undefined;
    return this.putInstance({
      arn: arnOf(this.#cloud, `container-instance/${host.cluster}/${newUuid()}`),
      cluster: host.cluster,
      ec2InstanceId: host.instanceId,
      status: 'ACTIVE',
      agentConnected: true,
      incarnation: host.incarnation,
      cpu: host.cpu,
      memoryMiB: host.memoryMiB,
      zone: host.zone,
      attributes: attributesOf(host),
      version: 0,
      registeredAt: Date.now(),
    });
  }

  /** The agent may not have heard it. */
  #repeatStop(task: TaskRecord): void {
    const now = this.#store.tasks.get(task.arn);
    if (now?.desiredStatus !== 'STOPPED' || now.lastStatus === 'STOPPED') return;
    this.#lines.send(this.#instanceIdOf(now), { type: 'stop', taskArn: now.arn, reason: now.stoppedReason ?? '' });
  }

  /** The agent does not know a task that is stored for it. */
  #settleUnknown(task: TaskRecord): void {
    if (task.lastStatus !== 'PENDING') {
      const stoppedReason = 'The agent has lost this task; what became of its containers is not known.';
      this.#end(task, { stopCode: 'InfrastructureHealth', stoppedReason });
    } else if (task.desiredStatus === 'RUNNING') this.#order(task);
    // It was to stop before its agent had heard of it, so it never started.
    else this.#end(task, {});
  }

  #order(task: TaskRecord): void {
    const order = this.#store.orders.get(task.arn);
    if (order !== undefined) this.#lines.send(this.#instanceIdOf(task), { type: 'run', order });
  }

  #end(task: TaskRecord, why: Pick<TaskRecord, 'stopCode' | 'stoppedReason'>): void {
    const now = Date.now();
    const { stopCode = why.stopCode, stoppedReason = why.stoppedReason } = task;
    const ended: TaskRecord = {
      ...task,
      ...(stopCode !== undefined && { stopCode }),
      ...(stoppedReason !== undefined && { stoppedReason }),
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      containers: task.containers.map((container) => ({
        ...container,
        report: { ...container.report, status: 'STOPPED' },
      })),
      stoppingAt: task.stoppingAt ?? now,
      stoppedAt: now,
      version: task.version + 1,
      changedAt: now,
    };
    this.#putTask(ended);
    this.#store.orders.delete(task.arn);
    this.#touchInstance(task.containerInstanceArn);
  }

  #putTask(task: TaskRecord): void {
    const before = this.#store.tasks.get(task.arn);
    this.#store.tasks.set(task.arn, task);
    // A change of health is seen by DescribeTasks alone.
    if (before?.version !== task.version) this.tellTask(task);
  }

  /** What is left of its resources changed. */
  #touchInstance(arn: string): void {
    const instance = this.#store.containerInstances.get(arn);
    if (instance !== undefined && instance.status !== 'INACTIVE') this.putInstance(instance);
  }

  #instanceIdOf(task: TaskRecord): string {
    return this.#store.containerInstances.get(task.containerInstanceArn)?.ec2InstanceId ?? '';
  }
}

function attributesOf(host: HelloHost): Attribute[] {
  const own = Object.entries(host.attributes).map(([name, value]) => ({ name, value }));
  return [
    { name: 'ecs.ami-id', value: host.imageId },
    { name: 'ecs.availability-zone', value: host.zone },
    { name: 'ecs.cpu-architecture', value: host.architecture },
    { name: 'ecs.instance-type', value: host.instanceType },
    { name: 'ecs.os-type', value: 'linux' },
    { name: 'ecs.subnet-id', value: host.subnetId },
    { name: 'ecs.vpc-id', value: host.vpcId },
    ...own,
  ];
}
