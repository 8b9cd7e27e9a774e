import type { Plan } from '../../../../lib/model/plan/plan.ts';
import type { NodeGoal, NodeLease, NodeWait, ServiceState, TaskSeen } from '../../../../lib/model/state.ts';
import type { WaitingReason } from '../../../../lib/model/waiting-reason.ts';

/** Builders of a service with one controller and two brokers, for tests of what is shown of it. */
export const installPlan: Plan = {
  id: '11111111-1111-4111-8111-111111111111',
  service: 'kafka',
  kind: 'install',
  configId: '22222222-2222-4222-8222-222222222222',
  strategy: 'serial',
  phases: [
    {
      id: 'p-c',
      name: 'controller',
      strategy: 'serial',
      steps: [{ id: 's-1000', name: 'controller-0:[controller]', nodeId: 1000 }],
    },
    {
      id: 'p-b',
      name: 'broker',
      strategy: 'serial',
      steps: [
        { id: 's-0', name: 'kafka-0:[broker]', nodeId: 0 },
        { id: 's-1', name: 'kafka-1:[broker]', nodeId: 1 },
      ],
    },
  ],
  createdAt: 1_000,
  requestedBy: 'admin',
};

export const uninstallPlan: Plan = {
  id: '33333333-3333-4333-8333-333333333333',
  service: 'kafka',
  kind: 'uninstall',
  configId: installPlan.configId,
  strategy: 'serial',
  phases: [
    {
      id: 'u-b',
      name: 'uninstall-broker',
      strategy: 'parallel',
      steps: [
        { id: 'u-0', name: 'kafka-0:[broker]', nodeId: 0 },
        { id: 'u-1', name: 'kafka-1:[broker]', nodeId: 1 },
      ],
    },
    {
      id: 'u-c',
      name: 'uninstall-controller',
      strategy: 'parallel',
      steps: [{ id: 'u-1000', name: 'controller-0:[controller]', nodeId: 1000 }],
    },
  ],
  createdAt: 9_000,
  requestedBy: 'admin',
};

export function service(changes: Partial<ServiceState> = {}): ServiceState {
  return {
    target: {
      service: 'kafka',
      configId: installPlan.configId,
      packageVersion: '1.0.0-4.3.1',
      clusterId: 'MkU3OEVBNTcwNTJENDM2Qg',
      brokerIds: [0, 1],
      controllerIds: [1000],
      createdAt: 1_000,
    },
    wish: { service: 'kafka', planId: installPlan.id },
    plans: [installPlan],
    runs: [],
    steps: [],
    goals: [],
    seen: [],
    leases: [],
    verdicts: [],
    waits: [],
    goneHosts: [],
    fences: [],
    hostsSeen: [],
    lastWords: [],
    steering: [],
    nodeWishes: [],
    ...changes,
  };
}

export function goal(nodeId: number, changes: Partial<NodeGoal> = {}): NodeGoal {
  return {
    service: 'kafka',
    nodeId,
    configId: installPlan.configId,
    attempt: 0,
    failures: { count: 0, lastAttempt: 0 },
    ...changes,
  };
}

export const placed = {
  host: { instanceId: 'i-1', containerInstanceArn: 'arn:ci/1', address: '10.0.0.1', zone: 'a' },
  volume: { generation: 1, zone: 'a', sizeGiB: 5, fileSystemMade: false, kafkaFormatted: false },
} as const;

export function launched(nodeId: number): NodeGoal {
  return goal(nodeId, {
    ...placed,
    attempt: 1,
    launch: { attempt: 1, request: '{}', requestedAt: 2_000, taskArn: `arn:task/${nodeId}` },
  });
}

export function task(nodeId: number, lastStatus: string, desiredStatus = 'RUNNING'): TaskSeen {
  return {
    service: 'kafka',
    nodeId,
    taskArn: `arn:task/${nodeId}`,
    purpose: 'node',
    attempt: 1,
    version: 1,
    lastStatus,
    desiredStatus,
  };
}

export function brokerExecution(plan: Plan, run: number, pod: string): string {
  return `arn:aws:states:eu-west-1:1:execution:warden-broker:${plan.id}-${run}-${pod}`;
}

export function wait(nodeId: number, holder: string, reason: WaitingReason): NodeWait {
  return { service: 'kafka', nodeId, holder, reason, since: 5_000 };
}

export function recoveryLease(nodeId: number): NodeLease {
  const holder = `arn:aws:states:eu-west-1:1:execution:warden-broker:kafka-kafka-${nodeId}-x-a1`;
  return { service: 'kafka', nodeId, holder, kind: 'recovery', number: 4, released: false };
}
