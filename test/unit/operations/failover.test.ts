import { describe, expect, jest, test } from '@jest/globals';
import { serviceHealth } from '../../../lib/model/health/service-health.ts';
import { findPlan, planNames } from '../../../lib/model/plan/find-plan.ts';
import { reactivateNode } from '../../../lib/operations/reactivate-node.ts';
import { restartNode } from '../../../lib/operations/restart-node.ts';
import { uninstallService } from '../../../lib/operations/uninstall-service.ts';
import { updateService } from '../../../lib/operations/update-service.ts';
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
import { createFakeWorld, type FakeWorld } from '../../support/fake-world.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(120_000);

const minuteMs = 60_000;
const pullError = { stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError: pull access denied' };

/** Ends the node's process so often, each time as soon as the next try is there; answers how long each one took to come. */
async function failTimes(world: FakeWorld, nodeId: number, times: number, end: object = killed): Promise<number[]> {
  const delays: number[] = [];
  for (let failure = 1; failure <= times; failure++) {
    const { taskArn } = taskOf(world, nodeId).view;
    const endedAt = world.clock.clock();
    world.tasks.end(taskArn, { ...killed, ...end });
    if (failure === times) break;
    await world.clock.until('the next try', () => taskOf(world, nodeId).view.taskArn !== taskArn, 3 * hourMs);
    delays.push(Math.floor((world.clock.clock() - endedAt) / 1000));
  }
  return delays;
}

async function view(world: FakeWorld, plan: string) {
  const state = await world.state('kafka');
  return state && findPlan({ type: 'lives', state }, plan);
}

async function health(world: FakeWorld) {
  const state = await world.state('kafka');
  if (state === undefined) throw new Error('there is no service');
  return serviceHealth(state, { verbose: false, now: world.clock.clock() });
}

function reactivate(world: FakeWorld, nodeId: number) {
  return world.clock.finish(reactivateNode(world.api, { service: 'kafka', nodeId, requestedBy: 'bert' }));
}

async function update(world: FakeWorld, options: unknown): Promise<void> {
  const request = { service: 'kafka', options, replace: false, requestedBy: 'anna' };
  expect(await world.clock.finish(updateService(world.api, request))).toMatchObject({ type: 'accepted' });
}

/** Broker 0 of a deployed service has failed four times in a row, and three tries were allowed. */
async function deactivated(): Promise<FakeWorld> {
  const world = await deployedService({}, { brokers: { failover_max_tries: 3 } });
  await failTimes(world, 0, 4);
  await untilQuiet(world);
  return world;
}

const tries = (world: FakeWorld, nodeId: number) =>
  world.tasks.list().filter(({ request }) => request.startedBy.startsWith(`warden/kafka/${nodeId}/node/`)).length;

describe('the failover delay', () => {
  test('is 10, 20 and 40 seconds by the clock of the events, and not a second more than the step needs', async () => {
    const world = await deployedService();
    const delays = await failTimes(world, 1, 4);
    for (const [index, seconds] of [10, 20, 40].entries()) {
      expect(delays[index]).toBeGreaterThanOrEqual(seconds);
      expect(delays[index]).toBeLessThan(seconds + 3);
    }
    await untilQuiet(world);
    expect(faultsOf(world)).toEqual([]);
  });

  test('is that of the options, brokers and controllers apart', async () => {
    const brokers = { failover_delay: '3s', failover_max_delay: '12s' };
    const controllers = { failover_delay: '2m', failover_max_delay: '1h' };
    const world = await deployedService({}, { brokers, controllers });
    const ofBroker = await failTimes(world, 2, 5);
    expect(ofBroker.map((seconds) => Math.floor(seconds / 3))).toEqual([1, 2, 4, 4]);
    const ofController = await failTimes(world, 1002, 4);
    expect(ofController.map((seconds) => Math.floor(seconds / 60))).toEqual([2, 4, 8]);
    await untilQuiet(world);
    expect(faultsOf(world)).toEqual([]);
  });

  test('follows an update that restarts nobody', async () => {
    const world = await deployedService();
    await update(world, { brokers: { failover_delay: '5m', failover_max_delay: '1h' } });
    await untilQuiet(world);
    expect(world.tasks.list().filter(({ request }) => request.startedBy.endsWith('/node/2'))).toEqual([]);
    const delays = await failTimes(world, 1, 3);
    expect(delays.map((seconds) => Math.floor(seconds / 60))).toEqual([5, 10]);
    await untilQuiet(world);
    expect(faultsOf(world)).toEqual([]);
  });

  test('is not waited out by an update that brings a node another config that does not run in its own', async () => {
    const world = await deployedService({}, { brokers: { failover_delay: '20m', failover_max_delay: '24h' } });
    await failTimes(world, 0, 2);
    await world.clock.pass(5_000);
    expect((await view(world, 'recovery'))?.phases[0]?.steps[0]?.status).toBe('DELAYED');
    await update(world, { kafka: { log_retention_hours: 100 } });
    await world.clock.until('the next try', () => tries(world, 0) === 3, 3 * minuteMs);
    await untilQuiet(world);
    expect((await view(world, 'deploy'))?.status).toBe('COMPLETE');
    expect(faultsOf(world)).toEqual([]);
  });
});

describe('an image that cannot be pulled', () => {
  test('is a failure, and is tried again by itself until it can', async () => {
    const world = await deployedService();
    const delays = await failTimes(world, 1, 3, { ...pullError, exitCode: undefined });
    expect(delays.map((seconds) => Math.floor(seconds / 10))).toEqual([1, 2]);
    await world.clock.pass(2_000);
    expect((await world.state('kafka'))?.goals.find(({ nodeId }) => nodeId === 1)?.failures.count).toBe(3);
    await untilQuiet(world);
    expect(liveTasks(world)).toContain('warden/kafka/1/node/4');
    expect(faultsOf(world)).toEqual([]);
  });

  test('deactivates the node like any other failure', async () => {
    const world = await deployedService({}, { brokers: { failover_max_tries: 1 } });
    await failTimes(world, 1, 2, { ...pullError, exitCode: undefined });
    await world.clock.pass(hourMs);
    expect(tries(world, 1)).toBe(2);
    const { reasons } = await health(world);
    expect(reasons[1]).toContain('CannotPullContainerError: pull access denied');
  });
});

describe('a broker that failed more often than it may', () => {
  test('stays down, in nobody’s hands, whatever reconcile looks at, and its recovery says so', async () => {
    const world = await deactivated();
    for (let sweep = 0; sweep < 3; sweep++) {
      await world.reconcile('kafka');
      await world.clock.pass(hourMs);
    }
    expect(tries(world, 0)).toBe(4);
    const recoveries = world.machines.list().filter(({ machine }) => machine === 'recover');
    expect(recoveries.map(({ status }) => status)).toEqual(['SUCCEEDED']);
    expect(recoveries[0]?.path.at(-1)).toBe('Deactivated');
    expect(execution(world, 'broker').path.at(-1)).toBe('Deactivated');
    const state = await world.state('kafka');
    expect(state?.leases.filter(({ released }) => !released)).toEqual([]);
    expect(state?.waits).toEqual([]);
    expect(state?.slot).toBeUndefined();
    expect(faultsOf(world)).toEqual([]);
  });

  test('is an error of the recovery plan and of the health, with its last words and what to do', async () => {
    const world = await deployedService({}, { brokers: { failover_max_tries: 1 } });
    await failTimes(world, 0, 1);
    await world.clock.until('the second try', () => tries(world, 0) === 2, hourMs);
    world.taskLogs.write(taskOf(world, 0).view.taskArn, 'ERROR no space left on device');
    await failTimes(world, 0, 1);
    await untilQuiet(world);
    const state = await world.state('kafka');
    expect(state && planNames({ type: 'lives', state })).toEqual(['deploy', 'recovery']);
    const recovery = await view(world, 'recovery');
    const step = recovery?.phases[0]?.steps[0];
    expect([recovery?.status, recovery?.phases.length, step?.name]).toEqual(['ERROR', 1, 'kafka-0:[broker]']);
    expect(step?.message).toMatch(
      /^RecoveryStep: kafka-0:\[broker\] \[.*\] with status: ERROR RecoveryType: TRANSIENT\n/,
    );
    expect(step?.message).toMatch(/\nERROR no space left on device$/);
    const sentence =
      'was deactivated after 2 failures in a row (failover_max_tries is 1), the last one: EssentialContainerExited, Essential container exited, exit code 137; "warden pod resume kafka-0" reactivates it';
    expect(step?.waiting?.sentence).toBe(sentence);
    expect(recovery?.errors).toEqual([`kafka-0:[broker] ${sentence}`]);
    expect(await health(world)).toEqual({
      value: 500,
      reasons: ['plan recovery is ERROR: 0 of 1 steps are complete', `kafka-0:[broker] ${sentence}`],
    });
  });

  test('is tried again by hand, and its failures so far count no more', async () => {
    const world = await deactivated();
    const before = taskOf(world, 0).view.taskArn;
    const askedAt = world.clock.clock();
    expect(await reactivate(world, 0)).toEqual({ type: 'accepted' });
    expect(await reactivate(world, 0)).toEqual({ type: 'already' });
    await world.clock.until('the next try', () => taskOf(world, 0).view.taskArn !== before);
    expect(world.clock.clock() - askedAt).toBeLessThan(3_000);
    const delays = await failTimes(world, 0, 4);
    expect(delays.map((seconds) => Math.floor(seconds / 10))).toEqual([1, 2, 4]);
    await untilQuiet(world);
    expect(tries(world, 0)).toBe(8);
    expect((await view(world, 'recovery'))?.status).toBe('ERROR');
    expect(await reactivate(world, 0)).toEqual({ type: 'accepted' });
    await untilQuiet(world);
    expect(await view(world, 'recovery')).toBeUndefined();
    expect((await health(world)).value).toBe(200);
    expect(await reactivate(world, 0)).toEqual({ type: 'already' });
    const { operations } = await world.store.listOperations('kafka', { limit: 10 });
    expect(operations.map(({ kind, pod, requestedBy }) => [kind, pod, requestedBy])).toEqual([
      ['reactivate node', 'kafka-0', 'bert'],
      ['reactivate node', 'kafka-0', 'bert'],
      ['install', undefined, 'test'],
    ]);
    expect(faultsOf(world)).toEqual([]);
  });

  test('comes back with an update that gives it another config, and counts anew', async () => {
    const world = await deactivated();
    await update(world, { kafka: { log_retention_hours: 100 } });
    await world.clock.until('the next try', () => tries(world, 0) === 5, hourMs);
    const delays = await failTimes(world, 0, 2);
    expect(delays.map((seconds) => Math.floor(seconds / 10))).toEqual([1]);
    await untilQuiet(world);
    expect((await view(world, 'deploy'))?.status).toBe('COMPLETE');
    expect(await view(world, 'recovery')).toBeUndefined();
    expect(liveTasks(world)).toContain('warden/kafka/0/node/7');
    expect(faultsOf(world)).toEqual([]);
  });

  test('makes the step wait that brings it its config, which goes on when it is reactivated', async () => {
    const world = await deactivated();
    await update(world, { kafka: { log_retention_hours: 100 } });
    await world.clock.until('the next try', () => tries(world, 0) === 5, hourMs);
    await failTimes(world, 0, 4);
    await world.clock.pass(2 * hourMs);
    expect(tries(world, 0)).toBe(8);
    const waits = await view(world, 'deploy');
    expect([waits?.status, (await health(world)).value]).toEqual(['ERROR', 500]);
    expect(waits?.errors).toEqual([expect.stringMatching(/^kafka-0:\[broker\] was deactivated after 4 failures/)]);
    expect((await health(world)).reasons.filter((reason) => reason.includes('was deactivated')).length).toBe(1);
    expect(await reactivate(world, 0)).toEqual({ type: 'accepted' });
    await untilQuiet(world);
    expect((await view(world, 'deploy'))?.status).toBe('COMPLETE');
    expect(faultsOf(world)).toEqual([]);
  });

  test('is started once more for each restart that an operator asks for, and no more often', async () => {
    const world = await deactivated();
    const restart = () => restartNode(world.api, { service: 'kafka', nodeId: 0, requestedBy: 'bert' });
    for (const times of [1, 2]) {
      expect(await world.clock.finish(restart())).toEqual({ type: 'accepted' });
      await failTimes(world, 0, 1);
      await world.clock.pass(hourMs);
      await untilQuiet(world);
      expect(tries(world, 0)).toBe(4 + times);
      expect(world.machines.list().filter(({ machine }) => machine === 'restart').length).toBe(times);
    }
    expect((await health(world)).reasons.join()).toContain('was deactivated after 6 failures');
    expect(faultsOf(world)).toEqual([]);
  });

  test('goes with its service', async () => {
    const world = await deactivated();
    const request = { service: 'kafka', keepVolumes: false, requestedBy: 'bert' };
    expect(await world.clock.finish(uninstallService(world.api, request))).toMatchObject({ type: 'accepted' });
    expect(await reactivate(world, 0)).toEqual({ type: 'going away' });
    await untilQuiet(world);
    expect(await world.state('kafka')).toBeUndefined();
    expect(liveTasks(world)).toEqual([]);
    expect(await reactivate(world, 0)).toEqual({ type: 'no service' });
    expect(faultsOf(world)).toEqual([]);
  });

  test('does not hinder the recovery of another one', async () => {
    const world = await deactivated();
    await failTimes(world, 2, 1);
    await untilQuiet(world);
    expect(liveTasks(world)).toContain('warden/kafka/2/node/2');
    expect((await view(world, 'recovery'))?.phases.length).toBe(1);
    expect(faultsOf(world)).toEqual([]);
  });

  test('is given up also when its recovery dies before it has given it back', async () => {
    const world = await deployedService({}, { brokers: { failover_max_tries: 1 } });
    await failTimes(world, 0, 2);
    const isCounted = async () => (await world.store.readGoal('kafka', 0))?.failures.count === 2;
    await world.clock.until('the count', isCounted);
    world.machines.abort(execution(world, 'broker').arn);
    await untilQuiet(world);
    await world.clock.pass(hourMs);
    await world.reconcile('kafka');
    await untilQuiet(world);
    expect((await world.state('kafka'))?.leases.filter(({ released }) => !released)).toEqual([]);
    expect(tries(world, 0)).toBe(2);
    expect((await view(world, 'recovery'))?.status).toBe('ERROR');
    expect(faultsOf(world)).toEqual([]);
  });
});

describe('a reactivation', () => {
  test('is refused of what is not there', async () => {
    const world = createFakeWorld();
    expect(await reactivate(world, 0)).toEqual({ type: 'no service' });
    const deployed = await deployedService();
    expect(await reactivate(deployed, 3)).toEqual({ type: 'no node' });
    expect(await reactivate(deployed, 0)).toEqual({ type: 'already' });
    expect((await deployed.state('kafka'))?.nodeWishes).toEqual([]);
  });
});
