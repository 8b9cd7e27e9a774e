import { strict as assert } from 'node:assert';
import { describe, expect, test } from '@jest/globals';
import { canaryFailure, canaryOf } from '../../../../lib/model/plan/canary-failure.ts';
import type { Plan } from '../../../../lib/model/plan/plan.ts';
import type { NodeGoal, ServiceState, TaskLaunch } from '../../../../lib/model/state.ts';
import { config } from '../node-change/a-config.ts';
import { goal, service, task } from '../plan-status/a-service.ts';
import { updatePlan } from '../steering/a-walk.ts';

const automatic = { deploy_strategy: 'serial-canary', rollback: 'automatic', canary_limit_secs: 60 };
const previous = config({ service: automatic }, '4.3.1', 'config-1');
const target = config({ service: automatic, kafka: { num_partitions: 6 } }, '4.3.1', 'config-2');

const update: Plan = { ...updatePlan('serial-canary'), previousConfigId: 'config-1' };
/** The step of broker 0 begins at 100 s. */
const begun = { planId: 'plan-1', stepId: 'b0', startedAt: 100_000 };

function during(plan: Plan, changes: Partial<ServiceState> = {}): ServiceState {
  return service({ plans: [plan], wish: { service: 'kafka', planId: 'plan-1' }, steps: [begun], ...changes });
}

function started(
  launch: Partial<TaskLaunch> & { readonly configId: string; readonly requestedAt: number },
  count: number,
): NodeGoal {
  const attempt = 9;
  return goal(0, {
    ...{ attempt, failures: { count, lastAttempt: attempt } },
    launch: { attempt, request: '{}', taskArn: 'arn:task/0', ...launch },
  });
}

interface Judged {
  readonly node: NodeGoal;
  readonly status?: 'RUNNING' | 'STOPPED';
  readonly seconds: number;
  readonly before?: typeof previous;
  readonly wanted?: typeof target;
}

function judge({ node, status = 'STOPPED', seconds, before = previous, wanted = target }: Judged): string | undefined {
  const state = during(update, { goals: [node], seen: [task(0, status)] });
  const canary = canaryOf(state, { planId: 'plan-1', stepId: 'b0' });
  assert(canary !== undefined, 'broker 0 is the canary');
  return canaryFailure({ state, canary, config: wanted, previous: before, goal: node, now: seconds * 1000 });
}

const stoppedTwice = 'kafka-0:[broker] ended 2 times without being asked to, in the new configuration';
const tooLate = 'kafka-0:[broker] was not in sync within 60 s in the new configuration';

describe('a canary has failed', () => {
  test('when its process ended twice in the new config', () => {
    const node = started({ configId: 'config-2', requestedAt: 130_000, sameConfigSince: 110_000 }, 2);
    expect(judge({ node, seconds: 132 })).toBe(stoppedTwice);
  });

  test('not when it ended once there, or was only in the old config when it did', () => {
    expect(judge({ node: started({ configId: 'config-2', requestedAt: 110_000 }, 1), seconds: 112 })).toBeUndefined();
    expect(judge({ node: started({ configId: 'config-1', requestedAt: 90_000 }, 5), seconds: 101 })).toBeUndefined();
  });

  test('not by stops in the new config from before its step began', () => {
    expect(judge({ node: started({ configId: 'config-2', requestedAt: 90_000 }, 5), seconds: 101 })).toBeUndefined();
  });

  test('when it is not in sync within the limit since its first start with the new config', () => {
    const node = started({ configId: 'config-2', requestedAt: 250_000, sameConfigSince: 240_000 }, 1);
    expect(judge({ node, status: 'RUNNING', seconds: 300 })).toBeUndefined();
    expect(judge({ node, status: 'RUNNING', seconds: 301 })).toBe(tooLate);
    expect(judge({ node, status: 'STOPPED', seconds: 301 })).toBe(tooLate);
  });

  test('not by the time that its clean stop and a wait for room took', () => {
    expect(judge({ node: started({ configId: 'config-1', requestedAt: 50_000 }, 0), seconds: 900 })).toBeUndefined();
    expect(judge({ node: goal(0), seconds: 900 })).toBeUndefined();
  });

  test('when it cannot take the new config as it runs, within the limit since its step began', () => {
    const node = started({ configId: 'config-1', requestedAt: 50_000 }, 0);
    expect(judge({ node, status: 'RUNNING', seconds: 160 })).toBeUndefined();
    expect(judge({ node, status: 'RUNNING', seconds: 161 })).toBe(tooLate);
  });

  test('never where an operator decides, nor when the update adds brokers', () => {
    const node = started({ configId: 'config-2', requestedAt: 130_000 }, 2);
    const manual = config({ service: { ...automatic, rollback: 'manual' } }, '4.3.1', 'config-2');
    expect(judge({ node, seconds: 132, wanted: manual })).toBeUndefined();
    const fewer = config({ service: automatic, brokers: { count: 2 } }, '4.3.1', 'config-1');
    expect(judge({ node, seconds: 132, before: fewer })).toBeUndefined();
    const more = config({ service: automatic, brokers: { count: 4 } }, '4.3.1', 'config-2');
    expect(judge({ node, seconds: 132, wanted: more })).toBeUndefined();
  });
});

describe('the canary of an update', () => {
  const at = { planId: 'plan-1', stepId: 'b0' };

  test('is the first node that it changes, and there is its old config to go back to', () => {
    expect(canaryOf(during(update), at)).toEqual({
      step: update.phases[0]?.steps[0],
      progress: begun,
      previousConfigId: 'config-1',
    });
    expect(canaryOf(during(update), { planId: 'plan-1', stepId: 'b1' })).toBeUndefined();
  });

  test.each<[string, ServiceState]>([
    ['whose strategy has none', during({ ...updatePlan('serial'), previousConfigId: 'config-1' })],
    ['that was taken over', during(update, { wish: { service: 'kafka', planId: 'plan-2' } })],
    ['that takes another one back', during({ ...update, takesBack: { planId: 'plan-0', reason: 'it failed' } })],
    ['that leads to what it would go back to', during({ ...update, previousConfigId: update.configId })],
    ['that has ended', during(update, { steps: [{ ...begun, endedAt: 120_000 }] })],
    ['that has not begun', during(update, { steps: [] })],
  ])('is not there for one %s', (_which, state) => {
    expect(canaryOf(state, at)).toBeUndefined();
  });
});
