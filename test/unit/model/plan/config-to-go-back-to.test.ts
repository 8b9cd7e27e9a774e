import { expect, test } from '@jest/globals';
import { configToGoBackTo } from '../../../../lib/model/plan/config-to-go-back-to.ts';
import type { Plan } from '../../../../lib/model/plan/plan.ts';
import type { ServiceState } from '../../../../lib/model/state.ts';
import { installPlan, service } from '../plan-status/a-service.ts';
import { said, updatePlan } from '../steering/a-walk.ts';

/** Of broker 0, 1 and 2 and of controllers 1000 and 1001, to config-2. */
const update: Plan = { ...updatePlan('serial'), previousConfigId: 'config-1' };
const stepIds = ['c0', 'c1', 'b0', 'b1', 'b2'];
const ended = (ids: readonly string[]) => ids.map((stepId) => ({ planId: 'plan-1', stepId, startedAt: 6, endedAt: 7 }));

function during(plan: Plan, changes: Partial<ServiceState>): ServiceState {
  const state = service({ plans: [installPlan, plan], wish: { service: 'kafka', planId: plan.id }, ...changes });
  return { ...state, target: { ...state.target, configId: plan.configId } };
}

test('what an update has brought to all nodes is what the next one goes back to', () => {
  expect(configToGoBackTo(during(update, { steps: ended(stepIds) }))).toBe('config-2');
});

test('what an update has not brought to all nodes is passed over', () => {
  expect(configToGoBackTo(during(update, {}))).toBe('config-1');
  expect(configToGoBackTo(during(update, { steps: ended(stepIds.slice(1)) }))).toBe('config-1');
});

test('a step that an operator has forced, or has done again, was through', () => {
  const last = stepIds.slice(-1);
  const others = ended(stepIds.slice(0, -1));
  expect(configToGoBackTo(during(update, { steps: others, steering: [said({ forced: last })] }))).toBe('config-2');
  const again = last.map((stepId) => ({ stepId, times: 1, requestedBy: 'anna' }));
  const steps = [...others, { planId: 'plan-1', stepId: 'b2', startedAt: 8, restart: 1 }];
  expect(configToGoBackTo(during(update, { steps, steering: [said({ restarts: again })] }))).toBe('config-2');
});

test('in the middle of an install there is only what it leads to', () => {
  expect(configToGoBackTo(during(installPlan, {}))).toBe(installPlan.configId);
});
