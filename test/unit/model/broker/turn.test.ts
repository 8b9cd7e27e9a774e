import { describe, expect, test } from '@jest/globals';
import { controllersToRestart } from '../../../../lib/model/broker/controllers-to-restart.ts';
import { mustWaitForOthers } from '../../../../lib/model/broker/must-wait-for-others.ts';
import { hasNoTask, hasStopped, nodeRun, runningNodeIds } from '../../../../lib/model/broker/node-run.ts';
import { takesThePlace } from '../../../../lib/model/broker/takes-the-place.ts';
import { judgeTurn } from '../../../../lib/model/broker/turn.ts';
import type { NodeWish } from '../../../../lib/model/node-wish.ts';
import type { Plan } from '../../../../lib/model/plan/plan.ts';
import type { PlanSteering } from '../../../../lib/model/plan/steering.ts';
import type { Strategy } from '../../../../lib/model/plan/strategy.ts';
import type { NodeGoal, NodeLease, ServiceState, TaskSeen } from '../../../../lib/model/state.ts';

const state = (changes: Partial<ServiceState> = {}): ServiceState => ({
  target: {
    ...{ service: 'kafka', configId: 'c', packageVersion: '1.0.0-4.3.1', clusterId: 'id', createdAt: 1 },
    ...{ brokerIds: [0, 1, 2], controllerIds: [1000, 1001, 1002] },
  },
  wish: { service: 'kafka', planId: 'plan-1' },
  quorumFormed: { service: 'kafka', formedAt: 1 },
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
  ...changes,
});

const goal = (nodeId: number, changes: Partial<NodeGoal> = {}): NodeGoal => ({
  ...{ service: 'kafka', nodeId, configId: 'c', attempt: 1, failures: { count: 0, lastAttempt: 0 } },
  launch: { attempt: 1, request: '{}', requestedAt: 1, taskArn: `task of ${nodeId}` },
  ...changes,
});

const task = (nodeId: number, lastStatus: string, changes: Partial<TaskSeen> = {}): TaskSeen => ({
  ...{ service: 'kafka', nodeId, taskArn: `task of ${nodeId}`, purpose: 'node', attempt: 1, version: 1 },
  ...{ lastStatus, desiredStatus: 'RUNNING' },
  ...changes,
});

const lease = (nodeId: number, kind: NodeLease['kind'], changes: Partial<NodeLease> = {}): NodeLease => ({
  ...{ service: 'kafka', nodeId, kind, holder: 'somebody', number: 1, released: false },
  ...changes,
});

const step = { nodeId: 0, kind: 'plan' as const, holder: 'me', planId: 'plan-1', stepId: 'step-1', now: 200_000 };
const recovery = { nodeId: 0, kind: 'recovery' as const, holder: 'me', now: 200_000 };

describe('the run of a node', () => {
  test('was never started without a request, or after a refused one', () => {
    const { launch: _launch, ...unstarted } = goal(0);
    expect(nodeRun(state(), unstarted)).toEqual({ type: 'never started' });
    const refused = goal(0, { launch: { attempt: 1, request: '{}', requestedAt: 1, refused: true } });
    expect(nodeRun(state(), refused)).toEqual({ type: 'never started' });
  });

  test('is only requested until ECS has named its task, whatever tasks of the same number were seen', () => {
    const requested = goal(0, { launch: { attempt: 1, request: '{}', requestedAt: 1 } });
    const old = task(0, 'STOPPED', { taskArn: 'a task of an earlier service of this name' });
    expect(nodeRun(state({ seen: [old] }), requested)).toEqual({ type: 'requested' });
  });

  test('is what was seen of the named task and of no other', () => {
    const own = task(0, 'RUNNING');
    const old = task(0, 'STOPPED', { taskArn: 'a task of an earlier service of this name' });
    expect(nodeRun(state({ seen: [old, own] }), goal(0))).toEqual({ type: 'seen', taskArn: 'task of 0', seen: own });
    expect(nodeRun(state({ seen: [old] }), goal(0))).toEqual({ type: 'seen', taskArn: 'task of 0' });
    expect(hasStopped(state({ seen: [old] }), goal(0))).toBe(false);
    expect(hasStopped(state({ seen: [task(0, 'STOPPED')] }), goal(0))).toBe(true);
  });

  test('has no task while it was asked for, refused or has stopped, and one from the moment that ECS has named it', () => {
    const { launch: _launch, ...unstarted } = goal(0, { attempt: 0 });
    const launch = { attempt: 1, request: '{}', requestedAt: 1 };
    expect(hasNoTask(state(), unstarted)).toBe(false);
    expect(hasNoTask(state(), goal(0, { launch }))).toBe(true);
    expect(hasNoTask(state(), goal(0, { launch: { ...launch, refused: true } }))).toBe(true);
    expect(hasNoTask(state(), goal(0))).toBe(false);
    expect(hasNoTask(state({ seen: [task(0, 'STOPPED')] }), goal(0))).toBe(true);
  });

  test('counts as running only when it was seen RUNNING', () => {
    const goals = [goal(0), goal(1), goal(2)];
    const seen = [task(0, 'RUNNING'), task(1, 'PENDING')];
    expect(runningNodeIds(state({ goals, seen }))).toEqual([0]);
  });
});

