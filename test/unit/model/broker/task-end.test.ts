import { describe, expect, test } from '@jest/globals';
import { failoverDelaySeconds, failoverSettings, nextStartDueAt } from '../../../../lib/model/broker/failover-delay.ts';
import { mayLeaveHost } from '../../../../lib/model/broker/may-leave-host.ts';
import { taskEnd } from '../../../../lib/model/broker/proven-stop.ts';
import { noWish } from '../../../../lib/model/node-wish.ts';
import type { ServiceConfig } from '../../../../lib/model/service/config.ts';
import type { NodeGoal, ServiceState, TaskSeen } from '../../../../lib/model/state.ts';

const seen = (changes: Partial<TaskSeen>): TaskSeen => ({
  ...{ service: 'kafka', nodeId: 0, taskArn: 'task-1', purpose: 'node', attempt: 1, version: 3 },
  ...{ lastStatus: 'STOPPED', desiredStatus: 'STOPPED' },
  ...changes,
});

const noWords = { nodeWishes: [] };

describe('the end of a task', () => {
  test.each(['PROVISIONING', 'PENDING', 'RUNNING', 'DEACTIVATING', 'STOPPING', 'DEPROVISIONING'])(
    'has not come while it is %s, whatever is wanted and whatever its container said',
    (lastStatus) => {
      expect(taskEnd(seen({ lastStatus, exitCode: 0 }), noWords)).toEqual({ type: 'lives' });
    },
  );

  test.each([
    [
      'its exit code',
      { stopCode: 'EssentialContainerExited', exitCode: 1 },
      false,
      'EssentialContainerExited, exit code 1',
    ],
    [
      'exit code 0',
      { stopCode: 'EssentialContainerExited', exitCode: 0 },
      false,
      'EssentialContainerExited, exit code 0',
    ],
    ['SIGKILL', { exitCode: 137, stoppedReason: 'OutOfMemory' }, false, 'OutOfMemory, exit code 137'],
    [
      'SIGTERM',
      { stopCode: 'EssentialContainerExited', exitCode: 143 },
      true,
      'EssentialContainerExited, exit code 143',
    ],
    ['a stop by hand', { stopCode: 'UserInitiated', exitCode: 137 }, true, 'UserInitiated, exit code 137'],
    ['never having started', { stopCode: 'TaskFailedToStart' }, false, 'TaskFailedToStart'],
    ['a stop before it had a container', { stopCode: 'UserInitiated', withoutContainer: true }, true, 'UserInitiated'],
  ] as const)('is proven by %s', (_what, changes, asked, description) => {
    expect(taskEnd(seen(changes), noWords)).toEqual({ type: 'proven', asked, description });
  });

  test.each([
    ['a lost host', { stopCode: 'EssentialContainerExited', stoppedReason: 'Host EC2 terminated' }],
    ['a stop by hand without an exit code', { stopCode: 'UserInitiated' }],
    ['an interruption', { stopCode: 'TerminationNotice' }],
    ['nothing at all', {}],
  ] as const)('is not proven by %s', (_what, changes) => {
    expect(taskEnd(seen(changes), noWords).type).toBe('not proven');
  });

  test('without any word says so', () => {
    expect(taskEnd(seen({ stoppedReason: '' }), noWords)).toEqual({
      type: 'not proven',
      description: 'no reason given',
    });
  });
});

describe('the failover delay', () => {
  const defaults = { delaySeconds: 10, longestSeconds: 60 };

  test('is 10, 20, 40, then 60 seconds by default, and none without a failure', () => {
    const delays = [0, 1, 2, 3, 4, 5, 40].map((failures) => failoverDelaySeconds(failures, defaults));
    expect(delays).toEqual([0, 10, 20, 40, 60, 60, 60]);
  });

  test('doubles from the delay that is set to the longest, however often the node fails', () => {
    const settings = { delaySeconds: 7, longestSeconds: 3600 };
    const delays = [1, 2, 3, 9, 10, 11, 5000].map((failures) => failoverDelaySeconds(failures, settings));
    expect(delays).toEqual([7, 14, 28, 1792, 3584, 3600, 3600]);
    expect(failoverDelaySeconds(3, { delaySeconds: 30, longestSeconds: 30 })).toBe(30);
  });

  test('is that of the section of the node, and the default in a config of before there was a choice', () => {
    const brokers = { failover_delay: '30s', failover_max_delay: '3h', failover_max_tries: 4 };
    const options = { brokers, controllers: {} };
    const config = { id: 'c', packageVersion: '1.0.0-4.3.1', options } as unknown as ServiceConfig;
    expect(failoverSettings(config, 2)).toEqual({ delaySeconds: 30, longestSeconds: 10_800, tries: 4 });
    expect(failoverSettings(config, 1001)).toEqual(defaults);
  });

  test('counts from the stop, and is none after a stop that was asked for', () => {
    expect(nextStartDueAt({ stoppedAt: 5_000, asked: false }, 2, defaults)).toBe(25_000);
    expect(nextStartDueAt({ stoppedAt: 5_000, asked: true }, 2, defaults)).toBe(5_000);
  });
});

test('a node whose stop an operator has proven may leave its host', () => {
  const unproven = seen({ stopCode: 'EssentialContainerExited', stoppedReason: 'Host EC2 terminated' });
  const goal: NodeGoal = {
    ...{ service: 'kafka', nodeId: 0, configId: 'c', attempt: 1, failures: { count: 0, lastAttempt: 0 } },
    host: { instanceId: 'i-1', containerInstanceArn: 'ci-1', zone: 'a', address: '10.0.0.1' },
    launch: { attempt: 1, request: '{}', requestedAt: 1, taskArn: 'task-1', configId: 'c' },
  };
  const state = {
    ...{ goals: [goal], seen: [unproven], goneHosts: [], hostsSeen: [], nodeWishes: [] as ServiceState['nodeWishes'] },
  } as Partial<ServiceState> as ServiceState;
  expect(mayLeaveHost(state, goal)).toBe(false);
  const stopProven = { taskArn: 'task-1', requestedBy: 'anna', requestedAt: 1 };
  expect(mayLeaveHost({ ...state, nodeWishes: [{ ...noWish('kafka', 0), stopProven }] }, goal)).toBe(true);
});
