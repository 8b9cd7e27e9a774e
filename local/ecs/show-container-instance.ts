import type { ContainerInstance, Resource } from '@aws-sdk/client-ecs';
import { RESERVED_PORTS, remainingOf } from './placement.ts';
import type { ContainerInstanceRecord } from './records.ts';
import { withIsoTimes } from './show-task.ts';
import { type EcsStore, tasksOn } from './store.ts';

/** What the agent calls itself. */
const AGENT_VERSION = { agentVersion: '0.1.0', agentHash: 'local', dockerVersion: 'local processes' };

/** A container instance as DescribeContainerInstances shows it. */
export function showContainerInstance(store: EcsStore, record: ContainerInstanceRecord): ContainerInstance {
  const tasks = tasksOn(store, record.arn);
  const left = remainingOf({ instance: record, tasks });
  return {
    containerInstanceArn: record.arn,
    ec2InstanceId: record.ec2InstanceId,
    agentConnected: record.agentConnected,
    status: record.status,
    attributes: [...record.attributes],
    attachments: [],
    registeredResources: resources(record.cpu, record.memoryMiB, RESERVED_PORTS),
    remainingResources: resources(left.cpu, left.memoryMiB, left.ports),
    runningTasksCount: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pendingTasksCount: tasks.filter(({ lastStatus }) => lastStatus === 'PENDING').length,
    registeredAt: new Date(record.registeredAt),
    versionInfo: AGENT_VERSION,
    version: record.version,
    tags: [...(store.tags.get(record.arn) ?? [])],
  };
}

/** A container instance as an event shows it. */
export function instanceEventDetail(
  store: EcsStore,
  record: ContainerInstanceRecord,
  now: number,
): Record<string, unknown> {
  const { tags: _tags, ...shown } = showContainerInstance(store, record);
  const clusterArn = `${record.arn.slice(0, record.arn.indexOf(':container-instance/'))}:cluster/${record.cluster}`;
  return withIsoTimes({ ...shown, clusterArn, updatedAt: new Date(now) });
}

function resources(cpu: number, memoryMiB: number, ports: readonly number[]): Resource[] {
  const integer = { type: 'INTEGER', doubleValue: 0, longValue: 0 };
  return [
    { ...integer, name: 'CPU', integerValue: cpu },
    { ...integer, name: 'MEMORY', integerValue: memoryMiB },
    {
      name: 'PORTS',
      type: 'STRINGSET',
      doubleValue: 0,
      longValue: 0,
      integerValue: 0,
      stringSetValue: ports.map(String),
    },
    { name: 'PORTS_UDP', type: 'STRINGSET', doubleValue: 0, longValue: 0, integerValue: 0, stringSetValue: [] },
  ];
}
