import type { AutoScalingGroup, LaunchTemplateSpecification } from '@aws-sdk/client-auto-scaling';

/** A group as it is stored. Which instances it has is what EC2 says of the tag that they wear. */
export interface GroupRecord {
  readonly name: string;
  readonly arn: string;
  readonly launchTemplate: LaunchTemplateSpecification;
  readonly minSize: number;
  readonly maxSize: number;
  readonly desiredCapacity: number;
  readonly subnetIds: readonly string[];
  readonly cooldownSeconds: number;
  readonly healthCheckType: string;
  readonly healthCheckGraceSeconds: number;
  readonly protectsNewInstances: boolean;
  readonly suspended: readonly string[];
  readonly tags: readonly GroupTag[];
  readonly isDeleting: boolean;
  readonly createdAt: number;
}

/** A tag of a group. */
export interface GroupTag {
  readonly key: string;
  readonly value: string;
  readonly propagates: boolean;
}

/** An instance of a group, as the group sees it. */
export interface Member {
  readonly instanceId: string;
  readonly type: string;
  readonly zone: string;
  readonly subnetId: string;
  readonly state: string;
  readonly launchedAt: number;
  readonly isProtected: boolean;
}

/** The tag by which EC2 knows the instances of a group. */
export const GROUP_TAG = 'aws:autoscaling:groupName';

/** Instances that count for the capacity. */
export function isLive({ state }: Member): boolean {
  return state === 'pending' || state === 'running';
}

/** A member's life as Auto Scaling names it. */
export function lifecycleState({ state }: Member): 'Pending' | 'InService' | 'Terminating' {
  if (state === 'pending') return 'Pending';
  return state === 'running' ? 'InService' : 'Terminating';
}

/** A group as DescribeAutoScalingGroups shows it. */
export function showGroup(record: GroupRecord, members: readonly Member[]): AutoScalingGroup {
  return {
    AutoScalingGroupName: record.name,
    AutoScalingGroupARN: record.arn,
    LaunchTemplate: record.launchTemplate,
    MinSize: record.minSize,
    MaxSize: record.maxSize,
    DesiredCapacity: record.desiredCapacity,
    DefaultCooldown: record.cooldownSeconds,
    AvailabilityZones: [...new Set(members.map(({ zone }) => zone))],
    HealthCheckType: record.healthCheckType,
    HealthCheckGracePeriod: record.healthCheckGraceSeconds,
    CreatedTime: new Date(record.createdAt),
    VPCZoneIdentifier: record.subnetIds.join(','),
    NewInstancesProtectedFromScaleIn: record.protectsNewInstances,
    SuspendedProcesses: record.suspended.map((ProcessName) => ({ ProcessName, SuspensionReason: 'User suspended' })),
    TerminationPolicies: ['Default'],
    LoadBalancerNames: [],
    TargetGroupARNs: [],
    EnabledMetrics: [],
    ...(record.isDeleting && { Status: 'Delete in progress' }),
    Instances: members.map((member) => ({
      InstanceId: member.instanceId,
      InstanceType: member.type,
      AvailabilityZone: member.zone,
      LifecycleState: lifecycleState(member),
      HealthStatus: isLive(member) ? 'Healthy' : 'Unhealthy',
      LaunchTemplate: record.launchTemplate,
      ProtectedFromScaleIn: member.isProtected,
    })),
    Tags: record.tags.map(({ key, value, propagates }) => ({
      Key: key,
      Value: value,
      PropagateAtLaunch: propagates,
      ResourceId: record.name,
      ResourceType: 'auto-scaling-group',
    })),
  };
}
