import { join } from 'node:path';
import { DurableMap } from '../core/durable-map.ts';
import type { Cloud } from '../core/service.ts';
import type { InstanceRecord } from './records.ts';
import type { Ec2Store } from './store.ts';

/** How long the notice is on AWS. Source: EC2 user guide, Spot Instance interruption notices. */
export const SPOT_NOTICE_SECONDS = 120;

interface Notice {
  readonly instanceId: string;
  /** When the instance is taken back, epoch milliseconds. */
  readonly dueAt: number;
}

/** Warnings that EC2 takes an instance back, and the end of those whose time is up; a crash of the cloud delays no end. */
export class SpotNotices {
  readonly #cloud: Cloud;
  readonly #store: Ec2Store;
  readonly #put: (record: InstanceRecord) => void;
  readonly #notices: DurableMap<Notice>;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(cloud: Cloud, store: Ec2Store, put: (record: InstanceRecord) => void) {
    this.#cloud = cloud;
    this.#store = store;
    this.#put = put;
    this.#notices = new DurableMap(join(cloud.dataFolder, 'ec2', 'spot-notices.jsonl'));
  }

  start(): void {
    for (const notice of this.#notices.values()) this.#wait(notice);
  }

  /** The timers end; the notices stay. */
  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  values(): Notice[] {
    return this.#notices.values();
  }

  give({ id, zone }: InstanceRecord, afterMs: number): void {
    const now = Date.now();
    const notice = { instanceId: id, dueAt: now + afterMs };
    this.#notices.set(id, notice);
    this.#cloud.emit({
      source: 'aws.ec2',
      detailType: 'EC2 Spot Instance Interruption Warning',
      // This one event names the zone where ARNs have the region, and no account.
      resources: [`arn:aws:ec2:${zone}:instance/${id}`],
      time: now,
      detail: { 'instance-id': id, 'instance-action': 'terminate' },
    });
    this.#wait(notice);
  }

  withdrawAll(): void {
    this.stop();
    for (const id of this.#notices.keys()) this.#notices.delete(id);
  }

  #wait({ instanceId, dueAt }: Notice): void {
    clearTimeout(this.#timers.get(instanceId));
    this.#timers.set(
      instanceId,
      setTimeout(() => this.#takeBack(instanceId), Math.max(0, dueAt - Date.now())),
    );
  }

  #takeBack(instanceId: string): void {
    this.#timers.delete(instanceId);
    this.#notices.delete(instanceId);
    const record = this.#store.instances.get(instanceId);
    if (record === undefined || record.state === 'shutting-down' || record.state === 'terminated') return;
    const code = 'Server.SpotInstanceTermination';
    const reason = { code, message: `${code}: Spot instance termination` };
    this.#put({ ...record, state: 'shutting-down', reason, changedAt: Date.now() });
  }
}
