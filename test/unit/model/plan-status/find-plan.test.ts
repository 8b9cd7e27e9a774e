import { describe, expect, test } from '@jest/globals';
import { findPlan, planNames } from '../../../../lib/model/plan/find-plan.ts';
import type { PlanView } from '../../../../lib/model/plan/plan-view.ts';
import { serviceStatus } from '../../../../lib/model/service/service-status.ts';
import type { ServiceState } from '../../../../lib/model/state.ts';
import {
  brokerExecution,
  goal,
  installPlan,
  launched,
  placed,
  recoveryLease,
  service,
  task,
  uninstallPlan,
  wait,
} from './a-service.ts';

function deployOf(state: ServiceState): PlanView {
  const view = findPlan({ type: 'lives', state }, 'deploy');
  if (view === undefined) throw new Error('a service has a deploy plan');
  return view;
}

function statuses(view: PlanView | undefined): unknown {
  return (
    view && [view.status, ...view.phases.map((phase) => [phase.status, ...phase.steps.map((step) => step.status)])]
  );
}

const begun = { planId: installPlan.id, stepId: 's-1000', startedAt: 1_500 };
const done = [
  { ...begun, endedAt: 3_000 },
  { planId: installPlan.id, stepId: 's-0', startedAt: 3_000, endedAt: 4_000 },
  { planId: installPlan.id, stepId: 's-1', startedAt: 4_000, endedAt: 5_000 },
];
const holder = brokerExecution(installPlan, 1, 'controller-0');

describe('the deploy plan', () => {
  test.each([
    ['nothing has begun', service(), ['PENDING', ['PENDING', 'PENDING'], ['PENDING', 'PENDING', 'PENDING']]],
    [
      'the first step has begun and decided nothing',
      service({ steps: [begun], goals: [goal(1000)] }),
      ['PENDING', ['PENDING', 'PENDING'], ['PENDING', 'PENDING', 'PENDING']],
    ],
    [
      'host and volume are decided',
      service({ steps: [begun], goals: [goal(1000, placed)] }),
      ['IN_PROGRESS', ['IN_PROGRESS', 'PREPARED'], ['PENDING', 'PENDING', 'PENDING']],
    ],
    [
      'a task is asked for',
      service({ steps: [begun], goals: [launched(1000)], seen: [task(1000, 'PROVISIONING')] }),
      ['STARTING', ['STARTING', 'STARTING'], ['PENDING', 'PENDING', 'PENDING']],
    ],
    [
      'the task runs and is not ready',
      service({ steps: [begun], goals: [launched(1000)], seen: [task(1000, 'RUNNING')] }),
      ['STARTED', ['STARTED', 'STARTED'], ['PENDING', 'PENDING', 'PENDING']],
    ],
    [
      'the task has stopped again',
      service({ steps: [begun], goals: [launched(1000)], seen: [task(1000, 'STOPPED', 'STOPPED')] }),
      ['IN_PROGRESS', ['IN_PROGRESS', 'PREPARED'], ['PENDING', 'PENDING', 'PENDING']],
    ],
    [
      'the controllers are done',
      service({ steps: done.slice(0, 1) }),
      ['IN_PROGRESS', ['COMPLETE', 'COMPLETE'], ['PENDING', 'PENDING', 'PENDING']],
    ],
    [
      'all is done',
      service({ steps: done }),
      ['COMPLETE', ['COMPLETE', 'COMPLETE'], ['COMPLETE', 'COMPLETE', 'COMPLETE']],
    ],
  ])('when %s', (_, state, expected) => {
    expect(statuses(deployOf(state))).toEqual(expected);
  });

  test('shows why a step waits, as data and as a sentence', () => {
    const reason = { type: 'volume', volumeId: 'vol-1', state: 'creating' } as const;
    const step = deployOf(service({ steps: [begun], waits: [wait(1000, holder, reason)] })).phases[0]?.steps[0];
    expect(step).toEqual({
      id: 's-1000',
      name: 'controller-0:[controller]',
      nodeId: 1000,
      status: 'PENDING',
      message: 'DeployStep: controller-0:[controller] [s-1000] with status: PENDING',
      hasDecisionPoint: false,
      waiting: { reason, sentence: 'waits for volume vol-1, which is creating', since: 5_000 },
    });
  });

  test.each([
    [{ type: 'failover delay', seconds: 4, attempt: 2, stoppedReason: 'exit code 1' }],
    [{ type: 'error', name: 'TasksError', message: 'no answer' }],
  ] as const)('is delayed while its step waits for %j', (reason) => {
    const state = service({ steps: [begun], goals: [launched(1000)], waits: [wait(1000, holder, reason)] });
    expect(statuses(deployOf(state))).toEqual(['DELAYED', ['DELAYED', 'DELAYED'], ['PENDING', 'PENDING', 'PENDING']]);
  });

  test('shows no wait of a recovery or of another plan', () => {
    const waits = [
      wait(1000, recoveryLease(1000).holder, { type: 'error', name: 'X', message: 'x' }),
      wait(1000, brokerExecution(uninstallPlan, 1, 'controller-0'), { type: 'error', name: 'X', message: 'x' }),
    ];
    expect(deployOf(service({ steps: [begun], waits })).phases[0]?.steps[0]?.waiting).toBeUndefined();
  });

  const failed = {
    planId: installPlan.id,
    run: 1,
    outcome: 'failed',
    error: 'States.Runtime',
    endedAt: 6_000,
  } as const;

  test('has errors when its run failed and no step explains it', () => {
    const view = deployOf(service({ steps: [begun], runs: [failed] }));
    expect(view.status).toBe('ERROR');
    expect(view.errors).toEqual(['run 1 of the plan failed: States.Runtime. Reconcile starts the next run']);
  });

  test('is delayed when its run failed while a step waits', () => {
    const reason = { type: 'quorum', detail: 'no leader' } as const;
    const view = deployOf(service({ steps: [begun], runs: [failed], waits: [wait(1000, holder, reason)] }));
    expect(view.errors).toEqual([]);
    expect(view.phases[0]?.steps[0]?.status).toBe('DELAYED');
  });

  test('forgets a failed run once a later run is at work', () => {
    const reason = { type: 'quorum', detail: 'no leader' } as const;
    const later = wait(1000, brokerExecution(installPlan, 2, 'controller-0'), reason);
    const view = deployOf(service({ steps: [begun], runs: [failed], waits: [later] }));
    expect(view.errors).toEqual([]);
    expect(view.phases[0]?.steps[0]?.status).toBe('PENDING');
  });

  test('is the uninstall once that is wished; the install stays under its id', () => {
    const state = service({
      wish: { service: 'kafka', planId: uninstallPlan.id, uninstall: { keepVolumes: false } },
      plans: [installPlan, uninstallPlan],
      steps: [...done, { planId: uninstallPlan.id, stepId: 'u-0', startedAt: 9_500 }],
    });
    expect(statuses(deployOf(state))).toEqual([
      'IN_PROGRESS',
      ['IN_PROGRESS', 'PREPARED', 'PENDING'],
      ['PENDING', 'PENDING'],
    ]);
    expect(findPlan({ type: 'lives', state }, installPlan.id)?.status).toBe('COMPLETE');
    expect(serviceStatus({ type: 'lives', state })).toBe('UNINSTALLING');
  });
});

