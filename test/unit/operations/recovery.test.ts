import { describe, expect, test } from '@jest/globals';
import { waitingSentence } from '../../../lib/model/waiting-reason.ts';
import {
  deployedService,
  execution,
  faultsOf,
  hourMs,
  killed,
  liveTasks,
  taskOf,
  untilQuiet,
} from '../../support/deployed-service.ts';

const inFull = [
  'warden/kafka/0/node/1',
  'warden/kafka/1/node/1',
  'warden/kafka/1000/node/1',
  'warden/kafka/1001/node/1',
  'warden/kafka/1002/node/1',
  'warden/kafka/2/node/1',
];

function withSecondTry(nodeId: number): readonly string[] {
  const [own, next] = [`warden/kafka/${nodeId}/node/1`, `warden/kafka/${nodeId}/node/2`];
  return inFull.map((startedBy) => (startedBy === own ? next : startedBy)).sort();
}

describe('a broker that is killed', () => {
  test('starts again in place on its own volume after ten seconds, its registration released at once', async () => {
    const world = await deployedService();
    world.kafka.setTopics([{ topic: 'orders', replicas: [0, 1, 2], minIsr: 2 }]);
    const before = taskOf(world, 1);
    const killedAt = world.clock.clock();
    world.tasks.end(before.view.taskArn, killed);
    await world.clock.until('the release', () => world.kafka.released.length > 0, hourMs);
    expect(world.clock.clock() - killedAt).toBeLessThan(2_000);
    await world.clock.until('the next try', () => taskOf(world, 1).view.taskArn !== before.view.taskArn);
    const waitedMs = world.clock.clock() - killedAt;
    await untilQuiet(world);
    expect(waitedMs).toBeGreaterThanOrEqual(10_000);
    expect(waitedMs).toBeLessThan(12_500);
    expect(liveTasks(world)).toEqual(withSecondTry(1));
    expect(taskOf(world, 1).definition.mount?.device).toBe(before.definition.mount?.device);
    expect(taskOf(world, 1).request.environment['WARDEN_FORMAT']).toBe('never');
    expect(world.kafka.released).toEqual([1]);
    const state = await world.state('kafka');
    expect(state?.leases.filter(({ released }) => !released)).toEqual([]);
    expect(state?.waits).toEqual([]);
    expect(faultsOf(world)).toEqual([]);
  });

  test('waits 10, 20, 40, 60 and 60 seconds from failure to failure, and ten again after it was in sync', async () => {
    const world = await deployedService();
    const delays: number[] = [];
    for (let attempt = 1; attempt <= 5; attempt++) {
      const task = taskOf(world, 2);
      const killedAt = world.clock.clock();
      world.tasks.end(task.view.taskArn, killed);
      await world.clock.until('the next try', () => taskOf(world, 2).view.taskArn !== task.view.taskArn);
      delays.push(Math.floor((world.clock.clock() - killedAt) / 1000));
    }
    expect(delays.map((seconds) => Math.floor(seconds / 10) * 10)).toEqual([10, 20, 40, 60, 60]);
    await untilQuiet(world);
    const task = taskOf(world, 2);
    const killedAt = world.clock.clock();
    world.tasks.end(task.view.taskArn, killed);
    await world.clock.until('the next try', () => taskOf(world, 2).view.taskArn !== task.view.taskArn);
    expect(Math.floor((world.clock.clock() - killedAt) / 10_000)).toBe(1);
    await untilQuiet(world);
    expect(faultsOf(world)).toEqual([]);
  });

  test('keeps its registration while no other replica of its partition is in sync', async () => {
    const world = await deployedService();
    world.kafka.setTopics([{ topic: 'orders', replicas: [0, 1], minIsr: 1, lagging: [1] }]);
    world.tasks.end(taskOf(world, 0).view.taskArn, killed);
    await untilQuiet(world);
    expect(world.kafka.released).toEqual([]);
    expect(liveTasks(world)).toEqual(withSecondTry(0));
  });

  test('starts again at once when it was asked to stop', async () => {
    const world = await deployedService();
    const task = taskOf(world, 0);
    await world.clock.finish(world.tasks.stop(task.view.taskArn, 'by hand'));
    await world.clock.until('the stop', () => taskOf(world, 0).view.lastStatus === 'STOPPED');
    const stoppedAt = world.clock.clock();
    await world.clock.until('the next try', () => taskOf(world, 0).view.taskArn !== task.view.taskArn);
    expect(world.clock.clock() - stoppedAt).toBeLessThan(3_000);
    await untilQuiet(world);
    expect((await world.state('kafka'))?.goals[0]?.failures).toEqual({ count: 0, lastAttempt: 1 });
  });
});