describe('the turn of a step of a plan', () => {
  test('comes while nobody works on its node and no node is recovered', () => {
    expect(judgeTurn(state(), step)).toEqual({ type: 'go' });
    expect(judgeTurn(state({ leases: [lease(1, 'plan'), lease(0, 'plan', { released: true })] }), step).type).toBe(
      'go',
    );
    expect(judgeTurn(state({ leases: [lease(0, 'plan', { holder: 'me' })] }), step).type).toBe('go');
  });

  test('waits for the recovery of another node, unless its own does not come up in the config that it has', () => {
    const down = (failures: number, configId: string): Partial<ServiceState> => ({
      goals: [goal(0, { configId, failures: { count: failures, lastAttempt: 1 } }), goal(1)],
      seen: [task(0, 'STOPPED', { exitCode: 1 }), task(1, 'STOPPED', { exitCode: 137 })],
      leases: [lease(1, 'recovery')],
    });
    expect(judgeTurn(state(down(2, 'old')), step)).toEqual({ type: 'go' });
    expect(judgeTurn(state(down(1, 'old')), step).type).toBe('wait');
    expect(judgeTurn(state(down(2, 'c')), step).type).toBe('wait');
    expect(judgeTurn(state({ ...down(2, 'old'), seen: [task(0, 'RUNNING')] }), step).type).toBe('wait');
    const held = { ...down(2, 'old'), leases: [lease(0, 'recovery'), lease(1, 'recovery')] };
    expect(judgeTurn(state(held), step).type).toBe('wait');
  });

  test('waits until the first controller has formed the quorum, unless it is that controller', () => {
    const { quorumFormed: _formed, ...unformed } = state();
    expect(judgeTurn(unformed, step)).toEqual({
      ...{ type: 'wait', leases: [] },
      reason: { type: 'turn', heldBy: 'controller-0 forms the quorum first' },
    });
    expect(judgeTurn(unformed, { ...step, nodeId: 1001 }).type).toBe('wait');
    expect(judgeTurn(unformed, { ...step, nodeId: 1000 })).toEqual({ type: 'go' });
  });

  test('is over for this run when the run has passed the controller that forms the quorum, and that is open again', () => {
    const { quorumFormed: _formed, ...unformed } = state();
    const steps = [1000, 1001].map((nodeId) => ({ id: `step-${nodeId}`, name: 'a step', nodeId }));
    const plan: Plan = {
      ...{ id: 'plan-1', service: 'kafka', kind: 'update', configId: 'c', strategy: 'serial', createdAt: 1 },
      ...{ requestedBy: 'admin', phases: [{ id: 'phase-1', name: 'controller', strategy: 'parallel', steps }] },
    };
    const reason = { type: 'turn' as const, heldBy: 'controller-0 forms the quorum first' };
    const waitOf = (pod: string, nodeId: number, since: number) => ({
      ...{ service: 'kafka', nodeId, holder: `arn:broker:plan-1-2-${pod}`, reason, since },
    });
    const own = waitOf('controller-1', 1001, 79_999);
    const asks = { ...step, nodeId: 1001, stepId: 'step-1001', holder: own.holder };
    const turn = (changes: Partial<ServiceState>) => judgeTurn({ ...unformed, plans: [plan], ...changes }, asks).type;
    expect(turn({ waits: [own] })).toBe('done');
    expect(turn({ waits: [{ ...own, since: 80_000 }] })).toBe('wait');
    expect(turn({ waits: [own, waitOf('controller-0', 1000, 1)] })).toBe('wait');
    const forced: PlanSteering = {
      ...{ service: 'kafka', planId: 'plan-1', revision: 1, isInterrupted: false, interruptedPhases: [] },
      ...{ passed: [], forced: ['step-1000'], restarts: [] },
    };
    expect(turn({ waits: [own], steering: [forced] })).toBe('wait');
  });

  test('of a broker in a resume waits for most controllers, unless this run has passed too many of them', () => {
    const steps = [0, 1000, 1001, 1002].map((nodeId) => ({ id: `step-${nodeId}`, name: 'a step', nodeId }));
    const plan: Plan = {
      ...{ id: 'plan-1', service: 'kafka', kind: 'resume', configId: 'c', strategy: 'parallel', createdAt: 1 },
      ...{ requestedBy: 'admin', phases: [{ id: 'phase-1', name: 'node', strategy: 'parallel', steps }] },
    };
    const heldBy = 'controllers come before brokers, 1 of 3 run';
    const waitOf = (pod: string, nodeId: number, since: number) => ({
      ...{ service: 'kafka', nodeId, holder: `arn:broker:plan-1-2-${pod}`, since },
      reason: { type: 'turn' as const, heldBy },
    });
    const own = waitOf('kafka-0', 0, 79_999);
    const asks = { ...step, nodeId: 0, stepId: 'step-0', holder: own.holder };
    const { target } = state();
    const three = { ...target, controllerIds: [1000, 1001, 1002] };
    const goals = [0, 1000, 1001, 1002].map((nodeId) => goal(nodeId));
    const seen = [task(0, 'STOPPED'), task(1000, 'RUNNING'), task(1001, 'STOPPED'), task(1002, 'STOPPED')];
    const turn = (changes: Partial<ServiceState>) =>
      judgeTurn(state({ target: three, plans: [plan], goals, seen, ...changes }), asks);
    const waits = { type: 'wait', leases: [], reason: { type: 'turn', heldBy } };
    expect(turn({ waits: [own] })).toEqual({ type: 'done' });
    expect(turn({ waits: [{ ...own, since: 80_000 }] })).toEqual(waits);
    expect(turn({ waits: [own, waitOf('controller-1', 1001, 1)] })).toEqual(waits);
    const complete = [{ planId: 'plan-1', stepId: 'step-1002', startedAt: 1, endedAt: 2 }];
    expect(turn({ waits: [own], steps: complete })).toEqual(waits);
  });

  test('waits for whoever works on its node, and for the recovery of any node', () => {
    const own = lease(0, 'plan');
    const other = lease(1000, 'recovery');
    expect(judgeTurn(state({ leases: [own] }), step)).toEqual({
      ...{ type: 'wait', leases: [own] },
      reason: { type: 'turn', heldBy: 'the plan of kafka-0 is under way' },
    });
    expect(judgeTurn(state({ leases: [other] }), step)).toEqual({
      ...{ type: 'wait', leases: [other] },
      reason: { type: 'turn', heldBy: 'the recovery of controller-0 is under way' },
    });
  });

  test('does not wait for the recovery of a node that does not run in its config, when the target is another one', () => {
    const other = lease(1, 'recovery');
    const failing = (count: number, configId: string) =>
      state({ leases: [other], goals: [goal(1, { configId, failures: { count, lastAttempt: count } })] });
    expect(judgeTurn(failing(2, 'older'), step)).toEqual({ type: 'go' });
    expect(judgeTurn(failing(1, 'older'), step).type).toBe('wait');
    expect(judgeTurn(failing(9, 'c'), step).type).toBe('wait');
    const own = { ...failing(9, 'older'), leases: [lease(0, 'recovery')] };
    expect(judgeTurn(own, step).type).toBe('wait');
  });

  test('is over when its step has ended, and superseded when the wish names another plan', () => {
    const steps = [{ planId: 'plan-1', stepId: 'step-1', startedAt: 1, endedAt: 2 }];
    expect(judgeTurn(state({ steps }), step)).toEqual({ type: 'done' });
    expect(judgeTurn(state({ wish: { service: 'kafka', planId: 'plan-2' } }), step)).toEqual({ type: 'superseded' });
  });
});

