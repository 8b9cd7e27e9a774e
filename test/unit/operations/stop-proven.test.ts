import { describe, expect, test } from '@jest/globals';
import { onTaskChanged } from '../../../lib/operations/on-task-changed.ts';
import { proveStop } from '../../../lib/operations/prove-stop.ts';
import { deployedService, hourMs, liveTasks, taskOf, untilQuiet } from '../../support/deployed-service.ts';

const withoutProof = { stopCode: 'EssentialContainerExited', stoppedReason: 'Host EC2 terminated' };

describe('a stop that is not proven', () => {
  test('is believed once an operator names that very task, and the node comes back', async () => {
    const world = await deployedService();
    const { taskArn } = taskOf(world, 1).view;
    const asked = { service: 'kafka', pod: 'kafka-1', taskArn, requestedBy: 'anna' };
    const prove = (more: Partial<typeof asked> = {}) => world.clock.finish(proveStop(world.api, { ...asked, ...more }));
    expect(await prove()).toEqual({ type: 'not awaited' });
    world.tasks.end(taskArn, withoutProof);
    await world.clock.pass(hourMs);
    expect(world.kafka.released).toEqual([]);

    const other = taskOf(world, 0).view.taskArn;
    expect(await prove({ taskArn: other })).toEqual({ type: 'not awaited', awaited: taskArn });
    expect(await prove({ pod: 'kafka-9' })).toMatchObject({ type: 'no pod' });
    expect(await prove({ service: 'nobody' })).toEqual({ type: 'no service' });
    expect(liveTasks(world)).not.toContain('warden/kafka/1/node/2');

    expect(await prove()).toEqual({ type: 'done' });
    expect(await prove()).toEqual({ type: 'already' });
    await untilQuiet(world);
    expect(liveTasks(world)).toContain('warden/kafka/1/node/2');
    const { operations } = await world.store.listOperations('kafka', { limit: 1 });
    expect(operations).toMatchObject([{ kind: 'stop proven', requestedBy: 'anna', pod: 'kafka-1', taskArn }]);
  });

  test('of the next task needs a word of its own', async () => {
    const world = await deployedService();
    const first = taskOf(world, 1).view.taskArn;
    world.tasks.end(first, withoutProof);
    await world.clock.pass(hourMs);
    await world.clock.finish(
      proveStop(world.api, { service: 'kafka', pod: 'kafka-1', taskArn: first, requestedBy: 'anna' }),
    );
    await untilQuiet(world);
    const second = taskOf(world, 1).view.taskArn;
    world.tasks.end(second, withoutProof);
    await world.clock.pass(hourMs);
    expect((await world.state('kafka'))?.waits[0]?.reason).toMatchObject({ type: 'stop not proven', taskArn: second });
    expect(liveTasks(world)).not.toContain('warden/kafka/1/node/3');
  });
});

test('an event that says a task has stopped, while ECS shows it running, changes nothing', async () => {
  const world = await deployedService();
  const { taskArn, version } = taskOf(world, 1).view;
  const before = liveTasks(world);
  const ports = { ...world.api, tasks: world.tasks, taskLogs: world.taskLogs };
  await world.clock.finish(onTaskChanged(ports, { taskArn, version }));
  await expect(world.clock.finish(onTaskChanged(ports, { taskArn, version: version + 5 }))).rejects.toMatchObject({
    name: 'TaskListLags',
  });
  await world.clock.pass(hourMs);
  expect(liveTasks(world)).toEqual(before);
  expect(world.kafka.released).toEqual([]);
});