describe('a stop that is not proven', () => {
  test('releases nothing and starts nothing, and says which task an operator must look at', async () => {
    const world = await deployedService();
    const { taskArn } = taskOf(world, 1).view;
    world.tasks.end(taskArn, { stopCode: 'EssentialContainerExited', stoppedReason: 'Host EC2 terminated' });
    await world.clock.pass(hourMs);
    expect(liveTasks(world)).toEqual(inFull.filter((startedBy) => startedBy !== 'warden/kafka/1/node/1'));
    expect(world.kafka.released).toEqual([]);
    const wait = (await world.state('kafka'))?.waits[0];
    const instanceId = (await world.store.readGoal('kafka', 1))?.host?.instanceId;
    expect(wait?.reason).toEqual({
      ...{ type: 'stop not proven', nodeId: 1, taskArn, instanceId },
      stoppedReason: 'EssentialContainerExited, Host EC2 terminated',
    });
    expect(wait && waitingSentence(wait.reason)).toBe(
      `the stop of task ${taskArn} is not proven (EssentialContainerExited, Host EC2 terminated): make sure that no process of it is left on host ${instanceId}, then "warden pod stop-proven kafka-1 ${taskArn}" says so; where nobody can look, "warden host fence ${instanceId}" ends the host, with all nodes there`,
    );
  });

  test('is none when the container never started: it is a failed try', async () => {
    const world = await deployedService();
    const { taskArn } = taskOf(world, 1).view;
    world.tasks.end(taskArn, { stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError' });
    await untilQuiet(world);
    expect(liveTasks(world)).toEqual(withSecondTry(1));
  });
});

describe('a service that is down as a whole', () => {
  test('comes back with its controllers first, its brokers once most of them run, and nothing is released', async () => {
    const world = await deployedService();
    world.kafka.setTopics([{ topic: 'orders', replicas: [0, 1, 2], minIsr: 2 }]);
    for (const nodeId of [0, 1, 2, 1000, 1001, 1002]) world.tasks.end(taskOf(world, nodeId).view.taskArn, killed);
    await untilQuiet(world);
    const secondTries = world.tasks
      .list()
      .map(({ request }) => request.startedBy)
      .filter((by) => by.endsWith('node/2'));
    expect(secondTries.slice(0, 2).every((startedBy) => startedBy.startsWith('warden/kafka/100'))).toBe(true);
    expect(secondTries.length).toBe(6);
    expect(liveTasks(world)).toEqual(inFull.map((startedBy) => startedBy.replace(/1$/, '2')));
    expect(world.kafka.released).toEqual([]);
    expect(faultsOf(world)).toEqual([]);
  });

  test('comes back although no event tells of it: reconcile looks', async () => {
    const world = await deployedService();
    world.setFate(() => []);
    for (const nodeId of [0, 1, 2, 1000, 1001, 1002]) world.tasks.end(taskOf(world, nodeId).view.taskArn, killed);
    await world.clock.pass(300_000);
    expect(liveTasks(world)).toEqual([]);
    for (let sweep = 0; sweep < 4; sweep++) {
      await world.reconcile('kafka');
      await world.clock.pass(300_000);
    }
    expect(liveTasks(world)).toEqual(inFull.map((startedBy) => startedBy.replace(/1$/, '2')));
    expect(faultsOf(world)).toEqual([]);
  });
});

describe('a recovery whose execution dies', () => {
  test.each(['Stop', 'Release registration', 'Prepare volume', 'Start', 'Join quorum', 'Await in sync'])(
    'at "%s" is followed by another one, which brings the node back',
    async (name) => {
      const world = await deployedService();
      world.machines.abortAt(name);
      world.tasks.end(taskOf(world, 1).view.taskArn, killed);
      await untilQuiet(world);
      expect(world.machines.list().filter(({ status }) => status === 'ABORTED').length).toBe(1);
      expect(liveTasks(world)).toEqual(withSecondTry(1));
      const state = await world.state('kafka');
      expect(state?.leases.filter(({ released }) => !released)).toEqual([]);
      expect(faultsOf(world)).toEqual([]);
    },
  );

  test('between the stored request and its sending is followed by another one, which sends it', async () => {
    const world = await deployedService();
    world.tasks.end(taskOf(world, 1).view.taskArn, killed);
    await world.clock.until('the stored request', async () => {
      const goal = await world.store.readGoal('kafka', 1);
      return goal?.attempt === 2;
    });
    world.machines.abort(execution(world, 'broker').arn);
    await untilQuiet(world);
    expect(liveTasks(world)).toEqual(withSecondTry(1));
    expect(faultsOf(world)).toEqual([]);
  });
});

describe('events of tasks', () => {
  test('bring a node back once when they come twice and out of order', async () => {
    const world = await deployedService();
    world.setFate(({ version }) => [version % 2 === 0 ? 20 : 900, 1_500, 40_000]);
    world.tasks.end(taskOf(world, 1).view.taskArn, killed);
    await untilQuiet(world);
    await world.clock.pass(120_000);
    expect(liveTasks(world)).toEqual(withSecondTry(1));
    expect(world.tasks.starts.get('warden/kafka/1/node/2')).toBe(1);
    expect(faultsOf(world)).toEqual([]);
  });

  test('of an earlier try never stop or start anything', async () => {
    const world = await deployedService();
    const first = taskOf(world, 1).view;
    world.tasks.end(first.taskArn, killed);
    await untilQuiet(world);
    const recoveries = world.machines.list().length;
    world.tasks.end(first.taskArn, killed);
    const { onTaskChanged } = await import('../../../lib/operations/on-task-changed.ts');
    const { store, tasks, taskLogs } = world;
    const ports = { store, planRunner: world.machines, tasks, taskLogs, clock: world.clock.clock };
    await world.clock.finish(onTaskChanged(ports, { taskArn: first.taskArn, version: 1 }));
    await untilQuiet(world);
    expect(world.machines.list().length).toBe(recoveries);
    expect(liveTasks(world)).toEqual(withSecondTry(1));
  });
});

describe('a combined node that is killed', () => {
  test('starts again in place on its own volume, leads its quorum again, and its registration is waited out', async () => {
    const world = await deployedService({}, { brokers: { count: 1 } });
    world.tasks.end(taskOf(world, 0).view.taskArn, killed);
    await untilQuiet(world);
    expect(liveTasks(world)).toEqual(['warden/kafka/0/node/2']);
    expect(taskOf(world, 0).request.environment['WARDEN_FORMAT']).toBe('never');
    expect(world.kafka.voters()).toEqual([0]);
    expect(world.kafka.released).toEqual([]);
    expect(faultsOf(world)).toEqual([]);
  });
});
