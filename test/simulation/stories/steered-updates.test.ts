import { describe, expect, jest, test } from '@jest/globals';
import { openSteps, planOf } from '../run/plans.ts';
import { minuteMs, smallService, tell } from './tell.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

const twoBrokers = { brokers: { count: 2 }, controllers: { count: 1 } };
const stage = { phase_strategy: 'STAGE' };

describe('an update that takes over an install', () => {
  test('brings controllers up before it stops for an operator at the first broker', async () => {
    const { world, install, update, command, until, rest, process, broken } = tell('a canary during an install');
    await install('kafka', smallService);
    await until('the preparation', () => world.starts.length === 1);
    expect((await update('kafka', { kafka: { queued_max_requests: 600 }, service: stage })).status).toBe(202);
    await until('the controller', () => process('kafka/1000') !== undefined);
    await world.clock.pass(2 * minuteMs);
    expect(process('kafka/0')).toBeUndefined();
    expect((await command('kafka', 'continue')).status).toBe(200);
    await rest();
    expect(broken()).toEqual([]);
  });

  test('decides the hosts of controllers when the install had no time to', async () => {
    const { world, install, update, rest, broken } = tell('an update before any host is chosen');
    // Hosts are chosen by what EC2 and ECS say of them: nobody gets to that before the next request.
    for (const host of world.aws.hosts()) world.aws.disconnectAgent(host.instanceId);
    await install('kafka', smallService);
    expect((await update('kafka', { kafka: { queued_max_requests: 600 } })).status).toBe(202);
    for (const host of world.aws.hosts()) world.aws.connectAgent(host.instanceId);
    await rest();
    expect(broken()).toEqual([]);
  });
});

describe('an update that comes while the one before stops a broker', () => {
  test.each([
    ['another change', { brokers: { heap: { size: 800 } } }, 2],
    ['the old value', { brokers: { heap: { size: null } } }, 1],
    ['a canary', { brokers: { heap: { size: 800 } }, service: stage }, 2],
  ])(
    'and asks for %s takes no other node before that one is up again, in the newest configuration',
    async (what, options, startsOfOther) => {
      const story = tell(`a stop that takes long, and ${what}`);
      const { world, install, update, command, until, rest, process, broken } = story;
      await install('kafka', twoBrokers);
      await rest();
      const [stopping, other] = [process('kafka/0'), process('kafka/1')];
      const task = () => world.aws.tasks().find(({ taskArn }) => taskArn === stopping?.taskArn);
      const ofNode = (node: string) =>
        world.starts.filter((run) => run.startedBy.startsWith(`warden/kafka/${node}/node/`));
      await update('kafka', { brokers: { heap: { size: 700 } } });
      // Its host learns of the stop late: the task lives on, longer than a function looks at it.
      world.aws.disconnectAgent(stopping?.host.instanceId ?? '');
      await until('the order to stop', () => task()?.desiredStatus === 'STOPPED');
      await world.clock.pass(20_000);
      expect((await update('kafka', options)).status).toBe(202);
      await world.clock.pass(3 * minuteMs);
      expect(task()?.lastStatus).not.toBe('STOPPED');
      expect(process('kafka/1')?.taskArn).toBe(other?.taskArn);
      world.aws.connectAgent(stopping?.host.instanceId ?? '');
      await until('its start', () => ofNode('0').length === 2);
      for (const _point of [1, 2]) {
        await world.clock.pass(3 * minuteMs);
        await command('kafka', 'continue');
      }
      await rest();
      expect(ofNode('0').length).toBe(2);
      expect(ofNode('1').length).toBe(startsOfOther);
      expect(broken()).toEqual([]);
    },
  );
});

describe('an operator', () => {
  test('who interrupts in the middle of a step lets it finish, and nothing begins before the word to go on', async () => {
    const { world, install, update, command, until, rest, process, broken } = tell('an interruption');
    await install('kafka', twoBrokers);
    await rest();
    const [before, other] = [process('kafka/0')?.taskArn, process('kafka/1')?.taskArn];
    await update('kafka', { brokers: { heap: { size: 700 } } });
    await until('the stop', () => process('kafka/0') === undefined);
    expect((await command('kafka', 'interrupt')).status).toBe(200);
    await world.clock.pass(20 * minuteMs);
    expect(process('kafka/0')?.taskArn).not.toBe(before);
    expect(process('kafka/1')?.taskArn).toBe(other);
    const plan = planOf(world, 'kafka');
    expect(plan === undefined ? [] : openSteps(world, plan)).toEqual(['kafka-1:[broker]']);
    expect((await command('kafka', 'continue')).status).toBe(200);
    await rest();
    expect(process('kafka/1')?.taskArn).not.toBe(other);
    expect(broken()).toEqual([]);
  });
});

describe('a canary that no broker boots with', () => {
  const fatal = { offsets_topic_num_partitions: 13 };

  test('is taken back by itself where the service is told to, and the rest is never touched', async () => {
    const { world, install, update, command, until, rest, process, broken } = tell('a roll back');
    await install('kafka', twoBrokers);
    await rest();
    const other = process('kafka/1')?.taskArn;
    await update('kafka', { kafka: fatal, service: { ...stage, rollback: 'automatic' } });
    await command('kafka', 'continue');
    await until('the roll back', () => planOf(world, 'kafka')?.takesBack !== undefined);
    expect(planOf(world, 'kafka')?.takesBack?.reason).toBe(
      'kafka-0:[broker] ended 2 times without being asked to, in the new configuration',
    );
    await rest();
    expect(process('kafka/1')?.taskArn).toBe(other);
    expect(broken()).toEqual([]);
  });

  test('stops there where an operator decides, who puts the old options back', async () => {
    const { world, install, update, command, until, rest, process, broken } = tell('a manual roll back');
    await install('kafka', twoBrokers);
    await rest();
    const other = process('kafka/1')?.taskArn;
    await update('kafka', { kafka: fatal, service: stage });
    await command('kafka', 'continue');
    await until('three tries', () => world.starts.filter((run) => run.startedBy.includes('kafka/0/node')).length > 3);
    await update('kafka', { kafka: { offsets_topic_num_partitions: 50 }, service: { phase_strategy: 'INSTALL' } });
    await rest();
    expect(process('kafka/1')?.taskArn).toBe(other);
    expect(broken()).toEqual([]);
  });
});
