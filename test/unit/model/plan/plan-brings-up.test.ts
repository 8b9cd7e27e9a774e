import { describe, expect, test } from '@jest/globals';
import type { NodeChange } from '../../../../lib/model/plan/node-change.ts';
import type { Plan } from '../../../../lib/model/plan/plan.ts';
import { planBringsUp } from '../../../../lib/model/plan/plan-brings-up.ts';
import type { NodeLease, ServiceState } from '../../../../lib/model/state.ts';

const plan: Plan = {
  ...{ id: 'plan-2', service: 'kafka', kind: 'update', configId: 'good', strategy: 'serial', createdAt: 1 },
  requestedBy: 'test',
  phases: [
    {
      ...{ id: 'phase', name: 'broker', strategy: 'serial' },
      steps: [0, 1].map((nodeId) => ({ id: `step-${nodeId}`, name: `kafka-${nodeId}:[broker]`, nodeId })),
    },
  ],
};

const recovery = (nodeId: number): NodeLease => ({
  ...{ service: 'kafka', nodeId, holder: 'somebody', kind: 'recovery', number: 1, released: false },
});

/** What the rule reads of a service: node 0 has a bad config, and the wish leads to a good one. */
function service(changes: Partial<ServiceState> = {}): ServiceState {
  const failures = { count: 3, lastAttempt: 4 };
  const goals = [0, 1].map((nodeId) => ({ service: 'kafka', nodeId, configId: 'bad', attempt: 4, failures }));
  const read = { target: { configId: 'good' }, wish: { planId: 'plan-2' }, plans: [plan], steps: [], steering: [] };
  return { ...read, goals, leases: [recovery(0)], ...changes } as unknown as ServiceState;
}

/** The processes of its nodes have ended once, and may well come back. */
function once(state: ServiceState): ServiceState {
  return { ...state, goals: state.goals.map((goal) => ({ ...goal, failures: { count: 1, lastAttempt: 4 } })) };
}

test('a node whose turn it is to leave a config is brought up by the plan', () => {
  expect(planBringsUp(service(), 0)).toBe(true);
});

test('so it is beside another one that cannot run in its config either: neither waits for the other', () => {
  expect(planBringsUp(service({ leases: [recovery(0), recovery(1)] }), 0)).toBe(true);
});

describe('behind controllers for which the plan changes nothing', () => {
  const ofController = (id: number, change: NodeChange) => ({
    ...{ id: `step-${id}`, name: `controller-${id - 1000}:[controller]`, nodeId: id, change },
  });
  const withControllers = (change: NodeChange): Plan => {
    const steps = [ofController(1000, { type: 'none' }), ofController(1001, change)];
    return { ...plan, phases: [{ id: 'controllers', name: 'controller', strategy: 'serial', steps }, ...plan.phases] };
  };
  const controller = (nodeId: number) => ({
    ...{ service: 'kafka', nodeId, configId: 'bad', attempt: 1, inSyncSince: 5 },
    host: { instanceId: 'i-1', containerInstanceArn: 'arn', address: '10.0.0.1', zone: 'a' },
    volume: {
      ...{ generation: 1, zone: 'a', sizeGiB: 5, id: 'vol', preparedOn: 'i-1' },
      ...{ fileSystemMade: true, kafkaFormatted: true },
    },
    launch: { attempt: 1, request: '{}', requestedAt: 1, taskArn: `task-${nodeId}` },
    failures: { count: 0, lastAttempt: 0 },
  });
  const runs = (nodeId: number, lastStatus = 'RUNNING') => ({
    ...{ service: 'kafka', nodeId, taskArn: `task-${nodeId}`, purpose: 'node' as const, attempt: 1, version: 2 },
    ...{ lastStatus, desiredStatus: lastStatus },
  });
  const isFree = (nodeId: number): NodeLease => ({ ...recovery(nodeId), kind: 'plan', released: true });
  const behind = (change: NodeChange, changes: Partial<ServiceState> = {}) => {
    const { goals, target } = service();
    return service({
      ...{ plans: [withControllers(change)], goals: [...goals, controller(1000), controller(1001)] },
      ...{ target: { ...target, brokerIds: [0, 1], controllerIds: [1000, 1001] }, nodeWishes: [], fences: [] },
      ...{ seen: [runs(1000), runs(1001)], leases: [recovery(0), isFree(1000), isFree(1001)] },
      ...{ goneHosts: [], hostsSeen: [], quorumFormed: { service: 'kafka', formedAt: 1 } },
      ...changes,
    });
  };

  test('the first broker is brought up by the plan, although their steps are not ended yet', () => {
    expect(planBringsUp(behind({ type: 'none' }), 0)).toBe(true);
    expect(planBringsUp(behind({ type: 'none' }), 1)).toBe(false);
  });

  test.each<readonly [string, ServiceState]>([
    ['has to restart one of them first', behind({ type: 'restart', reasons: [{ type: 'option', pointer: '/mem' }] })],
    ['has to start one of them first', behind({ type: 'none' }, { seen: [runs(1000), runs(1001, 'STOPPED')] })],
    ['waits for whoever works on one of them', behind({ type: 'none' }, { leases: [isFree(1000), recovery(1001)] })],
  ])('it is left to its recovery while the plan %s', (_what, state) => {
    expect(planBringsUp(state, 0)).toBe(false);
  });
});

test.each<readonly [string, ServiceState, number]>([
  ['whose step comes later', service({ leases: [] }), 1],
  ['that has the target already', service({ target: { configId: 'bad' } as ServiceState['target'] }), 0],
  ['while another one is recovered, which may wait for it', once(service({ leases: [recovery(0), recovery(1)] })), 0],
  ['of an install', service({ plans: [{ ...plan, kind: 'install' }] }), 0],
  [
    'that an operator holds back',
    service({
      steering: [
        {
          ...{ service: 'kafka', planId: 'plan-2', revision: 1, isInterrupted: true, interruptedPhases: [] },
          ...{ passed: [], forced: [], restarts: [] },
        },
      ],
    }),
    0,
  ],
])('a node %s is left to its recovery', (_which, state, nodeId) => {
  expect(planBringsUp(state, nodeId)).toBe(false);
});
