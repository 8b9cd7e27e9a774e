import { randomUUID } from 'node:crypto';
import type {
  CreateAutoScalingGroupType,
  DeleteAutoScalingGroupType,
  Tag,
  UpdateAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling';
import { AwsError } from '../core/aws-error.ts';
import type { DurableMap } from '../core/durable-map.ts';
import type { Cloud } from '../core/service.ts';
import { onlyMembers } from '../hosts/only-members.ts';
import type { GroupRecord, GroupTag } from './group-record.ts';

const COMMON_MEMBERS = [
  'AutoScalingGroupName',
  'LaunchTemplate',
  'MinSize',
  'MaxSize',
  'DesiredCapacity',
  'VPCZoneIdentifier',
  'DefaultCooldown',
  'HealthCheckType',
  'HealthCheckGracePeriod',
  'NewInstancesProtectedFromScaleIn',
];

/** A new group from its request. @throws AwsError AlreadyExists, ValidationError */
export function newGroup(
  cloud: Cloud,
  groups: DurableMap<GroupRecord>,
  input: CreateAutoScalingGroupType,
): GroupRecord {
  onlyMembers('CreateAutoScalingGroup', input, [...COMMON_MEMBERS, 'Tags']);
  const { AutoScalingGroupName: name = '', LaunchTemplate: launchTemplate } = input;
  if (groups.has(name))
    throw new AwsError(
      'AlreadyExists',
      `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`,
    );
  if (launchTemplate === undefined)
    throw invalid('Valid requests must contain the LaunchTemplate parameter on the local cloud.');
  return checked({
    name,
    arn: `arn:aws:autoscaling:${cloud.region}:${cloud.accountId}:autoScalingGroup:${randomUUID()}:autoScalingGroupName/${name}`,
    launchTemplate,
    minSize: input.MinSize ?? 0,
    maxSize: input.MaxSize ?? 0,
    desiredCapacity: input.DesiredCapacity ?? input.MinSize ?? 0,
    subnetIds: subnetsOf(input.VPCZoneIdentifier),
    cooldownSeconds: input.DefaultCooldown ?? 300,
    healthCheckType: input.HealthCheckType ?? 'EC2',
    healthCheckGraceSeconds: input.HealthCheckGracePeriod ?? 0,
    protectsNewInstances: input.NewInstancesProtectedFromScaleIn ?? false,
    suspended: [],
    tags: mergeTags([], input.Tags ?? []),
    isDeleting: false,
    createdAt: Date.now(),
  });
}

/** The group after an update; a capacity that was not given follows the new limits. */
export function updatedGroup(group: GroupRecord, input: UpdateAutoScalingGroupType): GroupRecord {
  onlyMembers('UpdateAutoScalingGroup', input, COMMON_MEMBERS);
  const minSize = input.MinSize ?? group.minSize;
  const maxSize = input.MaxSize ?? group.maxSize;
  return checked({
    ...group,
    launchTemplate: input.LaunchTemplate ?? group.launchTemplate,
    minSize,
    maxSize,
    desiredCapacity: input.DesiredCapacity ?? Math.min(maxSize, Math.max(minSize, group.desiredCapacity)),
    subnetIds: input.VPCZoneIdentifier === undefined ? group.subnetIds : subnetsOf(input.VPCZoneIdentifier),
    cooldownSeconds: input.DefaultCooldown ?? group.cooldownSeconds,
    healthCheckType: input.HealthCheckType ?? group.healthCheckType,
    healthCheckGraceSeconds: input.HealthCheckGracePeriod ?? group.healthCheckGraceSeconds,
    protectsNewInstances: input.NewInstancesProtectedFromScaleIn ?? group.protectsNewInstances,
  });
}

/** The group on its way out. @throws AwsError ResourceInUse when it has instances and force was not asked for */
export function deletedGroup(group: GroupRecord, input: DeleteAutoScalingGroupType, memberCount: number): GroupRecord {
  onlyMembers('DeleteAutoScalingGroup', input, ['AutoScalingGroupName', 'ForceDelete']);
  if (memberCount > 0 && input.ForceDelete !== true) {
    throw new AwsError(
      'ResourceInUse',
      `You cannot delete an AutoScalingGroup while there are instances still in the group (${memberCount}). Use ForceDelete.`,
    );
  }
  return { ...group, minSize: 0, desiredCapacity: 0, isDeleting: true };
}

/** @throws AwsError ValidationError when the capacity does not lie within the limits */
export function checked(group: GroupRecord): GroupRecord {
  const { name, minSize, maxSize, desiredCapacity, subnetIds } = group;
  if (name === '') throw invalid('AutoScalingGroupName must not be empty.');
  if (subnetIds.length === 0) throw invalid('VPCZoneIdentifier must name at least one subnet on the local cloud.');
  if (minSize > maxSize) throw invalid(`Max bound, ${maxSize}, must be greater than or equal to min bound, ${minSize}`);
  if (desiredCapacity < minSize)
    throw invalid(
      `Desired capacity:${desiredCapacity} must be between the specified min size:${minSize} and max size:${maxSize}`,
    );
  if (desiredCapacity > maxSize)
    throw invalid(
      `Desired capacity:${desiredCapacity} must be between the specified min size:${minSize} and max size:${maxSize}`,
    );
  return group;
}

/** Tags after some were set. */
export function mergeTags(tags: readonly GroupTag[], added: readonly Tag[]): GroupTag[] {
  const kept = tags.filter(({ key }) => !added.some(({ Key }) => Key === key));
  return [
    ...kept,
    ...added.map(({ Key = '', Value = '', PropagateAtLaunch = false }) => ({
      key: Key,
      value: Value,
      propagates: PropagateAtLaunch,
    })),
  ];
}

/** A refusal in the words of Auto Scaling. */
export function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

function subnetsOf(text: string | undefined): string[] {
  return (text ?? '').split(',').filter((id) => id !== '');
}
