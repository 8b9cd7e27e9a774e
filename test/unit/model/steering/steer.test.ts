import { describe, expect, test } from '@jest/globals';
import { type PlanCommand, steer } from '../../../../lib/model/plan/steering/steer.ts';
import type { PlanSteering } from '../../../../lib/model/plan/steering.ts';
import { brokerPhase, controllerPhase, type Situation, said, walk } from './a-walk.ts';

const passedOne = [{ phaseId: brokerPhase, decisionPoints: 1 as const }];
const passedTwo = [{ phaseId: brokerPhase, decisionPoints: 2 as const }];
const all = 'c0 c1 b0 b1 b2';
const by = (stepId: string, times = 1) => ({ stepId, times, requestedBy: 'ada' });

type Change = Partial<PlanSteering>;
type Row = readonly [title: string, situation: Situation, expected: Change | 'already' | 'nothing new'];

/** Runs a command in a situation, and compares what was said before and the change with what is said after. */
function expectOf(
  command: PlanCommand,
  address: { phase?: string; step?: string },
  [, situation, expected]: Row,
): void {
  const result = steer(command, walk(situation), { ...address, requestedBy: 'ada' });
  if (expected === 'already' || expected === 'nothing new') {
    expect(result).toEqual({ type: expected });
    return;
  }
  const before = situation.said === undefined ? said({ revision: 0 }) : said(situation.said);
  expect(result).toMatchObject({ type: 'changed' });
  expect(result.type === 'changed' && result.steering).toEqual({
    ...before,
    ...expected,
    revision: before.revision + 1,
  });
}

describe('continue of a plan', () => {
  test.each<Row>([
    ['takes its interruption back', { said: { isInterrupted: true } }, { isInterrupted: false }],
    [
      'takes its interruption back while a step is under way',
      { underWay: 'c0', said: { isInterrupted: true } },
      { isInterrupted: false },
    ],
    [
      'takes the interruption of its open phase back',
      { complete: 'c0 c1', said: { interruptedPhases: [brokerPhase] } },
      { interruptedPhases: [] },
    ],
    [
      'takes its own interruption back before that of a phase',
      { said: { isInterrupted: true, interruptedPhases: [controllerPhase] } },
      { isInterrupted: false },
    ],
    ['leaves a phase alone that it has not come to', { said: { interruptedPhases: [brokerPhase] } }, 'already'],
    ['is done already when nothing was ever said', {}, 'already'],
    ['is done already while it goes on', { complete: 'c0', underWay: 'c1' }, 'already'],
    ['is done already when it is complete', { complete: all, said: { isInterrupted: true } }, 'already'],
    ['passes the first decision point', { strategy: 'serial-canary' }, { passed: passedOne }],
    ['passes the first decision point of a parallel canary', { strategy: 'parallel-canary' }, { passed: passedOne }],
    [
      'is done already until the first step has begun: two at once pass one point',
      { strategy: 'serial-canary', said: { passed: passedOne } },
      'already',
    ],
    [
      'is done already while the first step is under way',
      { strategy: 'serial-canary', underWay: 'b0', said: { passed: passedOne } },
      'already',
    ],
    [
      'passes the second decision point after the first step',
      { strategy: 'serial-canary', complete: 'b0', said: { passed: passedOne } },
      { passed: passedTwo },
    ],
    [
      'is done already when both steps of the canary were forced: nothing waits for a word',
      { strategy: 'serial-canary', complete: 'b0 b1' },
      'already',
    ],
    [
      'is done already after the second decision point',
      { strategy: 'serial-canary', complete: 'b0', said: { passed: passedTwo } },
      'already',
    ],
    [
      'passes a decision point only after the interruption',
      { strategy: 'serial-canary', said: { isInterrupted: true } },
      { isInterrupted: false },
    ],
    [
      'passes the second point when the first step was forced before anybody passed it',
      { strategy: 'serial-canary', complete: 'b0', said: { forced: ['b0'] } },
      { passed: passedTwo },
    ],
    [
      'is done already while the phase after a canary goes on',
      { strategy: 'serial-canary', complete: 'b0 b1 b2', said: { passed: passedTwo } },
      'already',
    ],
  ])('%s', (...row) => expectOf('continue', {}, row));
});

describe('continue of a phase', () => {
  test.each<Row>([
    [
      'takes its interruption back',
      { said: { interruptedPhases: [controllerPhase, brokerPhase] } },
      { interruptedPhases: [controllerPhase] },
    ],
    ['takes no interruption of the plan back', { said: { isInterrupted: true } }, 'already'],
    ['is done already when it goes on', { complete: 'c0 c1', underWay: 'b0' }, 'already'],
    ['is done already when it is complete', { complete: all, said: { interruptedPhases: [brokerPhase] } }, 'already'],
    [
      'passes its decision point',
      { strategy: 'serial-canary', complete: 'b0', said: { passed: passedOne } },
      { passed: passedTwo },
    ],
    [
      'takes its interruption back before it passes a point',
      { strategy: 'serial-canary', said: { passed: passedOne, interruptedPhases: [brokerPhase] } },
      { interruptedPhases: [] },
    ],
    [
      'takes only its interruption back at a decision point',
      { strategy: 'serial-canary', said: { interruptedPhases: [brokerPhase] } },
      { interruptedPhases: [] },
    ],
  ])('%s', (...row) => expectOf('continue', { phase: 'broker' }, row));
});

