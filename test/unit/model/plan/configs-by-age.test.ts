import { expect, test } from '@jest/globals';
import { configsByAge } from '../../../../lib/model/plan/configs-by-age.ts';
import { installPlan } from '../plan-status/a-service.ts';

const plan = (configId: string, createdAt: number) => ({ ...installPlan, configId, createdAt });

test('configs are listed newest first, by the first plan that led to each, and those without a plan last', () => {
  const plans = [plan('first', 1), plan('second', 2), plan('first', 3), plan('third', 4)];
  expect(configsByAge(['unplanned', 'first', 'second', 'third', 'forgotten'], plans)).toEqual([
    'third',
    'second',
    'first',
    'forgotten',
    'unplanned',
  ]);
});
