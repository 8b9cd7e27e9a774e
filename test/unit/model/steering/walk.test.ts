import { describe, expect, test } from '@jest/globals';
import type { NodeChange } from '../../../../lib/model/plan/node-change.ts';
import type { StepProgress } from '../../../../lib/model/plan/plan.ts';
import { decisionPoints } from '../../../../lib/model/plan/steering/decision-points.ts';
import { operatorHolds } from '../../../../lib/model/plan/steering/operator-holds.ts';
import { completeSteps, isStepComplete, walkOf } from '../../../../lib/model/plan/steering/walk.ts';
import type { Strategy } from '../../../../lib/model/plan/strategy.ts';
import { brokerPhase, none, restart, type Situation, said, updatePlan, walk } from './a-walk.ts';

const dynamic: NodeChange = { type: 'dynamic', properties: ['log.retention.ms'] };

describe('the decision points of a phase', () => {
  test.each<readonly [Strategy, readonly NodeChange[], readonly string[]]>([
    ['serial', [restart, restart, restart], []],
    ['parallel', [restart, restart, restart], []],
    ['serial-canary', [restart, restart, restart], ['b0', 'b1']],
    ['parallel-canary', [restart, dynamic, restart], ['b0', 'b1']],
    ['serial-canary', [none, restart, none, { type: 'start' }], ['b1', 'b3']],
    ['serial-canary', [restart], ['b0']],
    ['serial-canary', [none, none], []],
  ])('of strategy %s with %j are before %j', (strategy, changes, expected) => {
    const phase = updatePlan(strategy, changes).phases.find(({ name }) => name === 'broker');
    expect(phase && decisionPoints(phase).map(({ id }) => id)).toEqual(expected);
  });
});

const interrupted = { why: 'interrupted', phase: 'broker' };
const decision = { why: 'decision point', phase: 'broker' };
const free = undefined;
const passed = (decisionPoints: 1 | 2) => ({ passed: [{ phaseId: brokerPhase, decisionPoints }] });

describe('a step is held back', () => {
  test.each<readonly [string, Situation, unknown, unknown, unknown]>([
    ['by nothing when nothing was said', {}, free, free, free],
    ['by an interruption of its plan', { said: { isInterrupted: true } }, interrupted, interrupted, interrupted],
    [
      'by an interruption of its phase',
      { said: { interruptedPhases: [brokerPhase] } },
      interrupted,
      interrupted,
      interrupted,
    ],
    ['by no interruption of another phase', { said: { interruptedPhases: ['other'] } }, free, free, free],
    [
      'by nothing once it began',
      { complete: 'b0', underWay: 'b1', said: { isInterrupted: true } },
      free,
      free,
      interrupted,
    ],
    ['by the first decision point', { strategy: 'serial-canary' }, decision, decision, decision],
    ['by the second decision point', { strategy: 'serial-canary', said: passed(1) }, free, decision, decision],
    ['by no decision point after the second', { strategy: 'serial-canary', said: passed(2) }, free, free, free],
    [
      'by the second decision point of a parallel canary',
      { strategy: 'parallel-canary', said: passed(1) },
      free,
      decision,
      decision,
    ],
    [
      'by the interruption first',
      { strategy: 'serial-canary', said: { ...passed(1), isInterrupted: true } },
      interrupted,
      interrupted,
      interrupted,
    ],
  ])('%s', (_, situation, first, second, third) => {
    const holds = ['b0', 'b1', 'b2'].map((id) => operatorHolds(walk(situation), id));
    expect(holds).toEqual([first, second, third]);
  });

  test('before the first decision point also when nothing is to do at it, and until the second if that is further on', () => {
    const plan = updatePlan('serial-canary', [none, restart, none, restart]);
    const holdsWith = (steering?: ReturnType<typeof said>) =>
      ['b0', 'b1', 'b2', 'b3'].map(
        (id) => operatorHolds({ plan, steering, complete: new Set(), isBegun: new Set() }, id)?.why,
      );
    expect(holdsWith()).toEqual(Array(4).fill('decision point'));
    expect(holdsWith(said(passed(1)))).toEqual([free, free, free, 'decision point']);
  });

  test.each<readonly [string, Situation, unknown, unknown]>([
    ['the first was forced', { complete: 'b0' }, decision, decision],
    ['both were forced', { complete: 'b0 b1' }, free, free],
    ['the second was forced before the first was passed', { complete: 'b1' }, decision, decision],
    ['the second was forced after the first was passed', { complete: 'b1', said: passed(1) }, free, free],
  ])('by the first decision point that is open and was never passed, when %s', (_, situation, second, third) => {
    const forced = { ...walk({ strategy: 'serial-canary', ...situation }), isBegun: new Set<string>() };
    expect([operatorHolds(forced, 'b1'), operatorHolds(forced, 'b2')]).toEqual([second, third]);
  });

  test('by no canary in the phase after it', () => {
    expect(operatorHolds(walk({ strategy: 'serial-canary' }), 'c0')).toBeUndefined();
  });

  test('never in a plan that it is no step of', () => {
    expect(operatorHolds(walk({ said: { isInterrupted: true } }), 'x')).toBeUndefined();
  });
});

describe('how far a plan has come', () => {
  const plan = updatePlan('serial');
  const progress = (stepId: string, changes: Partial<StepProgress> = {}): StepProgress => ({
    ...{ planId: 'plan-1', stepId, startedAt: 1 },
    ...changes,
  });

  test.each<readonly [string, StepProgress | undefined, Parameters<typeof said>[0], boolean, boolean]>([
    ['has not begun', undefined, {}, false, false],
    ['is under way', progress('b0'), {}, false, true],
    ['has ended', progress('b0', { endedAt: 2 }), {}, true, true],
    ['was forced before it began', undefined, { forced: ['b0'] }, true, false],
    ['was forced under way', progress('b0'), { forced: ['b0'] }, true, true],
    ['has ended, and was asked for again', progress('b0', { endedAt: 2 }), again(1), false, false],
    ['is under way, and was asked for again', progress('b0'), again(1), false, true],
    ['is under way again', progress('b0', { restart: 1 }), again(1), false, true],
    ['has ended again', progress('b0', { restart: 1, endedAt: 4 }), again(1), true, true],
    [
      'has ended again, and was asked for once more',
      progress('b0', { restart: 1, endedAt: 4 }),
      again(2),
      false,
      false,
    ],
    ['of another plan has ended', progress('b0', { planId: 'plan-0', endedAt: 2 }), {}, false, false],
  ])('a step that %s', (_, step, steering, complete, begun) => {
    const state = { steps: step === undefined ? [] : [step], steering: [said(steering), said({ planId: 'plan-0' })] };
    expect([completeSteps(state, plan).has('b0'), walkOf(state, plan).isBegun.has('b0')]).toEqual([complete, begun]);
    expect(isStepComplete(state, 'plan-1', 'b0')).toBe(complete);
  });

  test('is known without a word of an operator', () => {
    const state = { steps: [progress('c0', { endedAt: 2 })], steering: [] };
    expect(walkOf(state, plan)).toEqual({
      ...{ plan, steering: undefined },
      ...{ complete: new Set(['c0']), isBegun: new Set(['c0']) },
    });
  });

  function again(times: number) {
    return { restarts: [{ stepId: 'b0', times, requestedBy: 'ada' }] };
  }
});