describe('the turn of a step that an operator holds back', () => {
  const planOf = (strategy: Strategy): Plan => ({
    ...{ id: 'plan-1', service: 'kafka', kind: 'update', configId: 'c', strategy: 'serial', createdAt: 1 },
    requestedBy: 'admin',
    phases: [
      {
        ...{ id: 'phase-1', name: 'broker', strategy },
        steps: [
          { id: 'step-1', name: 'kafka-0:[broker]', nodeId: 0 },
          { id: 'step-2', name: 'kafka-1:[broker]', nodeId: 1 },
        ],
      },
    ],
  });
  const said = (changes: Partial<PlanSteering> = {}): PlanSteering => ({
    ...{ service: 'kafka', planId: 'plan-1', revision: 1 },
    ...{ isInterrupted: false, interruptedPhases: [], passed: [], forced: [], restarts: [] },
    ...changes,
  });
  const third = { id: 'step-3', name: 'kafka-2:[broker]', nodeId: 2 };
  const plans = [planOf('serial')];
  const waits = (why: string) => ({
    ...{ type: 'wait', leases: [] },
    reason: { type: 'operator', decision: 'continue', why, phase: 'broker', planId: 'plan-1' },
  });
  const interruption = said({ isInterrupted: true });

  test('waits for the word that goes on after an interruption', () => {
    expect(judgeTurn(state({ plans, steering: [interruption] }), step)).toEqual(waits('interrupted'));
  });

  test('waits at a decision point until it is passed', () => {
    const canary = { plans: [planOf('serial-canary')] };
    expect(judgeTurn(state(canary), step)).toEqual(waits('decision point'));
    const passed = said({ passed: [{ phaseId: 'phase-1', decisionPoints: 1 }] });
    expect(judgeTurn(state({ ...canary, steering: [passed] }), step)).toEqual({ type: 'go' });
    const second = { ...step, nodeId: 1, stepId: 'step-2' };
    const steps = [{ planId: 'plan-1', stepId: 'step-1', startedAt: 1, endedAt: 2 }];
    expect(judgeTurn(state({ ...canary, steering: [passed], steps }), second)).toEqual(waits('decision point'));
  });

  test('is over for this run at a decision point when the run has passed the canary, which was asked for again', () => {
    const run = (pod: string) => `arn:broker:7d9fb2a4-6a3f-4c53-9a0e-0c5d8d0c8b11-1-${pod}`;
    const id = '7d9fb2a4-6a3f-4c53-9a0e-0c5d8d0c8b11';
    const plan = { ...planOf('parallel-canary'), id };
    const passed = { planId: id, passed: [{ phaseId: 'phase-1', decisionPoints: 1 as const }] };
    const again = said({ ...passed, restarts: [{ stepId: 'step-1', times: 1, requestedBy: 'ada' }] });
    const second = { ...step, nodeId: 1, holder: run('kafka-1'), planId: id, stepId: 'step-2' };
    const turnAfter = (progress: ServiceState['steps'][number]) =>
      judgeTurn(
        state({ wish: { service: 'kafka', planId: id }, plans: [plan], steering: [again], steps: [progress] }),
        second,
      );
    const ended = { planId: id, stepId: 'step-1', startedAt: 1, endedAt: 2, endedBy: run('kafka-0') };
    expect(turnAfter(ended)).toEqual({ type: 'done' });
    const { endedAt: _end, endedBy: _by, ...underWay } = ended;
    expect(turnAfter(underWay)).toMatchObject({ type: 'wait', reason: { why: 'decision point' } });
    expect(turnAfter({ ...ended, restart: 1 })).toMatchObject({ type: 'wait', reason: { why: 'decision point' } });
  });

  test('waits for the operator before it waits for a recovery, which could be over long before', () => {
    const leases = [lease(1000, 'recovery')];
    expect(judgeTurn(state({ plans, leases, steering: [interruption] }), step)).toEqual(waits('interrupted'));
  });

  test('has come when it began before the interruption', () => {
    const steps = [{ planId: 'plan-1', stepId: 'step-1', startedAt: 1 }];
    expect(judgeTurn(state({ plans, steps, steering: [interruption] }), step)).toEqual({ type: 'go' });
  });

  test('is over when it was forced, and comes again when it is asked for again', () => {
    expect(judgeTurn(state({ plans, steering: [said({ forced: ['step-1'] })] }), step)).toEqual({ type: 'done' });
    const steps = [{ planId: 'plan-1', stepId: 'step-1', startedAt: 1, endedAt: 2 }];
    const again = said({ restarts: [{ stepId: 'step-1', times: 1, requestedBy: 'ada' }] });
    expect(judgeTurn(state({ plans, steps, steering: [again] }), step)).toEqual({ type: 'go' });
  });

  test('is over for this run while a step before it is open: an operator had that one done again behind the run', () => {
    const again = said({ restarts: [{ stepId: 'step-1', times: 1, requestedBy: 'ada' }] });
    const ended = { planId: 'plan-1', stepId: 'step-1', startedAt: 1, endedAt: 2 };
    const second = { ...step, nodeId: 1, stepId: 'step-2' };
    expect(judgeTurn(state({ plans, steering: [again], steps: [ended] }), second)).toEqual({ type: 'done' });
    const begun = { planId: 'plan-1', stepId: 'step-1', startedAt: 3, restart: 1 };
    expect(judgeTurn(state({ plans, steering: [again], steps: [begun] }), second)).toEqual({ type: 'done' });
    const endedAgain = { ...begun, endedAt: 4 };
    expect(judgeTurn(state({ plans, steering: [again], steps: [endedAgain] }), second)).toEqual({ type: 'go' });
    const later = said({ restarts: [{ stepId: 'step-2', times: 1, requestedBy: 'ada' }] });
    expect(judgeTurn(state({ plans, steering: [later] }), step)).toEqual({ type: 'go' });
  });

  test('does not depend on the others of a phase whose steps go side by side, but on those of the phases before', () => {
    const again = said({ restarts: [{ stepId: 'step-1', times: 1, requestedBy: 'ada' }] });
    const ended = { planId: 'plan-1', stepId: 'step-1', startedAt: 1, endedAt: 2 };
    const changed = { steering: [again], steps: [ended] };
    const second = { ...step, nodeId: 1, stepId: 'step-2' };
    const parallel = planOf('parallel');
    expect(judgeTurn(state({ plans: [parallel], ...changed }), second)).toEqual({ type: 'go' });
    const [first] = parallel.phases;
    const next = { ...{ id: 'phase-2', name: 'broker', strategy: 'serial' as const }, steps: [{ ...third }] };
    const plans = [{ ...parallel, phases: first === undefined ? [] : [{ ...first, name: 'controller' }, next] }];
    expect(judgeTurn(state({ plans, ...changed }), { ...step, nodeId: 2, stepId: 'step-3' })).toEqual({ type: 'done' });
  });

  test('of a controller of an install depends on those before it, which form the quorum that it would wait for', () => {
    const [first] = planOf('parallel').phases;
    const controllers = {
      ...{ id: 'phase-1', name: 'controller', strategy: 'serial' as const },
      steps: first?.steps ?? [],
    };
    const install = { ...planOf('serial'), kind: 'install' as const, phases: [controllers] };
    const again = said({ restarts: [{ stepId: 'step-1', times: 1, requestedBy: 'ada' }] });
    const second = { ...step, nodeId: 1001, stepId: 'step-2' };
    const { quorumFormed: _notYet, ...unformed } = state({ plans: [install], steering: [again] });
    expect(judgeTurn(unformed, second)).toEqual({ type: 'done' });
  });

  test('of a recovery is held back by none', () => {
    const down = { goals: [goal(0), goal(1000), goal(1001)], seen: [task(0, 'STOPPED')] };
    const seen = [...down.seen, task(1000, 'RUNNING'), task(1001, 'RUNNING')];
    expect(judgeTurn(state({ ...down, seen, plans, steering: [interruption] }), recovery)).toEqual({ type: 'go' });
  });
});