describe('the recovery plan', () => {
  test('is not there while nothing is recovered', () => {
    const released = { ...recoveryLease(1), released: true };
    const stored = { type: 'lives', state: service({ steps: done, leases: [released] }) } as const;
    expect(planNames(stored)).toEqual(['deploy']);
    expect(findPlan(stored, 'recovery')).toBeUndefined();
    expect(serviceStatus(stored)).toBe('RUNNING');
  });

  test('has one phase per node, named like its step', () => {
    const lease = recoveryLease(1);
    const reason = { type: 'failover delay', seconds: 2, attempt: 2, stoppedReason: 'exit code 137' } as const;
    const state = service({
      steps: done,
      goals: [launched(0), launched(1)],
      seen: [task(0, 'RUNNING'), task(1, 'STOPPED', 'STOPPED')],
      leases: [lease, recoveryLease(0)],
      waits: [wait(1, lease.holder, reason)],
    });
    const stored = { type: 'lives', state } as const;
    const view = findPlan(stored, 'recovery');
    expect(planNames(stored)).toEqual(['deploy', 'recovery']);
    expect(view?.phases.map(({ name }) => name)).toEqual(['kafka-1:[broker]', 'kafka-0:[broker]']);
    expect(statuses(view)).toEqual(['STARTED', ['DELAYED', 'DELAYED'], ['STARTED', 'STARTED']]);
    expect(view?.phases[0]?.steps[0]?.message).toBe(
      'RecoveryStep: kafka-1:[broker] [recovery-1-4] with status: DELAYED RecoveryType: TRANSIENT',
    );
    expect(serviceStatus(stored)).toBe('RECOVERING');
  });
});

describe('an uninstalled service', () => {
  const tombstone = { service: 'kafka', uninstalledAt: 10_000, plan: uninstallPlan, keptVolumeIds: [] };

  test.each(['deploy', uninstallPlan.id])('shows its uninstall complete as %s', (name) => {
    const view = findPlan({ type: 'uninstalled', tombstone }, name);
    expect(view?.status).toBe('COMPLETE');
    expect(view?.phases[1]?.steps[0]?.message).toBe(
      'UninstallStep: controller-0:[controller] [u-1000] with status: COMPLETE',
    );
  });

  test('has no other plans', () => {
    expect(findPlan({ type: 'uninstalled', tombstone }, installPlan.id)).toBeUndefined();
    expect(planNames({ type: 'uninstalled', tombstone })).toEqual(['deploy']);
    expect(serviceStatus({ type: 'uninstalled', tombstone })).toBe('UNINSTALLED');
  });
});

test('there is no plan of an unknown name', () => {
  expect(findPlan({ type: 'lives', state: service() }, 'decommission')).toBeUndefined();
});
