import { describe, expect, test } from '@jest/globals';
import {
  type ContainerState,
  endingCause,
  newTask,
  nextSteps,
  reportOf,
  type TaskState,
} from '../../../../local/agent/task-state.ts';
import type { ContainerOrder } from '../../../../local/hosts/protocol.ts';
import { stopWave } from '../../../../local/hosts/stop-wave.ts';

function container(name: string, more: Partial<ContainerOrder> = {}): ContainerOrder {
  return {
    name,
    image: 'apache/kafka:4.3.1',
    essential: true,
    entryPoint: [],
    command: ['true'],
    environment: {},
    mountPoints: [],
    dependsOn: [],
    privileged: false,
    stopTimeoutSeconds: 30,
    ulimits: [],
    labels: {},
    ...more,
  };
}

function task(containers: readonly ContainerOrder[], states: Record<string, ContainerState> = {}): TaskState {
  const fresh = newTask({ taskArn: 'arn:task/1', containers, volumes: {}, hostPid: false });
  return { ...fresh, containers: { ...fresh.containers, ...states } };
}

const INIT = container('init', { essential: false });

describe('the containers of a task', () => {
  test('start at once when they depend on nothing', () => {
    expect(nextSteps(task([container('a'), container('b')])).start).toEqual(['a', 'b']);
  });

  test('wait until the one they depend on has ended well', () => {
    const containers = [INIT, container('main', { dependsOn: [{ container: 'init', condition: 'SUCCESS' }] })];
    expect(nextSteps(task(containers)).start).toEqual(['init']);
    expect(nextSteps(task(containers, { init: { status: 'RUNNING' } })).start).toEqual([]);
    expect(nextSteps(task(containers, { init: { status: 'STOPPED', exitCode: 0 } })).start).toEqual(['main']);
    expect(endingCause(task(containers, { init: { status: 'STOPPED', exitCode: 4 } }))).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: expect.stringContaining('init reaching SUCCESS, which ended with exit code 4'),
    });
  });

  test('wait until the one they depend on is healthy', () => {
    const containers = [container('a'), container('b', { dependsOn: [{ container: 'a', condition: 'HEALTHY' }] })];
    expect(nextSteps(task(containers, { a: { status: 'RUNNING' } })).start).toEqual([]);
    expect(nextSteps(task(containers, { a: { status: 'RUNNING', health: 'HEALTHY' } })).start).toEqual(['b']);
  });

  test('stop in the other order', () => {
    const containers = [container('a'), container('b', { dependsOn: [{ container: 'a', condition: 'START' }] })];
    const running = task(containers, { a: { status: 'RUNNING' }, b: { status: 'RUNNING' } });
    const ending = { ...running, cause: { stopCode: 'UserInitiated', stoppedReason: '' } } as const;
    expect(nextSteps(ending).stop).toEqual(['b']);
    const later = { ...ending, containers: { ...ending.containers, b: { status: 'STOPPED', exitCode: 0 } } } as const;
    expect(nextSteps(later).stop).toEqual(['a']);
  });

  test('end the task when an essential one ends, and only then', () => {
    const containers = [container('main'), INIT];
    expect(
      endingCause(task(containers, { main: { status: 'RUNNING' }, init: { status: 'STOPPED', exitCode: 1 } })),
    ).toBeUndefined();
    expect(endingCause(task(containers, { main: { status: 'STOPPED', exitCode: 0 } }))?.stopCode).toBe(
      'EssentialContainerExited',
    );
  });
});

test('a container that could not be started has no exit code and names the task’s reason', () => {
  const failed = task([container('main')], {
    main: { status: 'STOPPED', reason: 'CannotPullContainerError: no such image' },
  });
  expect(endingCause(failed)).toEqual({
    stopCode: 'TaskFailedToStart',
    stoppedReason: 'CannotPullContainerError: no such image',
  });
  expect(reportOf(failed).containers).toEqual([
    { name: 'main', status: 'STOPPED', reason: 'CannotPullContainerError: no such image' },
  ]);
});

test('a task without the label belongs to the first wave', () => {
  const order = (labels: Record<string, string>) => task([container('main', { labels })]).order;
  expect(stopWave(order({}))).toBe(1);
  expect(stopWave(order({ 'stop.wave': '2' }))).toBe(2);
});
