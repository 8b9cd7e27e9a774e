import { describe, expect, test } from '@jest/globals';
import { failoverDelaySeconds, nextStartDueAt } from '../../../../lib/model/broker/failover-delay.ts';
import { taskEnd } from '../../../../lib/model/broker/proven-stop.ts';
import type { TaskSeen } from '../../../../lib/model/state.ts';

const seen = (changes: Partial<TaskSeen>): TaskSeen => ({
  ...{ service: 'kafka', nodeId: 0, taskArn: 'task-1', purpose: 'node', attempt: 1, version: 3 },
  ...{ lastStatus: 'STOPPED', desiredStatus: 'STOPPED' },
  ...changes,
});

describe('the end of a task', () => {
  test.each(['PROVISIONING', 'PENDING', 'RUNNING', 'DEACTIVATING', 'STOPPING', 'DEPROVISIONING'])(
    'has not come while it is %s, whatever is wanted and whatever its container said',
    (lastStatus) => {
      expect(taskEnd(seen({ lastStatus, exitCode: 0 }))).toEqual({ type: 'lives' });
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
    expect(taskEnd(seen(changes))).toEqual({ type: 'proven', asked, description });
  });

  test.each([
    ['a lost host', { stopCode: 'EssentialContainerExited', stoppedReason: 'Host EC2 terminated' }],
    ['a stop by hand without an exit code', { stopCode: 'UserInitiated' }],
    ['an interruption', { stopCode: 'TerminationNotice' }],
    ['nothing at all', {}],
  ] as const)('is not proven by %s', (_what, changes) => {
    expect(taskEnd(seen(changes)).type).toBe('not proven');
  });

  test('without any word says so', () => {
    expect(taskEnd(seen({ stoppedReason: '' }))).toEqual({ type: 'not proven', description: 'no reason given' });
  });
});

describe('the failover delay', () => {
  test('is 10, 20, 40, then 60 seconds, and none without a failure', () => {
    expect([0, 1, 2, 3, 4, 5, 40].map(failoverDelaySeconds)).toEqual([0, 10, 20, 40, 60, 60, 60]);
  });

  test('counts from the stop, and is none after a stop that was asked for', () => {
    expect(nextStartDueAt({ stoppedAt: 5_000, asked: false }, 2)).toBe(25_000);
    expect(nextStartDueAt({ stoppedAt: 5_000, asked: true }, 2)).toBe(5_000);
  });
});
