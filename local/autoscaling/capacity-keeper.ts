import type { DescribeInstancesResult, RunInstancesRequest } from '@aws-sdk/client-ec2';
import type { DurableMap } from '../core/durable-map.ts';
import type { Cloud } from '../core/service.ts';
import { GROUP_TAG, type GroupRecord, type Member } from './group-record.ts';
import { planCapacity } from './plan-capacity.ts';

const LOOK_EVERY_MS = 1000;

/** Compares each group with its instances, again and again, and starts or ends instances. */
export class CapacityKeeper {
  readonly #cloud: Cloud;
  readonly #groups: DurableMap<GroupRecord>;
  /** Protection that was set by hand, by instance id. */
  readonly #protection: DurableMap<boolean>;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(cloud: Cloud, groups: DurableMap<GroupRecord>, protection: DurableMap<boolean>) {
    this.#cloud = cloud;
    this.#groups = groups;
    this.#protection = protection;
  }

  start(): void {
    this.#timer = setInterval(() => this.keep(), LOOK_EVERY_MS);
    this.keep();
  }

  /** Resolves when the round under way is over. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#round;
  }

  /** Looks at all groups, after whatever look is under way: two at once would start an instance twice. */
  keep(): void {
    this.#round = this.#round.then(() => this.#lookAtAll());
  }

  async membersOf(group: GroupRecord): Promise<Member[]> {
    const Filters = [
      { Name: `tag:${GROUP_TAG}`, Values: [group.name] },
      { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped', 'shutting-down'] },
    ];
    const answer: DescribeInstancesResult = await this.#cloud.call('ec2', 'DescribeInstances', { Filters });
    const instances = (answer.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
    return instances.map((instance) => ({
      instanceId: instance.InstanceId ?? '',
      type: instance.InstanceType ?? '',
      zone: instance.Placement?.AvailabilityZone ?? '',
      subnetId: instance.SubnetId ?? '',
      state: instance.State?.Name ?? '',
      launchedAt: instance.LaunchTime?.getTime() ?? 0,
      isProtected: this.#protection.get(instance.InstanceId ?? '') ?? group.protectsNewInstances,
    }));
  }

  async terminate(instanceIds: readonly string[]): Promise<void> {
    if (instanceIds.length > 0) await this.#cloud.call('ec2', 'TerminateInstances', { InstanceIds: instanceIds });
  }

  async #lookAtAll(): Promise<void> {
    for (const { name } of this.#groups.values()) {
      if (this.#isStopped) return;
      try {
        await this.#look(name);
      } catch (error) {
        // As on AWS a failed activity is tried again with the next look.
        this.#cloud.log(`autoscaling: ${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  async #look(name: string): Promise<void> {
    const asked = this.#groups.get(name);
    if (asked === undefined) return;
    const members = await this.membersOf(asked);
    // It may have been changed while EC2 was asked.
    const group = this.#groups.get(name);
    if (group === undefined) return;
    if (group.isDeleting && members.length === 0) {
      this.#groups.delete(name);
      return;
    }
    const plan = planCapacity(group, members);
    for (const subnetId of plan.launchIn) await this.#launch(group, subnetId);
    await this.terminate(plan.terminate);
  }

  async #launch(group: GroupRecord, SubnetId: string): Promise<void> {
    const propagated = group.tags
      .filter(({ propagates }) => propagates)
      .map(({ key, value }) => ({ Key: key, Value: value }));
    const { LaunchTemplateId, LaunchTemplateName, Version } = group.launchTemplate;
    const request: RunInstancesRequest = {
      MinCount: 1,
      MaxCount: 1,
      SubnetId,
      LaunchTemplate: { ...(LaunchTemplateId === undefined ? { LaunchTemplateName } : { LaunchTemplateId }), Version },
      TagSpecifications: [{ ResourceType: 'instance', Tags: [...propagated, { Key: GROUP_TAG, Value: group.name }] }],
    };
    await this.#cloud.call('ec2', 'RunInstances', request);
  }
}