describe('the active controller', () => {
  test.each([
    [1000, [1000, 1001, 1002], true],
    [1000, [1000, 1002], true],
    [1000, [1000], false],
    [1000, [], false],
    [1001, [1000, 1001, 1002], false],
  ])('1000 holds %d back while %j are to be restarted: %s', (nodeId, openControllerIds, expected) => {
    expect(mustWaitForOthers({ leaderId: 1000, nodeId, openControllerIds })).toBe(expected);
  });
});

describe('the controllers that a run of an update still restarts', () => {
  const asks = { holder: 'arn:broker:plan-1-2-controller-0', nodeId: 1000, now: 200_000 };
  const restart = { type: 'restart' as const, reasons: [] };
  const stepOf = (nodeId: number, change: NonNullable<Plan['phases'][number]['steps'][number]['change']>) => ({
    ...{ id: `step-${nodeId}`, name: 'a step', nodeId, change },
  });
  const planOf = (strategy: Strategy): Plan => ({
    ...{ id: 'plan-1', service: 'kafka', kind: 'update', configId: 'c', strategy: 'serial', createdAt: 1 },
    requestedBy: 'admin',
    phases: [
      {
        ...{ id: 'phase-1', name: 'controller', strategy },
        steps: [stepOf(1000, restart), stepOf(1001, restart), stepOf(1002, restart)],
      },
      { id: 'phase-2', name: 'broker', strategy: 'serial', steps: [stepOf(0, restart)] },
    ],
  });
  const said: PlanSteering = {
    ...{ service: 'kafka', planId: 'plan-1', revision: 1, isInterrupted: false, interruptedPhases: [] },
    ...{ passed: [{ phaseId: 'phase-1', decisionPoints: 1 }], forced: [], restarts: [] },
  };

  test('are those whose steps are not complete', () => {
    const steps = [{ planId: 'plan-1', stepId: 'step-1001', startedAt: 1, endedAt: 2 }];
    expect(controllersToRestart(state({ plans: [planOf('serial')], steps }), 'plan-1', asks)).toEqual([1000, 1002]);
  });

  test('are none that nothing restarts, and none of a plan that is gone', () => {
    const [phase] = planOf('serial').phases;
    const steps = [stepOf(1000, { type: 'none' }), stepOf(1001, restart)];
    const plans = [{ ...planOf('serial'), phases: phase === undefined ? [] : [{ ...phase, steps }] }];
    expect(controllersToRestart(state({ plans }), 'plan-1', asks)).toEqual([1001]);
    expect(controllersToRestart(state({ plans }), 'plan-2', asks)).toEqual([]);
  });

  test('are none behind a decision point: an active controller that is the canary would wait for ever', () => {
    const canary = { plans: [planOf('serial-canary')], steering: [said] };
    expect(controllersToRestart(state(canary), 'plan-1', asks)).toEqual([1000]);
  });

  test('are none that are through in this run and were asked for again since: the next run takes them', () => {
    const again = [1001, 1002].map((nodeId) => ({ stepId: `step-${nodeId}`, times: 1, requestedBy: 'ada' }));
    const through = (nodeId: number, run: number, pod: string) => ({
      ...{ planId: 'plan-1', stepId: `step-${nodeId}`, startedAt: 1, endedAt: 2 },
      endedBy: `arn:broker:plan-1-${run}-${pod}`,
    });
    const steps = [through(1001, 2, 'controller-1'), through(1002, 1, 'controller-2')];
    const steering = [{ ...said, restarts: again }];
    expect(controllersToRestart(state({ plans: [planOf('serial')], steps, steering }), 'plan-1', asks)).toEqual([
      1000, 1002,
    ]);
  });

  test('are none of which nothing is heard for two minutes: their executions of this run are over', () => {
    const plans = [planOf('serial')];
    const reason = { type: 'turn' as const, heldBy: 'the active controller comes last' };
    const waitOf = (nodeId: number, holder: string, since: number) => ({
      ...{ service: 'kafka', nodeId, reason },
      ...{ holder: `arn:broker:${holder}`, since },
    });
    const own = waitOf(1000, 'plan-1-2-controller-0', 79_999);
    const left = (...waits: readonly ReturnType<typeof waitOf>[]) =>
      controllersToRestart(state({ plans, waits }), 'plan-1', asks);
    expect(left()).toEqual([1000, 1001, 1002]);
    expect(left({ ...own, since: 80_000 })).toEqual([1000, 1001, 1002]);
    expect(left(own)).toEqual([1000]);
    expect(left(own, waitOf(1001, 'plan-1-2-controller-1', 1), waitOf(1002, 'plan-1-1-controller-2', 1))).toEqual([
      1000, 1001,
    ]);
    const leases = [
      lease(1001, 'plan', { holder: 'arn:broker:plan-1-2-controller-1', released: true }),
      lease(1002, 'plan', { holder: 'arn:broker:plan-1-2-controller-2' }),
    ];
    expect(controllersToRestart(state({ plans, leases, waits: [own] }), 'plan-1', asks)).toEqual([1000, 1002]);
  });

  test('are those that an operator wants restarted, whatever the update changed, and none of an install', () => {
    const [phase] = planOf('serial').phases;
    const none = [1000, 1001].map((nodeId) => stepOf(nodeId, { type: 'none' }));
    const plan = { ...planOf('serial'), phases: phase === undefined ? [] : [{ ...phase, steps: none }] };
    const steering = [{ ...said, restarts: [{ stepId: 'step-1001', times: 1, requestedBy: 'ada' }] }];
    expect(controllersToRestart(state({ plans: [plan], steering }), 'plan-1', asks)).toEqual([1001]);
    const install: Plan = { ...plan, kind: 'install' };
    expect(controllersToRestart(state({ plans: [install], steering }), 'plan-1', asks)).toEqual([]);
  });

  test('are none before the quorum is formed: all others wait for the one that forms it', () => {
    const { quorumFormed: _formed, ...unformed } = state({ plans: [planOf('serial')] });
    expect(controllersToRestart(unformed, 'plan-1', asks)).toEqual([]);
  });

  test('are those that an interruption holds back, too: it can be taken back', () => {
    const interrupted = { plans: [planOf('serial')], steering: [{ ...said, passed: [], isInterrupted: true }] };
    expect(controllersToRestart(state(interrupted), 'plan-1', asks)).toEqual([1000, 1001, 1002]);
  });
});

