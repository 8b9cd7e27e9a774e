import { describe, expect, test } from '@jest/globals';
import { planDeploy } from '../../../../lib/model/plan/deploy.ts';
import { parseRunName, planExecutionInput, recoveryName, runName } from '../../../../lib/model/plan/execution.ts';
import { planHibernate, planResume } from '../../../../lib/model/plan/hibernate.ts';
import { isSuperseded } from '../../../../lib/model/plan/superseded.ts';
import { planUninstall } from '../../../../lib/model/plan/uninstall.ts';
import type { ServiceState } from '../../../../lib/model/state.ts';

const request = {
  ...{ service: 'kafka', configId: 'config-1', createdAt: 5, requestedBy: 'admin' },
  ...{ brokerIds: [0, 1], controllerIds: [1000, 1001] },
};

function counter(): () => string {
  let number = 0;
  return () => `id-${++number}`;
}

describe('the plan of a deploy', () => {
  test('brings controllers, then brokers, to their goal one by one, under fresh ids', () => {
    expect(planDeploy(request, 'serial', counter())).toEqual({
      ...{ id: 'id-1', service: 'kafka', kind: 'install', configId: 'config-1', strategy: 'serial' },
      ...{ createdAt: 5, requestedBy: 'admin' },
      phases: [
        {
          ...{ id: 'id-2', name: 'controller', strategy: 'serial' },
          steps: [
            { id: 'id-3', name: 'controller-0:[controller]', nodeId: 1000 },
            { id: 'id-4', name: 'controller-1:[controller]', nodeId: 1001 },
          ],
        },
        {
          ...{ id: 'id-5', name: 'broker', strategy: 'serial' },
          steps: [
            { id: 'id-6', name: 'kafka-0:[broker]', nodeId: 0 },
            { id: 'id-7', name: 'kafka-1:[broker]', nodeId: 1 },
          ],
        },
      ],
    });
  });
});

describe('the plan of an uninstall', () => {
  test('stops brokers, then controllers, side by side', () => {
    const { kind, phases } = planUninstall(request, counter());
    expect(kind).toBe('uninstall');
    expect(phases.map(({ name, strategy, steps }) => [name, strategy, steps.map(({ nodeId }) => nodeId)])).toEqual([
      ['uninstall-broker', 'parallel', [0, 1]],
      ['uninstall-controller', 'parallel', [1000, 1001]],
    ]);
  });
});

describe('the plans of a hibernation', () => {
  const asked = { ...request, previousConfigId: 'config-0' };

  test('stop brokers, then controllers, side by side', () => {
    const plan = planHibernate(asked, counter());
    expect(plan).toMatchObject({ kind: 'hibernate', strategy: 'serial', previousConfigId: 'config-0' });
    expect(plan.phases.map(({ name, strategy, steps }) => [name, strategy, steps.map(({ nodeId }) => nodeId)])).toEqual(
      [
        ['hibernate-broker', 'parallel', [0, 1]],
        ['hibernate-controller', 'parallel', [1000, 1001]],
      ],
    );
    expect(planExecutionInput(plan, 1)).toMatchObject({
      kind: 'hibernation',
      controllers: [{ nodeId: 1000 }, { nodeId: 1001 }],
      brokers: [{ nodeId: 0 }, { nodeId: 1 }],
    });
  });

  test('start all nodes again at the same time', () => {
    const plan = planResume(asked, counter());
    expect(plan).toMatchObject({ kind: 'resume', strategy: 'parallel', previousConfigId: 'config-0' });
    expect(plan.phases.map(({ name, strategy }) => [name, strategy])).toEqual([
      ['controller', 'parallel'],
      ['broker', 'parallel'],
    ]);
    const { kind, nodes } = planExecutionInput(plan, 1);
    expect([kind, nodes.map(({ nodeId }) => nodeId)]).toEqual(['plan', [0, 1, 1000, 1001]]);
  });

  test('of a combined service have its one node in one phase', () => {
    const combined = { ...asked, brokerIds: [0], controllerIds: [0] };
    for (const plan of [planHibernate(combined, counter()), planResume(combined, counter())])
      expect(plan.phases.map(({ steps }) => steps.map(({ nodeId }) => nodeId))).toEqual([[0]]);
  });
});

