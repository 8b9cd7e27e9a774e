import { describe, expect, test } from '@jest/globals';
import { mergeReport } from '../../../../local/ecs/merge-report.ts';
import type { TaskRecord } from '../../../../local/ecs/records.ts';
import type { TaskReport } from '../../../../local/hosts/protocol.ts';

const PENDING: TaskRecord = {
  arn: 'arn:task/1',
  cluster: 'test',
  definitionArn: 'arn:task-definition/x:1',
  containerInstanceArn: 'arn:container-instance/1',
  zone: 'us-east-1a',
  group: 'family:x',
  overrides: {},
  cpu: 0,
  memoryMiB: 100,
  ports: [],
  containers: [
    { arn: 'arn:container/1', name: 'main', image: 'i', cpu: 0, report: { name: 'main', status: 'PENDING' } },
  ],
  lastStatus: 'PENDING',
  desiredStatus: 'RUNNING',
  version: 1,
  createdAt: 10,
  changedAt: 10,
};

const RUNNING: TaskReport = {
  taskArn: 'arn:task/1',
  status: 'RUNNING',
  containers: [{ name: 'main', status: 'RUNNING' }],
  startedAt: 20,
};
const EXITED: TaskReport = {
  taskArn: 'arn:task/1',
  status: 'STOPPED',
  containers: [{ name: 'main', status: 'STOPPED', exitCode: 1 }],
  cause: { stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited' },
  startedAt: 20,
  stoppedAt: 30,
};

describe('a report of an agent', () => {
  test('raises the version once, however often it comes', () => {
    const once = mergeReport(PENDING, RUNNING, 21);
    expect(once).toMatchObject({ lastStatus: 'RUNNING', version: 2, startedAt: 20, changedAt: 21 });
    expect(mergeReport(once, RUNNING, 22)).toBe(once);
  });

  test('never takes a task back', () => {
    const stopped = mergeReport(PENDING, EXITED, 31);
    expect(stopped).toMatchObject({
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
    });
    expect(mergeReport(stopped, RUNNING, 32)).toBe(stopped);
  });

  test('keeps the reason of whoever stopped the task first', () => {
    const asked: TaskRecord = {
      ...PENDING,
      desiredStatus: 'STOPPED',
      lastStatus: 'DEACTIVATING',
      stopCode: 'UserInitiated',
      stoppedReason: 'roll',
    };
    expect(mergeReport(asked, EXITED, 31)).toMatchObject({
      stopCode: 'UserInitiated',
      stoppedReason: 'roll',
      containers: [{ report: { exitCode: 1 } }],
    });
  });

  test('of health alone is kept without a new version', () => {
    const running = mergeReport(PENDING, RUNNING, 21);
    const healthy: TaskReport = { ...RUNNING, containers: [{ name: 'main', status: 'RUNNING', health: 'HEALTHY' }] };
    expect(mergeReport(running, healthy, 22)).toMatchObject({
      version: 2,
      containers: [{ report: { health: 'HEALTHY' } }],
    });
  });
});