describe('the one place for a node that is down by our hand', () => {
  const plan = { kind: 'plan' as const, nodeId: 0 };
  const down = { goals: [goal(0), goal(1)], seen: [task(0, 'STOPPED'), task(1, 'RUNNING')] };
  const taken = { slot: { service: 'kafka', nodeId: 1, holder: 'somebody' } };

  test('is taken by the step that is to stop its node, whoever has it', () => {
    expect(takesThePlace(state(down), { ...plan, nodeId: 1 }, true)).toBe(true);
    expect(takesThePlace(state({ ...down, ...taken }), plan, true)).toBe(true);
    const stopping = { ...down, seen: [task(0, 'RUNNING', { desiredStatus: 'STOPPED' })] };
    expect(takesThePlace(state({ ...stopping, ...taken }), plan, false)).toBe(true);
  });

  test('is taken by a plan for a node that is down already, unless another such node has it', () => {
    expect(takesThePlace(state(down), plan, false)).toBe(true);
    expect(takesThePlace(state({ ...down, slot: { ...taken.slot, nodeId: 0 } }), plan, false)).toBe(true);
    expect(takesThePlace(state({ ...down, ...taken }), plan, false)).toBe(false);
  });

  test('is not taken for a node that runs, or never ran, nor by a recovery', () => {
    expect(takesThePlace(state(down), { ...plan, nodeId: 1 }, false)).toBe(false);
    expect(takesThePlace(state({ goals: [goal(0, { attempt: 0 })] }), plan, false)).toBe(false);
    expect(takesThePlace(state(down), { ...plan, kind: 'recovery' }, false)).toBe(false);
  });
});

