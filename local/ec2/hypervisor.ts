import type { InstanceStateName } from '@aws-sdk/client-ec2';
import type { Cloud } from '../core/service.ts';
import { hostFolder } from '../hosts/host-folder.ts';
import { clearMarks, markedSince } from '../hosts/host-marks.ts';
import { powerOf, writeHost } from '../hosts/host-record.ts';
import { cutOffHost, hasAgent, shutDownHost, startAgent } from '../hosts/power.ts';
import { requireInstanceType } from './instance-types.ts';
import type { InstanceRecord } from './records.ts';
import type { Ec2Store } from './store.ts';
import { parseUserData } from './user-data.ts';
import type { Volumes } from './volumes.ts';

const SUPERVISE_EVERY_MS = 250;
/** How long a host's init system waits before it starts an agent that died again. */
const AGENT_RESTART_MS = 1000;
/** How long an operating system may take to shut down before it is cut off. */
const SHUT_DOWN_MS = 120_000;
/** ECS registers what Linux itself leaves of a host's memory. */
const MEMORY_FOR_TASKS = 0.95;
const CPU_UNITS_PER_VCPU = 1024;

/** Carries out what is stored of instances: each pending, stopping or ending one is brought to where it goes. */
export class Hypervisor {
  readonly #cloud: Cloud;
  readonly #store: Ec2Store;
  readonly #volumes: Volumes;
  readonly #working = new Set<string>();
  /** Since when agents are seen dead. */
  readonly #deadSince = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(cloud: Cloud, store: Ec2Store, volumes: Volumes) {
    this.#cloud = cloud;
    this.#store = store;
    this.#volumes = volumes;
  }

  /** The hosts come back: agents that live are left alone, others are started. A crashed host stays as it is. */
  start(): void {
    for (const record of this.#store.instances.values()) {
      if (record.state === 'running' && this.#isUp(record.id)) startAgent(this.#cloud.dataFolder, record.id);
      this.#work(record.id);
    }
    this.#timer = setInterval(() => this.#supervise(), SUPERVISE_EVERY_MS);
  }

  /** The hosts live on; nobody looks after them. */
  stop(): void {
    clearInterval(this.#timer);
  }

  /** Stores an instance in a new state, tells it, and carries on with it. */
  put(record: InstanceRecord): void {
    const before = this.#store.instances.get(record.id);
    this.#store.instances.set(record.id, record);
    if (before?.state !== record.state) this.#tell(record);
    if (record.isCutOff === true) void this.#guard(cutOffHost(this.#cloud.dataFolder, record.id), record.id);
    this.#work(record.id);
  }

  /** Ends and starts a host; the instance stays `running` all the while. */
  reboot(id: string): void {
    void this.#guard(
      shutDownHost(this.#cloud.dataFolder, id, SHUT_DOWN_MS).then(() => {
        clearMarks(this.#cloud.dataFolder, id);
        startAgent(this.#cloud.dataFolder, id);
      }),
      id,
    );
  }

  #work(id: string): void {
    if (this.#working.has(id)) return;
    this.#working.add(id);
    const done = this.#carryOn(id).finally(() => this.#working.delete(id));
    void this.#guard(done, id);
  }

  /** An order may come while an earlier one is carried out: the loop goes on from what is stored then. */
  async #carryOn(id: string): Promise<void> {
    for (;;) {
      const record = this.#store.instances.get(id);
      const reached = record && (await this.#step(record));
      if (reached === undefined) return;
      const now = this.#store.instances.get(id);
      if (now === undefined || now.state !== record?.state) continue;
      const { isCutOff: _isCutOff, ...rest } = now;
      this.put({ ...rest, state: reached, changedAt: Date.now() });
    }
  }

  /** Does what a state asks for and answers the state that is reached by it; undefined when there is nothing to do. */
  async #step(record: InstanceRecord): Promise<InstanceStateName | undefined> {
    switch (record.state) {
      case 'pending':
        // The caller has its answer before the instance goes on.
        await new Promise((resolve) => setImmediate(resolve));
        this.#boot(record);
        return 'running';
      case 'stopping':
        await this.#shutDown(record);
        return 'stopped';
      case 'shutting-down':
        await this.#shutDown(record);
        this.#volumes.releaseAll(record.id);
        return 'terminated';
      case 'running':
      case 'stopped':
      case 'terminated':
        return undefined;
    }
  }

  async #shutDown({ id, isCutOff }: InstanceRecord): Promise<void> {
    if (isCutOff === true) await cutOffHost(this.#cloud.dataFolder, id);
    else await shutDownHost(this.#cloud.dataFolder, id, SHUT_DOWN_MS);
  }

  #boot(record: InstanceRecord): void {
    const type = requireInstanceType(record.type);
    const { cluster, attributes } = parseUserData(record.userData);
    writeHost({
      instanceId: record.id,
      instanceType: record.type,
      imageId: record.imageId,
      address: record.address,
      zone: record.zone,
      vpcId: record.vpcId,
      subnetId: record.subnetId,
      cpu: type.vcpus * CPU_UNITS_PER_VCPU,
      memoryMiB: Math.floor(type.memoryMiB * MEMORY_FOR_TASKS),
      cluster,
      attributes,
      architecture: type.architecture,
      dataFolder: this.#cloud.dataFolder,
      optFolder: this.#cloud.optFolder,
    });
    this.#volumes.createRoot(record);
    clearMarks(this.#cloud.dataFolder, record.id);
    startAgent(this.#cloud.dataFolder, record.id);
  }

  #supervise(): void {
    const now = Date.now();
    for (const { id, state } of this.#store.instances.values()) {
      const isMissing = state === 'running' && this.#wantsAgent(id) && !hasAgent(this.#cloud.dataFolder, id);
      if (!isMissing) this.#deadSince.delete(id);
      else if (now - this.#since(id, now) >= AGENT_RESTART_MS) {
        this.#cloud.log(`ec2: the agent of ${id} is gone; starting it again`);
        startAgent(this.#cloud.dataFolder, id);
      }
    }
  }

  #wantsAgent(id: string): boolean {
    return powerOf(this.#folder(id)) === 'on' && markedSince(this.#cloud.dataFolder, id, 'agent-held') === undefined;
  }

  /** Neither crashed nor held back: one that was off while the cloud was goes on with it. */
  #isUp(id: string): boolean {
    return powerOf(this.#folder(id)) === 'off' || this.#wantsAgent(id);
  }

  #since(id: string, now: number): number {
    const since = this.#deadSince.get(id) ?? now;
    this.#deadSince.set(id, since);
    return since;
  }

  #tell({ id, state, changedAt }: InstanceRecord): void {
    this.#cloud.emit({
      source: 'aws.ec2',
      detailType: 'EC2 Instance State-change Notification',
      resources: [`arn:aws:ec2:${this.#cloud.region}:${this.#cloud.accountId}:instance/${id}`],
      time: changedAt,
      detail: { 'instance-id': id, state },
    });
  }

  #folder(id: string): string {
    return hostFolder(this.#cloud.dataFolder, id);
  }

  /** What goes wrong here has no caller to tell; it is resumed at the next start. */
  async #guard(work: Promise<void>, id: string): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#cloud.log(`ec2: ${id}: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
}
