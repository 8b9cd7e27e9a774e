import { expect, test } from '@jest/globals';
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
