import { describe, expect, test } from '@jest/globals';
import { findPlan } from '../../../lib/model/plan/find-plan.ts';
import { steerPlan } from '../../../lib/operations/steer-plan.ts';
import { updateService } from '../../../lib/operations/update-service.ts';
import { deployedService, faultsOf, hourMs, killed, taskOf, untilQuiet } from '../../support/deployed-service.ts';
import type { FakeWorld } from '../../support/fake-world.ts';

const noClass = 'org.apache.kafka.common.KafkaException: Class com.example.Missing cannot be found';

/** What the operator reads of kafka-0 in a plan. */
async function stepOf(world: FakeWorld, plan: string) {
  const state = await world.state('kafka');
  const view = state && findPlan({ type: 'lives', state }, plan);
  return view?.phases.flatMap(({ steps }) => steps).find(({ nodeId }) => nodeId === 0);
}

/** An update under STAGE whose first broker is up in the new configuration. */
async function canary(rollback: string): Promise<FakeWorld> {
  const world = await deployedService();
  const options = { service: { phase_strategy: 'STAGE', rollback }, kafka: { log_retention_hours: 100 } };
  const update = { service: 'kafka', options, replace: false, requestedBy: 'anna' };
  expect(await world.clock.finish(updateService(world.api, update))).toMatchObject({ type: 'accepted' });
  const go = { service: 'kafka', plan: 'deploy', command: 'continue', requestedBy: 'bert' } as const;
  expect(await world.clock.finish(steerPlan(world.api, go))).toMatchObject({ type: 'done' });
  await untilTryRuns(world, 2);
  return world;
}

function untilTryRuns(world: FakeWorld, attempt: number) {
  const isUp = () => {
    const { request, view } = taskOf(world, 0);
    return request.startedBy.endsWith(`/${attempt}`) && view.lastStatus === 'RUNNING';
  };
  return world.clock.until(`try ${attempt}`, isUp, hourMs);
}

describe('a broker that cannot boot', () => {
  test('says its last words in the message of its step, while it waits and while it is tried again', async () => {
    const world = await canary('manual');
    const { taskArn } = taskOf(world, 0).view;
    world.taskLogs.write(taskArn, 'INFO starting', noClass, '\tat kafka.Kafka$.main(Kafka.scala:106)');
    world.tasks.end(taskArn, killed);
    await world.clock.pass(5_000);
    const waiting = await stepOf(world, 'deploy');
    const words = { taskArn, lines: ['INFO starting', noClass] };
    const message = [
      `DeployStep: kafka-0:[broker] [${waiting?.id}] with status: DELAYED`,
      `The log of task ${taskArn.split('/').at(-1)} ends:`,
      ...words.lines,
    ].join('\n');
    expect(waiting).toMatchObject({ status: 'DELAYED', message, lastWords: words });
    await untilTryRuns(world, 3);
    await world.clock.pass(100);
    expect(await stepOf(world, 'deploy')).toMatchObject({ status: 'STARTED', lastWords: words });
    await world.clock.pass(10 * 60_000);
    const through = await stepOf(world, 'deploy');
    expect(through?.status).toBe('COMPLETE');
    expect(through).not.toHaveProperty('lastWords');
    expect(faultsOf(world)).toEqual([]);
  });

  test('says them in the plan that takes the update back, too', async () => {
    const world = await canary('automatic');
    for (const attempt of [2, 3]) {
      await untilTryRuns(world, attempt);
      const { taskArn } = taskOf(world, 0).view;
      world.taskLogs.write(taskArn, 'INFO starting', noClass);
      world.tasks.end(taskArn, killed);
    }
    await untilQuiet(world);
    const state = await world.state('kafka');
    const plan = state && findPlan({ type: 'lives', state }, 'deploy');
    expect(plan?.errors.join()).toContain(
      `ended 2 times without being asked to, in the new configuration; its log ended: INFO starting / ${noClass}`,
    );
  });
});

describe('a broker that recovers', () => {
  test('says its last words in the plan recovery', async () => {
    const world = await deployedService();
    const { taskArn } = taskOf(world, 0).view;
    world.taskLogs.write(taskArn, 'Killed');
    world.tasks.end(taskArn, killed);
    await world.clock.pass(5_000);
    const step = await stepOf(world, 'recovery');
    expect(step?.message).toMatch(/RecoveryType: TRANSIENT\nThe log of task \d+ ends:\nKilled$/);
    expect(step?.lastWords).toEqual({ taskArn, lines: ['Killed'] });
  });
});

describe('a log that does not answer', () => {
  test('is named, hinders no recovery, and is read once it answers', async () => {
    const world = await deployedService();
    const { taskArn } = taskOf(world, 0).view;
    world.taskLogs.write(taskArn, 'Killed');
    world.taskLogs.fail(Object.assign(new Error('no answer came'), { name: 'TaskLogsError' }));
    world.tasks.end(taskArn, killed);
    await world.clock.pass(5_000);
    const unread = 'TaskLogsError: no answer came';
    expect((await stepOf(world, 'recovery'))?.lastWords).toEqual({ taskArn, lines: [], unread });
    expect((await stepOf(world, 'recovery'))?.message).toContain(`could not be read: ${unread}`);
    world.taskLogs.answer();
    await world.reconcile('kafka');
    expect((await stepOf(world, 'recovery'))?.lastWords).toEqual({ taskArn, lines: ['Killed'] });
    await untilQuiet(world);
    expect(taskOf(world, 0).view.lastStatus).toBe('RUNNING');
    expect(faultsOf(world)).toEqual([]);
  });

  test('holds up no recovery that reconcile starts, nor the logs of other nodes', async () => {
    const world = await deployedService({ fate: () => [] });
    const recoveries = () => world.machines.list().filter(({ machine }) => machine === 'recover').length;
    const before: number[] = [];
    world.taskLogs.tail = async () => {
      before.push(recoveries());
      await world.clock.pause(4_000);
      throw Object.assign(new Error('no answer came'), { name: 'TaskLogsError' });
    };
    for (const nodeId of [0, 1, 2]) world.tasks.end(taskOf(world, nodeId).view.taskArn, killed);
    const begunAt = world.clock.clock();
    await world.reconcile('kafka');
    expect(before).toEqual([3, 3, 3]);
    expect(world.clock.clock() - begunAt).toBeLessThan(2 * 4_000);
    expect((await world.state('kafka'))?.lastWords.map(({ unread }) => unread)).toEqual(
      Array.from({ length: 3 }, () => 'TaskLogsError: no answer came'),
    );
  });

  test('whose lines come late is read by the next reconcile', async () => {
    const world = await deployedService();
    const { taskArn } = taskOf(world, 0).view;
    world.tasks.end(taskArn, killed);
    await world.clock.pass(5_000);
    expect(await stepOf(world, 'recovery')).not.toHaveProperty('lastWords');
    world.taskLogs.write(taskArn, 'Killed');
    await world.reconcile('kafka');
    expect((await stepOf(world, 'recovery'))?.lastWords?.lines).toEqual(['Killed']);
  });
});

describe('a stop that was asked for', () => {
  test('leaves no last words behind', async () => {
    const world = await deployedService();
    const { taskArn } = taskOf(world, 0).view;
    world.taskLogs.write(taskArn, 'INFO shut down completed');
    await world.clock.finish(world.tasks.stop(taskArn, 'by hand'));
    await untilQuiet(world);
    expect(taskOf(world, 0).view.taskArn).not.toBe(taskArn);
    expect((await world.state('kafka'))?.lastWords).toEqual([]);
  });
});
