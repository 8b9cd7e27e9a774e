import { describe, expect, test } from '@jest/globals';
import { activeBlocks, blocksOf } from '../../../../lib/model/plan/plan-in-blocks.ts';
import { viewPlan } from '../../../../lib/model/plan/plan-view.ts';
import type { PlanSteering } from '../../../../lib/model/plan/steering.ts';
import type { Strategy } from '../../../../lib/model/plan/strategy.ts';
import type { ServiceState } from '../../../../lib/model/state.ts';
import { installPlan, launched, service, task, uninstallPlan } from './a-service.ts';
import { blockIds, guideDocument, guidePlan, phaseId, planId } from './guide-blocks.ts';

const [first, second, third] = blockIds;

/** Three brokers that run since before the update. */
function updated(strategy: Strategy, changes: Partial<ServiceState> = {}): ServiceState {
  return service({
    ...{ wish: { service: 'kafka', planId }, plans: [installPlan, guidePlan(strategy)] },
    goals: [launched(0), launched(1), launched(2)],
    seen: [task(0, 'RUNNING'), task(1, 'RUNNING'), task(2, 'RUNNING')],
    ...changes,
  });
}

const viewed = (state: ServiceState) => viewPlan(state, guidePlan(strategyOf(state)));
const strategyOf = ({ plans }: ServiceState): Strategy => plans[1]?.phases[0]?.strategy ?? 'serial';

function passed(decisionPoints: 1 | 2): Partial<ServiceState> {
  const steering: PlanSteering = {
    ...{ service: 'kafka', planId, revision: decisionPoints, isInterrupted: false, interruptedPhases: [] },
    ...{ passed: [{ phaseId, decisionPoints }], forced: [], restarts: [] },
  };
  return { steering: [steering] };
}

const begun = { planId, stepId: first, startedAt: 10_000 };
const ended = (...ids: readonly string[]) =>
  ids.map((stepId) => ({ planId, stepId, startedAt: 10_000, endedAt: 11_000 }));

const pending = (name: string, hasDecisionPoint: boolean) => ({
  ...{ has_decision_point: hasDecisionPoint, name, status: 'Pending' as const },
  message: `${name.replace('b', 'B')} is Pending`,
});
const complete = ['broker-0', 'broker-1', 'broker-2'].map((name) => ({
  ...{ has_decision_point: false, name, status: 'Complete' as const },
  message: `${name.replace('b', 'B')} is Complete`,
}));
const inProgress = {
  ...{ has_decision_point: false, message: 'Broker-0 is InProgress', name: 'broker-0' },
  status: 'InProgress' as const,
};
const [complete0 = inProgress] = complete;

describe('a plan of strategy STAGE is shown as in the 1.x guide', () => {
  test('before the first block', () => {
    expect(blocksOf(viewed(updated('serial-canary')))).toEqual(
      guideDocument([pending('broker-0', true), pending('broker-1', true), pending('broker-2', false)], {
        ...{ phase: 'Waiting', plan: 'Waiting' },
      }),
    );
  });

  test('after the first continue', () => {
    expect(blocksOf(viewed(updated('serial-canary', { ...passed(1), steps: [begun] })))).toEqual(
      guideDocument([inProgress, pending('broker-1', true), pending('broker-2', false)], {
        ...{ phase: 'InProgress', plan: 'InProgress' },
      }),
    );
  });

  test('before the second block', () => {
    expect(blocksOf(viewed(updated('serial-canary', { ...passed(1), steps: ended(first) })))).toEqual(
      guideDocument([complete0, pending('broker-1', true), pending('broker-2', false)], {
        ...{ phase: 'Waiting', plan: 'Waiting' },
      }),
    );
  });

  test('without a decision point before a block that was forced to be complete', () => {
    const steering = passed(1).steering?.map((said) => ({ ...said, passed: [], forced: [first] })) ?? [];
    expect(blocksOf(viewed(updated('serial-canary', { steering })))).toEqual(
      guideDocument([complete0, pending('broker-1', true), pending('broker-2', false)], {
        ...{ phase: 'Waiting', plan: 'Waiting' },
      }),
    );
  });

  test('after the second continue', () => {
    expect(blocksOf(viewed(updated('serial-canary', { ...passed(2), steps: ended(first) })))).toEqual(
      guideDocument([complete0, pending('broker-1', false), pending('broker-2', false)], {
        ...{ phase: 'InProgress', plan: 'InProgress' },
      }),
    );
  });

  test('when all is complete', () => {
    const steps = ended(first, second, third);
    expect(blocksOf(viewed(updated('serial-canary', { ...passed(2), steps })))).toEqual(
      guideDocument(complete, { phase: 'Complete', plan: 'Complete' }),
    );
  });
});