describe('the turn of a recovery', () => {
  const down = { goals: [goal(0)], seen: [task(0, 'STOPPED')] };
  const up = (...nodeIds: readonly number[]) => ({
    goals: [goal(0), ...nodeIds.map((nodeId) => goal(nodeId))],
    seen: [task(0, 'STOPPED'), ...nodeIds.map((nodeId) => task(nodeId, 'RUNNING'))],
  });

  test('comes for a broker while most of the controllers run', () => {
    expect(judgeTurn(state(up(1000, 1001)), recovery)).toEqual({ type: 'go' });
    expect(judgeTurn(state(up(1000)), recovery)).toEqual({
      ...{ type: 'wait', leases: [] },
      reason: { type: 'turn', heldBy: 'controllers come before brokers, 1 of 3 run' },
    });
  });

  test('never comes in another service that has the name of its own', () => {
    const { createdAt } = state().target;
    expect(judgeTurn(state(up(1000, 1001)), { ...recovery, serviceCreatedAt: createdAt }).type).toBe('go');
    const earlier = { ...recovery, serviceCreatedAt: createdAt - 1 };
    expect(judgeTurn(state(up(1000, 1001)), earlier)).toEqual({ type: 'superseded' });
  });

  test('comes for a controller at once, whatever else is down', () => {
    const controller = { goals: [goal(1000)], seen: [task(1000, 'STOPPED')] };
    expect(judgeTurn(state(controller), { ...recovery, nodeId: 1000 })).toEqual({ type: 'go' });
  });

  test('waits for whoever works on its node, not for those of other nodes', () => {
    const own = lease(0, 'plan');
    expect(judgeTurn(state({ ...up(1000, 1001), leases: [own] }), recovery).type).toBe('wait');
    expect(judgeTurn(state({ ...up(1000, 1001), leases: [lease(1, 'recovery')] }), recovery).type).toBe('go');
  });

  test('comes for a node that was asked for by somebody who did not come to store the answer', () => {
    const asked = goal(1000, { launch: { attempt: 1, request: '{}', requestedAt: 1 } });
    expect(judgeTurn(state({ goals: [asked] }), { ...recovery, nodeId: 1000 })).toEqual({ type: 'go' });
  });

  test('is over when the node runs or was never started, unless it is on its way already', () => {
    expect(judgeTurn(state(), recovery)).toEqual({ type: 'done' });
    const running = { goals: [goal(0), goal(1000), goal(1001)], seen: [task(0, 'RUNNING')] };
    expect(judgeTurn(state(running), recovery)).toEqual({ type: 'done' });
    const seen = [task(0, 'RUNNING'), task(1000, 'RUNNING'), task(1001, 'RUNNING')];
    const held = { ...running, seen, leases: [lease(0, 'recovery', { holder: 'me' })] };
    expect(judgeTurn(state(held), recovery)).toEqual({ type: 'go' });
  });

  test('comes for a broker that runs and knows the controllers where they are no more, once most of them run', () => {
    const at = (address: string) => ({ instanceId: 'i', containerInstanceArn: 'arn', address, zone: 'a' });
    const volume = { generation: 1, zone: 'a', sizeGiB: 1, fileSystemMade: true, kafkaFormatted: true };
    const ids = [1000, 1001, 1002];
    const launch = { attempt: 1, request: '{}', requestedAt: 1, taskArn: 'task of 0', controllers: ['10.0.0.1'] };
    const cutOff = (...running: readonly number[]) =>
      state({
        controllerHosts: { service: 'kafka', hosts: ids.map((nodeId) => ({ nodeId, host: at('10.0.0.1') })) },
        goals: [goal(0, { launch }), ...ids.map((nodeId) => goal(nodeId, { host: at(`10.0.1.${nodeId}`), volume }))],
        seen: [0, ...running].map((nodeId) => task(nodeId, 'RUNNING')),
      });
    expect(judgeTurn(cutOff(1000, 1001), recovery)).toEqual({ type: 'go' });
    expect(judgeTurn(cutOff(1000), recovery).type).toBe('wait');
  });

  test('is superseded by an uninstall and by nothing else', () => {
    const uninstall = { service: 'kafka', planId: 'plan-2', uninstall: { keepVolumes: false } };
    expect(judgeTurn(state({ ...down, wish: uninstall }), recovery)).toEqual({ type: 'superseded' });
    expect(judgeTurn(state({ ...up(1000, 1001), wish: { service: 'kafka', planId: 'plan-2' } }), recovery).type).toBe(
      'go',
    );
  });
});