describe('the input of a run', () => {
  test('of a deploy names each step and the execution that takes it', () => {
    expect(planExecutionInput(planDeploy(request, 'serial', counter()), 3)).toEqual({
      ...{ v: 1, service: 'kafka', planId: 'id-1', run: 3, kind: 'plan' },
      controllers: [
        { nodeId: 1000, stepId: 'id-3', executionName: 'id-1-3-controller-0' },
        { nodeId: 1001, stepId: 'id-4', executionName: 'id-1-3-controller-1' },
      ],
      brokers: [
        { nodeId: 0, stepId: 'id-6', executionName: 'id-1-3-kafka-0' },
        { nodeId: 1, stepId: 'id-7', executionName: 'id-1-3-kafka-1' },
      ],
      brokersAtOnce: 1,
      nodes: [
        { nodeId: 0, stepId: 'id-6', executionName: 'id-1-3-kafka-0' },
        { nodeId: 1, stepId: 'id-7', executionName: 'id-1-3-kafka-1' },
        { nodeId: 1000, stepId: 'id-3', executionName: 'id-1-3-controller-0' },
        { nodeId: 1001, stepId: 'id-4', executionName: 'id-1-3-controller-1' },
      ],
      phases: [
        {
          ...{ name: 'controller', concurrency: 0 },
          steps: [
            { nodeId: 1000, stepId: 'id-3', executionName: 'id-1-3-controller-0' },
            { nodeId: 1001, stepId: 'id-4', executionName: 'id-1-3-controller-1' },
          ],
        },
        {
          ...{ name: 'broker', concurrency: 1 },
          steps: [
            { nodeId: 0, stepId: 'id-6', executionName: 'id-1-3-kafka-0' },
            { nodeId: 1, stepId: 'id-7', executionName: 'id-1-3-kafka-1' },
          ],
        },
      ],
    });
  });

  test.each([
    ['serial', 1],
    ['serial-canary', 1],
    ['parallel', 0],
    ['parallel-canary', 0],
  ] as const)('lets the brokers of strategy %s be under way %d at once, 0 for all', (strategy, concurrency) => {
    const plan = planDeploy(request, 'serial', counter());
    const phases = plan.phases.map((phase) => (phase.name === 'broker' ? { ...phase, strategy } : phase));
    expect(planExecutionInput({ ...plan, phases }, 1).phases.map((phase) => phase.concurrency)).toEqual([
      0,
      concurrency,
    ]);
  });

  test('of an uninstall takes leases of its kind', () => {
    const input = planExecutionInput(planUninstall(request, counter()), 1);
    expect(input.kind).toBe('uninstall');
    expect(input.brokers.map(({ nodeId }) => nodeId)).toEqual([0, 1]);
    expect(input.controllers.map(({ nodeId }) => nodeId)).toEqual([1000, 1001]);
  });
});

describe('the names of executions', () => {
  const planId = '0a1b2c3d-0000-4000-8000-00000000000f';

  test('of runs are read as they were written, and of nothing else', () => {
    expect(parseRunName(runName(planId, 12))).toEqual({ planId, run: 12 });
    for (const name of [`${planId}-1-kafka-0`, planId, `${planId}-`, 'kafka-kafka-0-lxyz-a1-1', '', `x${planId}-1`]) {
      expect(parseRunName(name)).toBeUndefined();
    }
  });

  test('fit into Step Functions’ 80 characters and alphabet, at their longest', () => {
    const longest = [
      `${runName(planId, 1_000)}-controller-999`,
      `${recoveryName('k'.repeat(32), 1_999, 999_999, 9_999_999_999_999)}-1000`,
    ];
    for (const name of longest) {
      expect(name.length).toBeLessThanOrEqual(80);
      expect(name).toMatch(/^[A-Za-z0-9_-]+$/);
    }
  });

  test('of recoveries differ by service, its life, node and try', () => {
    const names = [
      recoveryName('kafka', 0, 1, 1_000),
      recoveryName('kafka', 0, 2, 1_000),
      recoveryName('kafka', 1, 1, 1_000),
      recoveryName('kafka', 0, 1, 2_000),
      recoveryName('orders', 0, 1, 1_000),
    ];
    expect(new Set(names).size).toBe(5);
  });
});

describe('the work of an execution', () => {
  const stateOf = (planId: string, isUninstalled = false): ServiceState => ({
    target: { ...request, packageVersion: '1.0.0-4.3.1', clusterId: 'id' },
    wish: { service: 'kafka', planId, ...(isUninstalled ? { uninstall: { keepVolumes: false } } : {}) },
    ...{
      plans: [],
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
    },
  });

  test.each([
    ['plan', 'plan-1', false, false],
    ['plan', 'plan-2', false, true],
    ['plan', 'plan-2', true, true],
    ['uninstall', 'plan-1', true, false],
    ['recovery', 'plan-2', false, false],
    ['recovery', 'plan-2', true, true],
  ] as const)(
    'of a %s of plan-1 under the wish %s (uninstall: %s) is superseded: %s',
    (kind, planId, gone, expected) => {
      expect(isSuperseded(stateOf(planId, gone), { kind, planId: 'plan-1' })).toBe(expected);
    },
  );
});
