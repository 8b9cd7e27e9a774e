import { join } from 'node:path';
import type {
  AutoScalingGroupNamesType,
  CreateAutoScalingGroupType,
  CreateOrUpdateTagsType,
  DeleteAutoScalingGroupType,
  DeleteTagsType,
  DescribeAutoScalingInstancesType,
  ScalingProcessQuery,
  SetDesiredCapacityType,
  SetInstanceProtectionQuery,
  TerminateInstanceInAutoScalingGroupType,
  UpdateAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling';
import { DurableMap } from '../core/durable-map.ts';
import type { Cloud, Handlers, LocalService } from '../core/service.ts';
import { onlyMembers } from '../hosts/only-members.ts';
import { CapacityKeeper } from './capacity-keeper.ts';
import { type GroupRecord, lifecycleState, type Member, showGroup } from './group-record.ts';
import { checked, deletedGroup, invalid, mergeTags, newGroup, updatedGroup } from './groups.ts';

const PROCESSES = [
  'Launch',
  'Terminate',
  'AddToLoadBalancer',
  'AlarmNotification',
  'AZRebalance',
  'HealthCheck',
  'InstanceRefresh',
  'ReplaceUnhealthy',
  'ScheduledActions',
];

interface Ports {
  readonly cloud: Cloud;
  readonly groups: DurableMap<GroupRecord>;
  readonly protection: DurableMap<boolean>;
  readonly keeper: CapacityKeeper;
}

/** EC2 Auto Scaling: keeps groups at their desired capacity. */
export function createAutoscalingService(cloud: Cloud): LocalService {
  const groups = new DurableMap<GroupRecord>(join(cloud.dataFolder, 'autoscaling', 'groups.jsonl'));
  const protection = new DurableMap<boolean>(join(cloud.dataFolder, 'autoscaling', 'protection.jsonl'));
  const keeper = new CapacityKeeper(cloud, groups, protection);
  const ports = { cloud, groups, protection, keeper };
  return {
    name: 'autoscaling',
    handlers: { ...groupHandlers(ports), ...instanceHandlers(ports), ...tagHandlers(ports) },
    start: () => keeper.start(),
    stop: () => keeper.stop(),
  };
}

function groupHandlers(ports: Ports): Handlers {
  const { cloud, groups, keeper } = ports;
  const put = (group: GroupRecord): object => {
    groups.set(group.name, group);
    keeper.keep();
    return {};
  };
  return {
    CreateAutoScalingGroup: (input: CreateAutoScalingGroupType) => put(newGroup(cloud, groups, input)),
    UpdateAutoScalingGroup: (input: UpdateAutoScalingGroupType) =>
      put(updatedGroup(requireGroup(groups, input.AutoScalingGroupName), input)),
    DeleteAutoScalingGroup: async (input: DeleteAutoScalingGroupType) => {
      const group = requireGroup(groups, input.AutoScalingGroupName);
      const members = await keeper.membersOf(group);
      return put(deletedGroup(group, input, members.length));
    },
    DescribeAutoScalingGroups: async (input: AutoScalingGroupNamesType) => {
      onlyMembers('DescribeAutoScalingGroups', input, ['AutoScalingGroupNames', 'MaxRecords']);
      const names = input.AutoScalingGroupNames ?? [];
      const wanted = groups.values().filter(({ name }) => names.length === 0 || names.includes(name));
      return {
        AutoScalingGroups: await Promise.all(
          wanted.map(async (group) => showGroup(group, await keeper.membersOf(group))),
        ),
      };
    },
    SetDesiredCapacity: (input: SetDesiredCapacityType) => {
      onlyMembers('SetDesiredCapacity', input, ['AutoScalingGroupName', 'DesiredCapacity', 'HonorCooldown']);
      const group = requireGroup(groups, input.AutoScalingGroupName);
      return put(checked({ ...group, desiredCapacity: input.DesiredCapacity ?? group.desiredCapacity }));
    },
    SuspendProcesses: (input: ScalingProcessQuery) => {
      const group = requireGroup(groups, input.AutoScalingGroupName);
      return put({ ...group, suspended: [...new Set([...group.suspended, ...processesOf(input)])] });
    },
    ResumeProcesses: (input: ScalingProcessQuery) => {
      const group = requireGroup(groups, input.AutoScalingGroupName);
      const resumed = processesOf(input);
      return put({ ...group, suspended: group.suspended.filter((name) => !resumed.includes(name)) });
    },
  };
}

function instanceHandlers({ groups, protection, keeper }: Ports): Handlers {
  const all = async (): Promise<{ readonly group: GroupRecord; readonly member: Member }[]> => {
    const lists = groups
      .values()
      .map(async (group) => (await keeper.membersOf(group)).map((member) => ({ group, member })));
    return (await Promise.all(lists)).flat();
  };
  return {
    DescribeAutoScalingInstances: async (input: DescribeAutoScalingInstancesType) => {
      onlyMembers('DescribeAutoScalingInstances', input, ['InstanceIds', 'MaxRecords']);
      const ids = input.InstanceIds ?? [];
      const found = (await all()).filter(({ member }) => ids.length === 0 || ids.includes(member.instanceId));
      return {
        AutoScalingInstances: found.map(({ group, member }) => ({
          AutoScalingGroupName: group.name,
          AvailabilityZone: member.zone,
          HealthStatus: lifecycleState(member) === 'Terminating' ? 'UNHEALTHY' : 'HEALTHY',
          InstanceId: member.instanceId,
          InstanceType: member.type,
          LaunchTemplate: group.launchTemplate,
          LifecycleState: lifecycleState(member),
          ProtectedFromScaleIn: member.isProtected,
        })),
      };
    },
    TerminateInstanceInAutoScalingGroup: async (input: TerminateInstanceInAutoScalingGroupType) => {
      onlyMembers('TerminateInstanceInAutoScalingGroup', input, ['InstanceId', 'ShouldDecrementDesiredCapacity']);
      const found = (await all()).find(({ member }) => member.instanceId === input.InstanceId);
      if (found === undefined)
        throw invalid(`Instance Id not found - No managed instance found for instance ID: ${input.InstanceId}`);
      const group = requireGroup(groups, found.group.name);
      // The capacity goes down first: a look in between must not start a replacement.
      if (input.ShouldDecrementDesiredCapacity === true)
        groups.set(group.name, checked({ ...group, desiredCapacity: group.desiredCapacity - 1 }));
      await keeper.terminate([found.member.instanceId]);
      keeper.keep();
      const now = new Date();
      return {
        Activity: {
          ActivityId: crypto.randomUUID(),
          AutoScalingGroupName: group.name,
          Cause: 'instance was taken out of service in response to a user request',
          Description: `Terminating EC2 instance: ${found.member.instanceId}`,
          Progress: 0,
          StartTime: now,
          StatusCode: 'InProgress',
        },
      };
    },
    SetInstanceProtection: (input: SetInstanceProtectionQuery) => {
      requireGroup(groups, input.AutoScalingGroupName);
      for (const id of input.InstanceIds ?? []) protection.set(id, input.ProtectedFromScaleIn ?? false);
      keeper.keep();
      return {};
    },
  };
}

function tagHandlers({ groups }: Ports): Handlers {
  return {
    CreateOrUpdateTags: (input: CreateOrUpdateTagsType) => {
      for (const tag of input.Tags ?? []) {
        const group = requireGroup(groups, tag.ResourceId);
        groups.set(group.name, { ...group, tags: mergeTags(group.tags, [tag]) });
      }
      return {};
    },
    DeleteTags: (input: DeleteTagsType) => {
      for (const tag of input.Tags ?? []) {
        const group = requireGroup(groups, tag.ResourceId);
        groups.set(group.name, { ...group, tags: group.tags.filter(({ key }) => key !== tag.Key) });
      }
      return {};
    },
  };
}

function requireGroup(groups: DurableMap<GroupRecord>, name: string | undefined): GroupRecord {
  const group = groups.get(name ?? '');
  if (group === undefined) throw invalid(`AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`);
  return group;
}

function processesOf(input: ScalingProcessQuery): readonly string[] {
  const names = input.ScalingProcesses ?? [];
  const unknown = names.filter((name) => !PROCESSES.includes(name));
  if (unknown.length > 0) throw invalid(`${unknown.join(', ')} is not a valid process; use ${PROCESSES.join(', ')}.`);
  return names.length === 0 ? PROCESSES : names;
}
