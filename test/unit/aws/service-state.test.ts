import { describe, expect, test } from '@jest/globals';
import { fromItem, serviceState } from '../../../lib/aws/service-state.ts';

const target = { pk: 'SERVICE#kafka', sk: 'TARGET', service: 'kafka', configId: 'c', createdAt: 1 };
const wish = { pk: 'SERVICE#kafka', sk: 'WISH', service: 'kafka', planId: 'plan-1' };
const item = (sk: string, fields: object) => ({ pk: 'SERVICE#kafka', sk, ...fields });

describe('the items of a service', () => {
  test('are its state, each without its key, goals by id and plans by age', () => {
    const state = serviceState([
      item('GOAL#10', { nodeId: 10 }),
      item('GOAL#1000', { nodeId: 1000 }),
      item('GOAL#9', { nodeId: 9 }),
      item('PLAN#b', { id: 'b', createdAt: 1 }),
      item('PLAN#a', { id: 'a', createdAt: 2 }),
      item('SEEN#arn', { taskArn: 'arn' }),
      item('SLOT', { nodeId: 9 }),
      target,
      wish,
    ]);
    expect(state?.target).toEqual({ service: 'kafka', configId: 'c', createdAt: 1 });
    expect(state?.goals).toEqual([{ nodeId: 9 }, { nodeId: 10 }, { nodeId: 1000 }]);
    expect(state?.plans.map(({ id }) => id)).toEqual(['b', 'a']);
    expect(state?.seen).toEqual([{ taskArn: 'arn' }]);
    expect(state?.slot).toEqual({ nodeId: 9 });
    expect(state?.leases).toEqual([]);
  });

  test('without target or wish are no service', () => {
    expect(serviceState([])).toBeUndefined();
    expect(serviceState([wish])).toBeUndefined();
    expect(serviceState([target, item('GOAL#0', { nodeId: 0 })])).toBeUndefined();
  });

  test('lose their key and their expiry when they are read', () => {
    expect(fromItem({ pk: 'a', sk: 'b', expiresAt: 5, service: 'kafka' })).toEqual({ service: 'kafka' });
  });
});