describe('interrupt of a plan', () => {
  test.each<Row>([
    ['lets no further step begin', { underWay: 'c0' }, { isInterrupted: true }],
    ['is done already when it is interrupted', { said: { isInterrupted: true } }, 'already'],
    ['is done already when it is complete', { complete: all }, 'already'],
    ['is kept in a canary, too', { strategy: 'serial-canary' }, { isInterrupted: true }],
  ])('%s', (...row) => expectOf('interrupt', {}, row));
});

describe('interrupt of a phase', () => {
  test.each<Row>([
    ['lets no further step of it begin', { underWay: 'c0' }, { interruptedPhases: [brokerPhase] }],
    ['is done already when it is interrupted', { said: { interruptedPhases: [brokerPhase] } }, 'already'],
    ['is done already when it is complete', { complete: all }, 'already'],
    [
      'keeps the interruptions of others',
      { said: { interruptedPhases: [controllerPhase] } },
      { interruptedPhases: [controllerPhase, brokerPhase] },
    ],
    ['is done already at a decision point', { strategy: 'serial-canary' }, 'already'],
    [
      'is done already while the canary is under way',
      { strategy: 'serial-canary', underWay: 'b0', said: { passed: passedOne } },
      'already',
    ],
    [
      'stops a canary that may begin and has not',
      { strategy: 'serial-canary', said: { passed: passedOne } },
      { interruptedPhases: [brokerPhase] },
    ],
    [
      'stops what follows a canary',
      { strategy: 'serial-canary', complete: 'b0', underWay: 'b1', said: { passed: passedTwo } },
      { interruptedPhases: [brokerPhase] },
    ],
    [
      'is kept while its last step is under way',
      { complete: 'c0 c1 b0 b1', underWay: 'b2' },
      { interruptedPhases: [brokerPhase] },
    ],
  ])('%s', (...row) => expectOf('interrupt', { phase: 'broker' }, row));
});

describe('forceComplete', () => {
  test.each<Row>([
    [
      'of a plan forces all steps that are open',
      { complete: 'c0', underWay: 'c1' },
      { forced: ['c1', 'b0', 'b1', 'b2'] },
    ],
    [
      'of a plan keeps what was forced',
      { complete: 'c0 c1 b0', said: { forced: ['c0'] } },
      { forced: ['c0', 'b1', 'b2'] },
    ],
    ['of a plan is done already when it is complete', { complete: all }, 'already'],
  ])('%s', (...row) => expectOf('forceComplete', {}, row));

  test.each<Row>([
    ['of a phase forces its open steps', { complete: 'b1' }, { forced: ['b0', 'b2'] }],
    ['of a phase is done already when it is complete', { complete: 'b0 b1 b2' }, 'already'],
  ])('%s', (...row) => expectOf('forceComplete', { phase: 'broker' }, row));

  test.each<Row>([
    ['of a step forces it alone', { underWay: 'b1' }, { forced: ['b1'] }],
    ['of a step is done already when it is complete', { complete: 'b1' }, 'already'],
  ])('%s', (...row) => expectOf('forceComplete', { phase: 'broker', step: 'kafka-1:[broker]' }, row));
});

