import { describe, expect, test } from '@jest/globals';
import type { Plan } from '../../../../lib/model/plan/plan.ts';
import { viewPlan } from '../../../../lib/model/plan/plan-view.ts';
import type { PlanSteering } from '../../../../lib/model/plan/steering.ts';
import { serviceStatus } from '../../../../lib/model/service/service-status.ts';
import type { ServiceState } from '../../../../lib/model/state.ts';
import { brokerExecution, goal, installPlan, launched, placed, service, task, uninstallPlan } from './a-service.ts';

const planId = '44444444-4444-4444-8444-444444444444';
const updatePlan: Plan = {
  ...{ ...installPlan, id: planId, kind: 'update', createdAt: 5_000 },
  phases: [
    {
      ...{ id: 'q-c', name: 'controller', strategy: 'serial' },
      steps: [{ id: 't-1000', name: 'controller-0:[controller]', nodeId: 1000 }],
    },
    {
      ...{ id: 'q-b', name: 'broker', strategy: 'serial' },
      steps: [
        { id: 't-0', name: 'kafka-0:[broker]', nodeId: 0 },
        { id: 't-1', name: 'kafka-1:[broker]', nodeId: 1 },
      ],
    },
  ],
};

const said = (changes: Partial<PlanSteering>): PlanSteering => ({
  ...{ service: 'kafka', planId, revision: 1 },
  ...{ isInterrupted: false, interruptedPhases: [], passed: [], forced: [], restarts: [] },
  ...changes,
});

/** A service whose nodes all run since before the update. */
function updating(changes: Partial<ServiceState> = {}): ServiceState {
  return service({
    ...{ wish: { service: 'kafka', planId }, plans: [installPlan, updatePlan] },
    goals: [launched(0), launched(1), launched(1000)],
    seen: [task(0, 'RUNNING'), task(1, 'RUNNING'), task(1000, 'RUNNING')],
    ...changes,
  });
}

function statuses(state: ServiceState, plan = updatePlan): unknown {
  const view = viewPlan(state, plan);
  return [view.status, ...view.phases.map((phase) => [phase.status, ...phase.steps.map((step) => step.status)])];
}

const step = (stepId: string, endedAt?: number) => ({
  ...{ planId, stepId, startedAt: 6_000 },
  ...(endedAt === undefined ? {} : { endedAt }),
});
const controllerDone = step('t-1000', 7_000);

describe('an update', () => {
  test.each<readonly [string, Partial<ServiceState>, unknown]>([
    ['has begun nothing', {}, ['PENDING', ['PENDING', 'PENDING'], ['PENDING', 'PENDING', 'PENDING']]],
    [
      'is about to stop a node that still runs',
      { steps: [step('t-1000')] },
      ['IN_PROGRESS', ['IN_PROGRESS', 'PREPARED'], ['PENDING', 'PENDING', 'PENDING']],
    ],
    [
      'has started the node anew',
      {
        steps: [controllerDone, step('t-0')],
        goals: [
          goal(0, {
            ...placed,
            attempt: 2,
            launch: { attempt: 2, request: '{}', requestedAt: 6_500, taskArn: 'arn:task/0' },
          }),
        ],
      },
      ['IN_PROGRESS', ['COMPLETE', 'COMPLETE'], ['STARTED', 'STARTED', 'PENDING']],
    ],
    [
      'was interrupted while a step is under way',
      { steps: [controllerDone, step('t-0')], steering: [said({ isInterrupted: true })] },
      ['WAITING', ['COMPLETE', 'COMPLETE'], ['IN_PROGRESS', 'PREPARED', 'PENDING']],
    ],
    [
      'was interrupted in a phase',
      { steps: [controllerDone], steering: [said({ interruptedPhases: ['q-b'] })] },
      ['WAITING', ['COMPLETE', 'COMPLETE'], ['WAITING', 'PENDING', 'PENDING']],
    ],
    [
      'was interrupted in a phase that it has not come to',
      { steps: [step('t-1000')], steering: [said({ interruptedPhases: ['q-b'] })] },
      ['IN_PROGRESS', ['IN_PROGRESS', 'PREPARED'], ['WAITING', 'PENDING', 'PENDING']],
    ],
    [
      'was forced to be complete',
      { steps: [controllerDone, step('t-0')], steering: [said({ isInterrupted: true, forced: ['t-0', 't-1'] })] },
      ['COMPLETE', ['COMPLETE', 'COMPLETE'], ['COMPLETE', 'COMPLETE', 'COMPLETE']],
    ],
    [
      'does a step again',
      {
        steps: [controllerDone, step('t-0', 7_100), step('t-1', 7_200)],
        steering: [said({ restarts: [{ stepId: 't-0', times: 1, requestedBy: 'ada' }] })],
      },
      ['IN_PROGRESS', ['COMPLETE', 'COMPLETE'], ['IN_PROGRESS', 'PENDING', 'COMPLETE']],
    ],
  ])('that %s', (_, changes, expected) => {
    expect(statuses(updating(changes))).toEqual(expected);
  });

  test('says what step 0 waits for, and how to go on', () => {
    const reason = { type: 'operator', decision: 'continue', why: 'decision point', phase: 'broker', planId } as const;
    const holder = brokerExecution(updatePlan, 1, 'kafka-0');
    const waits = [{ service: 'kafka', nodeId: 0, holder, reason, since: 8_000 }];
    expect(viewPlan(updating({ steps: [controllerDone], waits }), updatePlan).phases[1]?.steps[0]?.waiting).toEqual({
      ...{ reason, since: 8_000 },
      sentence:
        'waits for an operator: phase broker stops here until somebody has looked at the service; "warden plan continue deploy" goes on',
    });
  });
});

