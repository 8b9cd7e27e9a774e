import { describe, expect, test } from '@jest/globals';
import { type Host, placeTask, remainingOf } from '../../../../local/ecs/placement.ts';
import { parseExpression } from '../../../../local/ecs/placement-expression.ts';
import type { ContainerInstanceRecord, TaskRecord } from '../../../../local/ecs/records.ts';

function instance(id: string, more: Partial<ContainerInstanceRecord> = {}): ContainerInstanceRecord {
  return {
    arn: `arn:container-instance/${id}`,
    cluster: 'test',
    ec2InstanceId: id,
    status: 'ACTIVE',
    agentConnected: true,
    incarnation: 'one',
    cpu: 2048,
    memoryMiB: 7000,
    zone: 'us-east-1a',
    attributes: [
      { name: 'ecs.availability-zone', value: 'us-east-1a' },
      { name: 'rack', value: 'r 1' },
    ],
    version: 1,
    registeredAt: 0,
    ...more,
  };
}

function task(more: Partial<TaskRecord>): TaskRecord {
  return {
    arn: 'arn:task/1',
    cluster: 'test',
    definitionArn: 'arn:task-definition/x:1',
    containerInstanceArn: 'arn:container-instance/i-1',
    zone: 'us-east-1a',
    group: 'family:x',
    overrides: {},
    cpu: 1000,
    memoryMiB: 2000,
    ports: [9092],
    containers: [],
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    version: 1,
    createdAt: 0,
    changedAt: 0,
    ...more,
  };
}

const NEEDS = { cpu: 512, memoryMiB: 1000, ports: [9092], group: 'family:y' };
const free: Host = { instance: instance('i-1'), tasks: [] };
const busy: Host = { instance: instance('i-2'), tasks: [task({})] };

function refusals(hosts: readonly Host[], needs: Partial<typeof NEEDS> = {}, expression?: string): unknown {
  const constraints = expression === undefined ? [] : [{ type: 'memberOf' as const, expression }];
  const placement = placeTask(hosts, { ...NEEDS, ...needs }, constraints);
  return placement.type === 'placed'
    ? placement.instance.ec2InstanceId
    : placement.failures.map(({ reason }) => reason);
}

describe('a task', () => {
  test('goes to the host with the most memory left', () => {
    expect(refusals([busy, free], { ports: [] })).toBe('i-1');
  });

  test('is refused with the resource that is short', () => {
    expect(refusals([busy], { ports: [] })).toBe('i-2');
    expect(refusals([busy])).toEqual(['RESOURCE:PORTS']);
    expect(refusals([busy], { cpu: 1049 })).toEqual(['RESOURCE:CPU']);
    expect(refusals([busy], { memoryMiB: 5001 })).toEqual(['RESOURCE:MEMORY']);
    expect(refusals([free], { ports: [51678] })).toEqual(['RESOURCE:PORTS']);
  });

  test('never goes to a host that is draining or not connected', () => {
    expect(refusals([{ instance: instance('i-3', { agentConnected: false }), tasks: [] }])).toEqual(['AGENT']);
    expect(refusals([{ instance: instance('i-3', { status: 'DRAINING' }), tasks: [] }])).toEqual(['INACTIVE']);
  });

  test('pinned to a host goes there or is told why it cannot', () => {
    expect(refusals([free, busy], { ports: [] }, "ec2InstanceId in ['i-2']")).toBe('i-2');
    expect(refusals([free, busy], {}, "ec2InstanceId in ['i-2']")).toEqual(['RESOURCE:PORTS']);
    expect(refusals([free], {}, 'ec2InstanceId == i-9')).toEqual(['MemberOf placement constraint unsatisfied.']);
  });
});

test('what a stopping task holds is not yet free', () => {
  const stopping: Host = { instance: instance('i-1'), tasks: [task({ lastStatus: 'STOPPING' })] };
  expect(remainingOf(stopping)).toEqual({
    cpu: 1048,
    memoryMiB: 5000,
    ports: [22, 2375, 2376, 51678, 51679, 51680, 9092],
  });
});

describe('an expression of the cluster query language', () => {
  const values: Record<string, readonly string[]> = {
    ec2InstanceId: ['i-1'],
    'attribute:ecs.availability-zone': ['us-east-1a'],
    'attribute:rack': ['r 1'],
    runningTasksCount: ['3'],
    'task:group': ['family:x', 'family:y'],
  };
  const holds = (text: string): boolean => parseExpression(text)((name) => values[name] ?? []);

  test.each([
    "ec2InstanceId in ['i-1', 'i-2']",
    'ec2InstanceId in [i-2,i-1]',
    'attribute:ecs.availability-zone == us-east-1a',
    "attribute:rack == 'r 1'",
    'attribute:ecs.availability-zone =~ us-east-1.* and runningTasksCount > 2',
    'attribute:gpu !exists',
    'attribute:rack exists and not (ec2InstanceId == i-2 or runningTasksCount >= 4)',
    'attribute:rack equals "r 1"',
    'task:group == family:y',
    'attribute:ecs.availability-zone not_in [us-east-1b]',
  ])('%s holds', (text) => expect(holds(text)).toBe(true));

  test.each([
    'ec2InstanceId != i-1',
    'attribute:gpu == yes',
    'runningTasksCount <= 2 || ec2InstanceId == i-3',
    'task:group !in [family:x]',
  ])('%s does not hold', (text) => expect(holds(text)).toBe(false));

  test.each([
    '',
    'instance == i-1',
    'ec2InstanceId in i-1',
    'ec2InstanceId ==',
    '(ec2InstanceId == i-1',
    'ec2InstanceId == i-1 i-2',
  ])('%s is refused', (text) => {
    expect(() => holds(text)).toThrow(expect.objectContaining({ name: 'InvalidParameterException' }));
  });
});