describe('restart', () => {
  test.each<Row>([
    [
      'of a plan asks for each step again that began',
      { complete: 'c0 c1', underWay: 'b0' },
      { restarts: [by('c0'), by('c1'), by('b0')] },
    ],
    [
      'of a plan takes its interruption back',
      { complete: 'c0', said: { isInterrupted: true } },
      { isInterrupted: false, restarts: [by('c0')] },
    ],
    [
      'of a plan that is interrupted before its first step takes that back',
      { said: { isInterrupted: true } },
      { isInterrupted: false },
    ],
    [
      'of a plan leaves the interruption of a phase',
      { complete: 'c0', said: { interruptedPhases: [brokerPhase] } },
      { restarts: [by('c0')] },
    ],
    ['of a plan that is pending is done already', {}, 'already'],
    ['of a plan that waits at its first decision point is done already', { strategy: 'serial-canary' }, 'already'],
    [
      'of a complete plan begins it again',
      { complete: all },
      { restarts: ['c0', 'c1', 'b0', 'b1', 'b2'].map((id) => by(id)) },
    ],
  ])('%s', (...row) => expectOf('restart', {}, row));

  test.each<Row>([
    ['of a phase asks for its steps again', { complete: 'c0 c1 b0' }, { restarts: [by('b0')] }],
    [
      'of a phase takes its interruption back, not that of the plan',
      { complete: 'c0 c1 b0', said: { isInterrupted: true, interruptedPhases: [brokerPhase, controllerPhase] } },
      { interruptedPhases: [controllerPhase], restarts: [by('b0')] },
    ],
    ['of a phase that is pending is done already', { complete: 'c0 c1' }, 'already'],
  ])('%s', (...row) => expectOf('restart', { phase: 'broker' }, row));

  test.each<Row>([
    ['of a step asks for it again', { complete: all }, { restarts: [by('b1')] }],
    [
      'of a step counts its restarts and names who asked last',
      { complete: all, said: { restarts: [{ ...by('b1'), requestedBy: 'bob' }, by('b0', 3)] } },
      { restarts: [by('b0', 3), by('b1', 2)] },
    ],
    ['of a step that is under way asks for it again', { underWay: 'b1' }, { restarts: [by('b1')] }],
    [
      'of a forced step forgets that it was forced',
      { complete: 'b0 b1', said: { forced: ['b0', 'b1'] } },
      { forced: ['b0'], restarts: [by('b1')] },
    ],
    [
      'of a step takes no interruption back',
      { complete: 'b1', said: { isInterrupted: true } },
      { restarts: [by('b1')] },
    ],
    ['of a step that is pending is done already', { complete: 'b0', said: { isInterrupted: true } }, 'already'],
  ])('%s', (...row) => expectOf('restart', { phase: 'broker', step: 'b1' }, row));
});

describe('start', () => {
  test.each<Row>([
    [
      'of a complete plan begins it again',
      { complete: all, said: { isInterrupted: true, forced: ['b2'] } },
      { isInterrupted: false, forced: [], restarts: ['c0', 'c1', 'b0', 'b1', 'b2'].map((id) => by(id)) },
    ],
    ['of an interrupted plan goes on', { complete: 'c0', said: { isInterrupted: true } }, { isInterrupted: false }],
    ['of a plan at a decision point passes it', { strategy: 'serial-canary' }, { passed: passedOne }],
    ['of a plan that goes on changes nothing', { underWay: 'c0' }, 'nothing new'],
    ['of a plan of which nothing was ever said changes nothing', {}, 'nothing new'],
  ])('%s', (...row) => expectOf('start', {}, row));
});

describe('stop', () => {
  test.each<Row>([
    [
      'interrupts the plan and puts its steps back to pending',
      { complete: 'c0', underWay: 'c1' },
      { isInterrupted: true, restarts: [by('c0'), by('c1')] },
    ],
    ['of a plan that is pending interrupts it', {}, { isInterrupted: true }],
    ['of a plan that is stopped changes nothing', { said: { isInterrupted: true } }, 'nothing new'],
    [
      'of a complete plan puts all of it back, what was forced too',
      { complete: all, said: { forced: ['b2'] } },
      { isInterrupted: true, forced: [], restarts: ['c0', 'c1', 'b0', 'b1', 'b2'].map((id) => by(id)) },
    ],
  ])('%s', (...row) => expectOf('stop', {}, row));
});

describe('what a command is for', () => {
  const serial = walk({ complete: all });

  test.each([
    [{ phase: 'broker' }, { phase: 'broker' }],
    [{ phase: brokerPhase }, { phase: 'broker' }],
    [
      { phase: brokerPhase, step: 'b2' },
      { phase: 'broker', step: 'kafka-2:[broker]' },
    ],
    [
      { phase: 'controller', step: 'controller-1:[controller]' },
      { phase: 'controller', step: 'controller-1:[controller]' },
    ],
    [{ phase: ' ', step: '' }, {}],
  ])('%j is answered by its names %j', (address, names) => {
    const result = steer('restart', serial, { ...address, requestedBy: 'ada' });
    const { type: _, steering: __, ...answered } = result as { type: string; steering?: unknown };
    expect(answered).toEqual(names);
  });

  test.each(['continue', 'interrupt', 'forceComplete', 'restart'] as const)('%s says what is not there', (command) => {
    const of = (address: object) => steer(command, serial, { ...address, requestedBy: 'ada' });
    expect(of({ phase: 'brokers' })).toEqual({ type: 'no phase', phase: 'brokers' });
    expect(of({ phase: 'brokers', step: 'b0' })).toEqual({ type: 'no phase', phase: 'brokers' });
    expect(of({ phase: 'controller', step: 'kafka-0:[broker]' })).toEqual({
      type: 'no step',
      step: 'kafka-0:[broker]',
    });
    expect(of({ step: 'b0' })).toEqual({ type: 'missing phase' });
  });

  test('may be several phases of one name', () => {
    const { plan, ...rest } = walk({ complete: 'b0' });
    const twice = { ...plan, phases: plan.phases.map((phase) => ({ ...phase, name: 'both' })) };
    const result = steer('interrupt', { ...rest, plan: twice }, { phase: 'both', requestedBy: 'ada' });
    expect(result).toMatchObject({ steering: { interruptedPhases: [controllerPhase, brokerPhase] } });
  });
});
