import { describe, expect, test } from '@jest/globals';
import { outdatedRecords } from '../../../lib/model/outdated-records.ts';
import type { Plan } from '../../../lib/model/plan/plan.ts';
import type { NodeGoal, ServiceState, TaskSeen } from '../../../lib/model/state.ts';
import { installPlan, service } from './plan-status/a-service.ts';

/** Update 1 comes after the install, update 2 after that. */
const update = (number: number, changes: Partial<Plan> = {}): Plan => ({
  ...{ ...installPlan, id: `update ${number}`, kind: 'update', createdAt: installPlan.createdAt + number },
  ...changes,
});

const said = (planId: string) => ({
  ...{ service: 'kafka', planId, revision: 1, isInterrupted: false, interruptedPhases: [] },
  ...{ passed: [], forced: [], restarts: [] },
});

/** A service whose last update is the wish; each plan has a step, a run and a word of an operator. */
function updated(plans: readonly Plan[], changes: Partial<ServiceState> = {}): ServiceState {
  return service({
    plans: [installPlan, ...plans],
    wish: { service: 'kafka', planId: plans.at(-1)?.id ?? installPlan.id },
    steps: plans.map(({ id }) => ({ planId: id, stepId: `step of ${id}`, startedAt: 1, endedAt: 2 })),
    runs: plans.map(({ id }) => ({ planId: id, run: 1, outcome: 'succeeded', endedAt: 2 })),
    steering: plans.map(({ id }) => said(id)),
    ...changes,
  });
}

const twelve = Array.from({ length: 12 }, (_, index) => update(index + 1));
const idsOf = (state: ServiceState) => outdatedRecords(state).plans.map(({ id }) => id);

describe('the plans that are outdated', () => {
  test('are all but the newest ten and the install, with what belongs to them', () => {
    const outdated = outdatedRecords(updated(twelve));
    expect(outdated.plans.map(({ id }) => id)).toEqual(['update 1', 'update 2']);
    expect(outdated.steps.map(({ stepId }) => stepId)).toEqual(['step of update 1', 'step of update 2']);
    expect(outdated.runs.map(({ planId }) => planId)).toEqual(['update 1', 'update 2']);
    expect(outdated.steering.map(({ planId }) => planId)).toEqual(['update 1', 'update 2']);
  });

  test('are none as long as there are ten updates', () => {
    expect(idsOf(updated(twelve.slice(0, 10)))).toEqual([]);
  });

  test('are never the wish, nor what a kept one takes back', () => {
    expect(idsOf(updated(twelve, { wish: { service: 'kafka', planId: 'update 1' } }))).toEqual(['update 2']);
    const back = update(12, { takesBack: { planId: 'update 2', reason: 'it failed' } });
    expect(idsOf(updated([...twelve.slice(0, 11), back]))).toEqual(['update 1']);
  });

  test('leave nothing behind that was written late of one that is gone', () => {
    const late = { planId: 'gone', stepId: 'late', startedAt: 9 };
    expect(outdatedRecords(updated([], { steps: [late] })).steps).toEqual([late]);
  });
});

describe('the tasks that are outdated', () => {
  const seen = (taskArn: string, attempt: number, changes: Partial<TaskSeen> = {}): TaskSeen => ({
    ...{ service: 'kafka', nodeId: 0, taskArn, purpose: 'node', attempt, version: 1 },
    ...{ lastStatus: 'STOPPED', desiredStatus: 'STOPPED' },
    ...changes,
  });
  const goal: NodeGoal = {
    ...{ service: 'kafka', nodeId: 0, configId: 'c', attempt: 3, failures: { count: 0, lastAttempt: 0 } },
    launch: { attempt: 3, request: '{}', requestedAt: 1, taskArn: 'newest' },
  };

  test('are those of earlier tries that have stopped', () => {
    const all = [
      ...[seen('older', 2), seen('newest', 3), seen('lives', 2, { lastStatus: 'DEACTIVATING' })],
      ...[seen('of a preparation', 1, { purpose: 'preparation' }), seen('of no goal', 1, { nodeId: 1 })],
    ];
    const outdated = outdatedRecords(updated([], { goals: [goal], seen: all }));
    expect(outdated.seen.map(({ taskArn }) => taskArn)).toEqual(['older']);
  });
});