describe('the errors of a plan', () => {
  const errorsOf = (state: ServiceState, plan = updatePlan) => {
    const { status, errors, errorsInBlocks } = viewPlan(state, plan);
    return { status, errors, errorsInBlocks };
  };
  const both = (status: string, ...errors: readonly string[]) => ({ status, errors, errorsInBlocks: errors });
  const allDone = [controllerDone, step('t-0', 7_100), step('t-1', 7_200)];
  const refusedUpdate = {
    ...{ service: 'kafka', refusedAt: 8_000, requestedBy: 'admin' },
    errors: [
      { inBlocks: 'Validation error on field "BROKER_COUNT"', inSteps: "Field: 'PodSpec[name:kafka]'; Fatal: false" },
    ],
  };

  test('are those of a refused update in the words of each guide, while its steps go on', () => {
    const state = updating({ refusedUpdate, steps: [step('t-1000')] });
    expect(errorsOf(state)).toEqual({
      status: 'ERROR',
      errors: ["Field: 'PodSpec[name:kafka]'; Fatal: false"],
      errorsInBlocks: ['Validation error on field "BROKER_COUNT"'],
    });
    expect(viewPlan(state, updatePlan).phases[0]?.status).toBe('IN_PROGRESS');
  });

  test('are told apart: what hinders the plan, and what only stands there', () => {
    const takesBack = { planId: installPlan.id, reason: 'kafka-0 was not in sync within 600 s' };
    const three = (state: ServiceState, plan: Plan) => {
      const { status, statusWithoutRefusals, ownStatus } = viewPlan(state, plan);
      return [status, statusWithoutRefusals, ownStatus];
    };
    const through = updating({ refusedUpdate, steps: allDone });
    expect(three(through, updatePlan)).toEqual(['ERROR', 'COMPLETE', 'COMPLETE']);
    expect(three(through, { ...updatePlan, takesBack })).toEqual(['ERROR', 'ERROR', 'COMPLETE']);
    expect(serviceStatus({ type: 'lives', state: through })).toBe('RUNNING');
    const runs = [{ planId, run: 1, outcome: 'failed', error: 'States.Runtime', endedAt: 9_000 }] as const;
    const dead = updating({ refusedUpdate, steps: [controllerDone], runs });
    expect(three(dead, updatePlan)).toEqual(['ERROR', 'ERROR', 'ERROR']);
    expect(serviceStatus({ type: 'lives', state: dead })).toBe('ERROR');
  });

  test('are not those of a refused update when another plan is the wish', () => {
    const steps = ['s-1000', 's-0', 's-1'].map((stepId) => ({
      planId: installPlan.id,
      stepId,
      startedAt: 1,
      endedAt: 2,
    }));
    expect(errorsOf(updating({ refusedUpdate, steps }), installPlan)).toEqual(both('COMPLETE'));
  });

  test('say why it takes another plan back, also when that is done', () => {
    const takesBack = { planId: installPlan.id, reason: 'kafka-0 was not in sync within 600 s' };
    expect(errorsOf(updating({ steps: allDone }), { ...updatePlan, takesBack })).toEqual(
      both('ERROR', `takes back plan ${installPlan.id}: kafka-0 was not in sync within 600 s`),
    );
  });

  test('name the plan that took over before it was complete, and why it was taken back', () => {
    const wish = { service: 'kafka', planId: uninstallPlan.id };
    const plans = [installPlan, updatePlan, uninstallPlan];
    expect(errorsOf(updating({ wish, plans }))).toEqual(both('ERROR', `superseded by plan ${uninstallPlan.id}`));
    const takesBack = { planId, reason: 'kafka-0 was not in sync within 600 s' };
    const back: Plan = { ...updatePlan, id: '55555555-5555-4555-8555-555555555555', createdAt: 6_000, takesBack };
    expect(errorsOf(updating({ wish, plans: [uninstallPlan, back, updatePlan, installPlan] }))).toEqual(
      both('ERROR', 'superseded by plan 55555555-5555-4555-8555-555555555555: kafka-0 was not in sync within 600 s'),
    );
  });

  test('are none of a failed run once all is complete', () => {
    const runs = [{ planId, run: 1, outcome: 'failed' as const, error: 'States.Runtime', endedAt: 9_000 }];
    expect(errorsOf(updating({ runs, steps: allDone }))).toEqual(both('COMPLETE'));
  });

  test('are none when it was complete before another plan took over', () => {
    const wish = { service: 'kafka', planId: uninstallPlan.id };
    const state = updating({ wish, plans: [updatePlan, uninstallPlan], steps: allDone });
    expect(errorsOf(state)).toEqual(both('COMPLETE'));
  });
});

describe('a step of a plan that another one took over from', () => {
  const wish = { service: 'kafka', planId: uninstallPlan.id };
  const begun = { wish, plans: [updatePlan, uninstallPlan], steps: [controllerDone, step('t-0')] };
  const lease = { service: 'kafka', nodeId: 0, holder: brokerExecution(updatePlan, 1, 'kafka-0'), number: 1 };

  test('is pending again when it was left', () => {
    const leases = [{ ...lease, kind: 'plan' as const, released: true }];
    expect(statuses(updating({ ...begun, leases }))).toEqual([
      'ERROR',
      ['COMPLETE', 'COMPLETE'],
      ['PENDING', 'PENDING', 'PENDING'],
    ]);
  });

  test('is shown as it is while it still brings its node up', () => {
    const leases = [{ ...lease, kind: 'plan' as const, released: false }];
    expect(statuses(updating({ ...begun, leases }))).toEqual([
      'ERROR',
      ['COMPLETE', 'COMPLETE'],
      ['IN_PROGRESS', 'PREPARED', 'PENDING'],
    ]);
  });
});
