import { describe, expect, jest, test } from '@jest/globals';
import { minuteMs, secondMs, tell } from './tell.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

const service = { brokers: { count: 2 }, controllers: { count: 1 } };

describe('a service whose host is gone for good', () => {
  test.each([
    ['which ECS noticed', false],
    ['whose agent was out of touch before, so that ECS shows its tasks as running for ever', true],
  ])('and %s is uninstalled all the same, and starts nothing twice', async (_what, isOutOfTouch) => {
    const { world, install, uninstall, process, rest, broken } = tell(`lost host, ${isOutOfTouch}`);
    await install('kafka', service);
    await rest();
    const { instanceId } = process('kafka/0')?.host ?? { instanceId: '' };
    if (isOutOfTouch) world.aws.disconnectAgent(instanceId);
    await world.clock.pass(5 * secondMs);
    world.aws.loseHost(instanceId);
    await world.clock.pass(10 * minuteMs);
    expect(world.starts.filter(({ startedBy }) => startedBy.startsWith('warden/kafka/0/node/')).length).toBe(1);
    expect((await uninstall('kafka')).status).toBe(202);
    await rest(20 * minuteMs);
    expect(world.aws.items().filter(({ sk }) => sk === 'TARGET')).toEqual([]);
    expect(broken()).toEqual([]);
  });

  test.each([
    ['which ECS noticed', false],
    ['whose agent was out of touch before', true],
  ])('and %s, runs on another one of the zone with its old volume, and loses nothing', async (_what, isOutOfTouch) => {
    const { world, install, process, rest, broken } = tell(`moves, ${isOutOfTouch}`, { hosts: 6 });
    await install('kafka', { brokers: { count: 3 }, controllers: { count: 3 } });
    await rest();
    const before = process('kafka/0');
    const { instanceId, zone } = before?.host ?? { instanceId: '', zone: '' };
    if (isOutOfTouch) world.aws.disconnectAgent(instanceId);
    await world.clock.pass(5 * secondMs);
    world.aws.loseHost(instanceId);
    // Long before the next sweep.
    await world.clock.pass(2 * minuteMs);
    const after = process('kafka/0');
    expect(after?.host).toMatchObject({ zone });
    expect(after?.host.instanceId).not.toBe(instanceId);
    expect(after?.volumeId).toBe(before?.volumeId);
    await rest();
    expect(broken()).toEqual([]);
  });

  test('keeps waiting, and releases no registration, while only ECS says so and the process runs on', async () => {
    const { world, install, uninstall, process, rest, broken } = tell('forgotten host');
    await install('kafka', service);
    await rest();
    const { host, taskArn } = process('kafka/0') ?? { host: { instanceId: '' }, taskArn: '' };
    world.aws.forgetHost(host.instanceId);
    await world.clock.pass(10 * minuteMs);
    expect((await uninstall('kafka')).status).toBe(202);
    await world.clock.pass(20 * minuteMs);
    expect(world.containers.has(taskArn)).toBe(true);
    expect(
      world.aws
        .items()
        .some(({ sk, reason }) => String(sk).startsWith('WAIT#0#') && Object(reason).type === 'stop not proven'),
    ).toBe(true);
    expect(world.violations).toEqual([]);
    expect(world.aws.volumes().filter(({ isRoot, state }) => !isRoot && state !== 'deleted').length).toBeGreaterThan(0);
    // Somebody ends the machine: now EC2 proves it.
    world.aws.loseHost(host.instanceId);
    await rest(20 * minuteMs);
    expect(broken()).toEqual([]);
  });
});
