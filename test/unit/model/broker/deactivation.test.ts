import { describe, expect, test } from '@jest/globals';
import { deactivationOf } from '../../../../lib/model/broker/deactivation.ts';
import { standingFailures, triesAreUsedUp } from '../../../../lib/model/broker/standing-failures.ts';
import { judgeTurn } from '../../../../lib/model/broker/turn.ts';
import { noWish } from '../../../../lib/model/node-wish.ts';
import { viewRecovery } from '../../../../lib/model/plan/recovery-view.ts';
import type { NodeGoal, NodeLease, ServiceState, TaskSeen } from '../../../../lib/model/state.ts';
import { waitingSentence } from '../../../../lib/model/waiting-reason.ts';

const seen: TaskSeen = {
  ...{ service: 'kafka', nodeId: 0, taskArn: 'task-4', purpose: 'node', attempt: 4, version: 2 },
  ...{ lastStatus: 'STOPPED', desiredStatus: 'STOPPED', stopCode: 'EssentialContainerExited', exitCode: 1 },
  stoppedAt: 77_000,
};

const failed = (failures: NodeGoal['failures'] = { count: 4, lastAttempt: 4, tries: 3 }): NodeGoal => ({
  ...{ service: 'kafka', nodeId: 0, configId: 'c', attempt: 4, failures },
  launch: { attempt: 4, request: '{}', requestedAt: 1, taskArn: 'task-4', configId: 'c' },
});

const lease: NodeLease = {
  ...{ service: 'kafka', nodeId: 0, holder: 'somebody', kind: 'recovery', number: 7, released: true },
};

const state = (changes: Partial<ServiceState> = {}): ServiceState => ({
  target: {
    ...{ service: 'kafka', configId: 'c', packageVersion: '1.0.0-4.3.1', clusterId: 'id', createdAt: 1 },
    ...{ brokerIds: [0], controllerIds: [1000] },
  },
  wish: { service: 'kafka', planId: 'plan-1' },
  quorumFormed: { service: 'kafka', formedAt: 1 },
  ...{ plans: [], runs: [], steps: [], goals: [failed()], seen: [seen], leases: [lease], verdicts: [], waits: [] },
  ...{ goneHosts: [], fences: [], hostsSeen: [], lastWords: [], steering: [], nodeWishes: [] },
  ...changes,
});

const reactivated = (attempt: number) => ({
  nodeWishes: [{ ...noWish('kafka', 0), reactivation: { attempt, requestedBy: 'anna', requestedAt: 1 } }],
});

describe('the failures that count', () => {
  test('are those in a row with the config that the node has', () => {
    expect(standingFailures(state(), failed(), 'c')).toBe(4);
    expect(standingFailures(state(), failed(), 'another')).toBe(0);
  });

  test('are none once the newest one was forgiven, and a later one counts again', () => {
    expect(standingFailures(state(reactivated(4)), failed(), 'c')).toBe(0);
    expect(standingFailures(state(reactivated(5)), failed(), 'c')).toBe(0);
    expect(standingFailures(state(reactivated(3)), failed(), 'c')).toBe(4);
    const ofAnother = reactivated(4).nodeWishes.map((wish) => ({ ...wish, nodeId: 1 }));
    expect(standingFailures(state({ nodeWishes: ofAnother }), failed(), 'c')).toBe(4);
  });

  test.each([
    [3, 3, false],
    [4, 3, true],
    [1, undefined, false],
    [100_000, undefined, false],
    [2, 1, true],
  ])('%d of them, with %p tries: used up is %p', (count, tries, isUsedUp) => {
    const failures = { count, lastAttempt: 4, ...(tries === undefined ? {} : { tries }) };
    expect(triesAreUsedUp(state(), failed(failures), 'c')).toBe(isUsedUp);
  });
});

describe('a node is deactivated', () => {
  test('since its last stop, and says after what, and what to do', () => {
    const deactivation = deactivationOf(state(), failed());
    expect(deactivation?.since).toBe(77_000);
    expect(deactivation && waitingSentence(deactivation.reason)).toBe(
      'was deactivated after 4 failures in a row (failover_max_tries is 3), the last one: EssentialContainerExited, exit code 1; "warden pod resume kafka-0" reactivates it',
    );
  });

  test.each<[string, Partial<ServiceState>]>([
    ['runs', { seen: [{ ...seen, lastStatus: 'RUNNING' }] }],
    ['is in somebody’s hands', { leases: [{ ...lease, released: false }] }],
    ['was reactivated', reactivated(4)],
    ['goes away', { wish: { service: 'kafka', planId: 'plan-2', uninstall: { keepVolumes: false } } }],
  ])('not while it %s', (_what, changes) => {
    expect(deactivationOf(state(changes), failed())).toBeUndefined();
  });
});

describe('a deactivated node', () => {
  const step = { nodeId: 0, kind: 'plan' as const, holder: 'me', planId: 'plan-1', stepId: 'step-1', now: 100 };

  test('has no turn for a recovery, and makes the step of a plan wait unless it brings another config', () => {
    expect(judgeTurn(state(), { nodeId: 0, kind: 'recovery', holder: 'me', now: 100 })).toEqual({
      type: 'deactivated',
    });
    expect(judgeTurn(state(), step)).toMatchObject({ type: 'wait', reason: { type: 'deactivated' }, leases: [] });
    const { target } = state();
    expect(judgeTurn(state({ target: { ...target, configId: 'd' } }), step)).toEqual({ type: 'go' });
    expect(judgeTurn(state(reactivated(4)), step)).toEqual({ type: 'go' });
  });

  test('is a phase of the plan recovery under the number of its last lease, and none when it is not', () => {
    const recovery = viewRecovery(state());
    expect(recovery?.status).toBe('ERROR');
    expect(recovery?.phases.map(({ id, status, name }) => [id, status, name])).toEqual([
      ['recovery-0-7', 'ERROR', 'kafka-0:[broker]'],
    ]);
    expect(recovery?.phases[0]?.steps[0]?.message).toBe(
      'RecoveryStep: kafka-0:[broker] [recovery-0-7] with status: ERROR RecoveryType: TRANSIENT',
    );
    expect(viewRecovery(state(reactivated(4)))).toBeUndefined();
  });
});
