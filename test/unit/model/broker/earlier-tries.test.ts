import { expect, test } from '@jest/globals';
import { earlierTries } from '../../../../lib/model/broker/earlier-tries.ts';
import type { NodeGoal, TaskLaunch } from '../../../../lib/model/state.ts';
import { goal } from '../plan-status/a-service.ts';

function started(launch: Partial<TaskLaunch>): NodeGoal {
  return goal(0, {
    configId: 'config-1',
    attempt: 3,
    launch: { attempt: 3, request: '{}', requestedAt: 50, ...launch },
  });
}

test('tries with one config go on from the first of them', () => {
  expect(earlierTries(started({ configId: 'config-1', sameConfigSince: 20 }), 'config-1')).toEqual({ since: 20 });
  expect(earlierTries(started({ configId: 'config-1' }), 'config-1')).toEqual({ since: 50 });
});

test('with another config, and with the first start, they begin anew', () => {
  expect(earlierTries(started({ configId: 'config-1', sameConfigSince: 20 }), 'config-2')).toBeUndefined();
  expect(earlierTries(goal(0, { configId: 'config-1' }), 'config-1')).toBeUndefined();
});

test('a start whose config was not noted was one with the config of the node', () => {
  expect(earlierTries(started({}), 'config-1')).toEqual({ since: 50 });
  expect(earlierTries(started({}), 'config-2')).toBeUndefined();
});

test('time begins anew with the start that follows one that ECS refused', () => {
  const refused = started({ configId: 'config-1', sameConfigSince: 20, refused: true });
  expect(earlierTries(refused, 'config-1')).toEqual({});
});
