import { describe, expect, test } from '@jest/globals';
import type { Operation, OperationKind, OperationOutcome } from '../../../../lib/model/operation.ts';
import { operationOutcome } from '../../../../lib/model/plan/operation-outcome.ts';
import type { Plan } from '../../../../lib/model/plan/plan.ts';
import type { ServiceState } from '../../../../lib/model/state.ts';
import { installPlan, service } from '../plan-status/a-service.ts';

const update: Plan = {
  ...installPlan,
  id: '44444444-4444-4444-8444-444444444444',
  kind: 'update',
  createdAt: 5_000,
  phases: [
    { id: 'q-b', name: 'broker', strategy: 'serial', steps: [{ id: 't-0', name: 'kafka-0:[broker]', nodeId: 0 }] },
  ],
};

const newer: Plan = { ...update, id: '55555555-5555-4555-8555-555555555555', createdAt: 8_000 };

const asked = (kind: OperationKind, planId: string = update.id): Operation => ({
  ...{ id: 'o-1', service: 'kafka', kind, requestedBy: 'ann', requestedAt: 5_000, planId },
});

const ended = { planId: update.id, stepId: 't-0', startedAt: 6_000, endedAt: 7_000 };

/** A service whose newest plan is the update. */
const updating = (changes: Partial<ServiceState> = {}) =>
  service({ wish: { service: 'kafka', planId: update.id }, plans: [installPlan, update], ...changes });

/** The same after another update. */
const overtaken = (plan: Plan, changes: Partial<ServiceState> = {}) =>
  updating({ wish: { service: 'kafka', planId: plan.id }, plans: [installPlan, update, plan], ...changes });

const steering = {
  ...{ service: 'kafka', planId: update.id, revision: 1, isInterrupted: false, interruptedPhases: [] },
  ...{ passed: [], forced: [], restarts: [] },
};

describe('the outcome of an operation', () => {
  const table: readonly (readonly [string, OperationKind, ServiceState, OperationOutcome])[] = [
    ['of a refused update is that it was refused', 'refused update', updating(), { type: 'refused', endedAt: 5_000 }],
    ['of a command is done, whatever its plan does', 'continue', updating(), { type: 'done', endedAt: 5_000 }],
    ['of a start is done', 'start', updating(), { type: 'done', endedAt: 5_000 }],
    ['of a stop is done', 'stop', updating(), { type: 'done', endedAt: 5_000 }],
    ['is pending before its plan begins', 'update', updating(), { type: 'pending' }],
    [
      'is waiting while an operator holds its plan',
      'update',
      updating({ steering: [{ ...steering, isInterrupted: true }] }),
      { type: 'waiting' },
    ],
    [
      'is an error when its run failed',
      'update',
      updating({ runs: [{ planId: update.id, run: 1, outcome: 'failed', error: 'States.Runtime', endedAt: 6_000 }] }),
      { type: 'error' },
    ],
    [
      'is complete since its last step ended',
      'update',
      updating({ steps: [ended] }),
      { type: 'complete', endedAt: 7_000 },
    ],
    [
      'stays complete when a later update is refused',
      'update',
      updating({
        steps: [ended],
        refusedUpdate: {
          service: 'kafka',
          refusedAt: 8_000,
          requestedBy: 'bob',
          errors: [{ inBlocks: 'b', inSteps: 's' }],
        },
      }),
      { type: 'complete', endedAt: 7_000 },
    ],
    [
      'stays complete when a newer plan comes',
      'update',
      overtaken(newer, { steps: [ended] }),
      { type: 'complete', endedAt: 7_000 },
    ],
    [
      'is complete without a time when steps were forced',
      'update',
      updating({ steering: [{ ...steering, forced: ['t-0'] }] }),
      { type: 'complete' },
    ],
    ['is superseded since a newer plan took over', 'update', overtaken(newer), { type: 'superseded', endedAt: 8_000 }],
    [
      'is rolled back when that one took it back',
      'update',
      overtaken({ ...newer, takesBack: { planId: update.id, reason: 'not in sync' } }),
      { type: 'rolled back', endedAt: 8_000 },
    ],
  ];

  test.each(table)('%s', (_, kind, state, outcome) => {
    expect(operationOutcome(asked(kind), state)).toEqual(outcome);
  });

  test('of a roll back is that of its own plan, not the error that it was made for', () => {
    const back = { ...newer, takesBack: { planId: update.id, reason: 'not in sync' } };
    const steps = [{ ...ended, planId: back.id }];
    expect(operationOutcome(asked('roll back', back.id), overtaken(back))).toEqual({ type: 'pending' });
    expect(operationOutcome(asked('roll back', back.id), overtaken(back, { steps }))).toEqual({
      type: 'complete',
      endedAt: 7_000,
    });
  });

  test('is unknown when its plan is stored no more', () => {
    expect(operationOutcome(asked('update', 'gone'), updating())).toEqual({ type: 'unknown' });
  });
});