describe('the turn of a word about one node', () => {
  const { now } = step;
  const restart = { nodeId: 0, kind: 'restart' as const, holder: 'me', now };
  const pause = { nodeId: 0, kind: 'pause' as const, holder: 'me', now };
  const wish = (changes: Partial<NodeWish> = {}): NodeWish => ({
    service: 'kafka',
    nodeId: 0,
    revision: 1,
    ...changes,
  });
  const asked = (times: number) => wish({ restart: { times, requestedBy: 'ada', requestedAt: 50 } });
  const paused = (until?: number) =>
    wish({ pause: { requestedBy: 'ada', requestedAt: 50, ...(until === undefined ? {} : { until }) } });
  const launch = { attempt: 1, request: '{}', requestedAt: 1, taskArn: 'task of 0' };
  const runs = { goals: [goal(0)], seen: [task(0, 'RUNNING')] };
  const controllers = [task(1000, 'RUNNING'), task(1001, 'RUNNING')];
  const down = { goals: [goal(0), goal(1000), goal(1001)], seen: [task(0, 'STOPPED'), ...controllers] };

  test('of a restart has come while no start has answered it', () => {
    expect(judgeTurn(state({ ...runs, nodeWishes: [asked(1)] }), restart)).toEqual({ type: 'go' });
    const answered = goal(0, { launch: { ...launch, restartsAnswered: 1 } });
    expect(judgeTurn(state({ ...runs, goals: [answered], nodeWishes: [asked(1)] }), restart)).toEqual({ type: 'done' });
    expect(judgeTurn(state({ ...runs, goals: [answered], nodeWishes: [asked(2)] }), restart)).toEqual({ type: 'go' });
    expect(judgeTurn(state(runs), restart)).toEqual({ type: 'done' });
  });

  test('of a restart waits for whoever works on its node, and for nobody else', () => {
    const nodeWishes = [asked(1)];
    expect(judgeTurn(state({ ...runs, nodeWishes, leases: [lease(0, 'plan')] }), restart).type).toBe('wait');
    expect(judgeTurn(state({ ...runs, nodeWishes, leases: [lease(1, 'recovery')] }), restart)).toEqual({ type: 'go' });
    const held = lease(0, 'restart', { holder: 'me' });
    expect(judgeTurn(state({ ...runs, nodeWishes, leases: [held] }), restart)).toEqual({ type: 'go' });
  });

  test('of a restart is over when its service goes away or is another one', () => {
    const leaves = { service: 'kafka', planId: 'plan-1', uninstall: { keepVolumes: false } };
    expect(judgeTurn(state({ ...runs, nodeWishes: [asked(1)], wish: leaves }), restart)).toEqual({
      type: 'superseded',
    });
    const ofAnother = { ...restart, serviceCreatedAt: 7 };
    expect(judgeTurn(state({ ...runs, nodeWishes: [asked(1)] }), ofAnother)).toEqual({ type: 'superseded' });
  });

  test('of a pause has come while it lasts, of a node that is down too', () => {
    expect(judgeTurn(state({ ...runs, nodeWishes: [paused()] }), pause)).toEqual({ type: 'go' });
    expect(judgeTurn(state({ ...runs, nodeWishes: [paused(200_001)] }), pause)).toEqual({ type: 'go' });
    expect(judgeTurn(state({ ...runs, nodeWishes: [paused(200_000)] }), pause)).toEqual({ type: 'done' });
    expect(judgeTurn(state({ ...down, nodeWishes: [paused()] }), pause)).toEqual({ type: 'go' });
  });

  test('of a pause waits until it is known whether the node was started', () => {
    const { taskArn: _unknown, ...requested } = launch;
    const goals = [goal(0, { launch: requested }), goal(1000), goal(1001)];
    const nodeWishes = [paused()];
    expect(judgeTurn(state({ goals, seen: controllers, nodeWishes }), pause).type).toBe('wait');
    expect(judgeTurn(state({ goals, seen: controllers, nodeWishes }), recovery)).toEqual({ type: 'go' });
  });

  test('keeps all others away from a paused node', () => {
    const nodeWishes = [paused(200_500)];
    const reason = { type: 'paused', nodeId: 0, requestedBy: 'ada', until: 200_500 };
    const waits = { type: 'wait', reason, leases: [] };
    expect(judgeTurn(state({ ...runs, nodeWishes }), step)).toEqual(waits);
    const both = { ...paused(200_500), restart: { times: 1, requestedBy: 'ada', requestedAt: 50 } };
    expect(judgeTurn(state({ ...runs, nodeWishes: [both] }), restart)).toEqual(waits);
    expect(judgeTurn(state({ ...down, nodeWishes }), recovery)).toEqual({ type: 'done' });
    expect(judgeTurn(state({ ...down, nodeWishes }), { ...recovery, now: 200_500 })).toEqual({ type: 'go' });
  });
});