test('a parallel canary is as far as its first step while the others are held back', () => {
  const { launch, ...rest } = launched(0);
  const goals = [launch === undefined ? rest : { ...rest, launch: { ...launch, requestedAt: 10_500 } }];
  const state = updated('parallel-canary', { ...passed(1), steps: [begun], goals });
  expect(viewed(state).phases[0]?.status).toBe('STARTED');
});

test('a refused update stands in the errors of the 1.x guide while everything is complete', () => {
  const sentence = 'Validation error on field "BROKER_COUNT": Decreasing this value (from 3 to 2) is not supported.';
  const errors = [{ inBlocks: sentence, inSteps: "Field: 'PodSpec[name:kafka]'; Fatal: false" }];
  const refusedUpdate = { service: 'kafka', refusedAt: 12_000, requestedBy: 'admin', errors };
  expect(blocksOf(viewed(updated('serial', { refusedUpdate, steps: ended(first, second, third) })))).toEqual(
    guideDocument(complete, { phase: 'Complete', plan: 'Error', errors: [sentence] }),
  );
});

test('dedicated controllers and uninstalls keep the names of the 2.x guides', () => {
  const names = (plan: typeof installPlan) =>
    blocksOf(viewPlan(service({ plans: [plan] }), plan)).phases.map(({ name, blocks }) => [
      name,
      ...blocks.map((block) => `${block.name}: ${block.message}`),
    ]);
  expect(names(installPlan)).toEqual([
    ['Reconciliation', 'Reconciliation: Reconciliation complete'],
    ['controller', 'controller-0: Controller-0 is Pending'],
    [
      'Update to: 22222222-2222-4222-8222-222222222222',
      'broker-0: Broker-0 is Pending',
      'broker-1: Broker-1 is Pending',
    ],
  ]);
  expect(names(uninstallPlan).map(([name]) => name)).toEqual([
    'Reconciliation',
    'uninstall-broker',
    'uninstall-controller',
  ]);
});

describe('what is active of a plan is shown as in the 1.x guide', () => {
  const phase = { block_count: 3, id: phaseId, name: 'Update to: 8902f778-eb2a-4347-94cd-18fcdb557063' };

  test('while a block is worked on', () => {
    expect(activeBlocks(viewed(updated('serial', { steps: [begun] })))).toEqual({
      block: { ...inProgress, id: first },
      phase: { ...phase, status: 'InProgress' },
      stage: { errors: [], phase_count: 2, status: 'InProgress' },
    });
  });

  test('with the block that comes next while none is worked on', () => {
    expect(activeBlocks(viewed(updated('serial-canary', { ...passed(1), steps: ended(first) })))).toEqual({
      block: { ...pending('broker-1', true), id: second },
      phase: { ...phase, status: 'Waiting' },
      stage: { errors: [], phase_count: 2, status: 'Waiting' },
    });
  });

  test('with the block that is worked on before one that is pending', () => {
    const steps = [{ ...begun, stepId: third }];
    expect(activeBlocks(viewed(updated('parallel', { steps }))).block?.name).toBe('broker-2');
  });

  test('when no update is in progress', () => {
    expect(activeBlocks(viewed(updated('serial', { steps: ended(first, second, third) })))).toEqual({
      stage: { errors: [], phase_count: 2, status: 'Complete' },
    });
  });
});
