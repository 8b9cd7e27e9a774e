import { describe, expect, jest, test } from '@jest/globals';
import { planOf } from '../run/plans.ts';
import { minuteMs, type Told, tell } from './tell.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

const twoBrokers = { brokers: { count: 2 }, controllers: { count: 1 } };
const stage = { phase_strategy: 'STAGE' };
const automatic = { ...stage, rollback: 'automatic', canary_limit_secs: 60 };
/** No broker boots with the one, and none that runs with the other gets to register. */
const fatal = { offsets_topic_num_partitions: 13 };
const mute = { offsets_topic_num_partitions: 17 };
const sound = { offsets_topic_num_partitions: 60 };

function startsOf({ world }: Told, node: string): number {
  return world.starts.filter((run) => run.startedBy.includes(`${node}/node/`)).length;
}

function targetOf({ world }: Told): unknown {
  return world.aws.items().find(({ pk, sk }) => pk === 'SERVICE#kafka' && sk === 'TARGET')?.['configId'];
}

describe('an update that repairs its canary', () => {
  test('is not taken back for how that failed in the old config', async () => {
    const story = tell('a repair');
    const { world, install, update, command, until, rest, process, broken } = story;
    await install('kafka', twoBrokers);
    await rest();
    // The fatal config becomes that of the service by an operator's word; a recovery starts the broker again and again.
    await update('kafka', { kafka: fatal, service: stage });
    await command('kafka', 'continue');
    await until('the first end', () => startsOf(story, 'kafka/0') > 1);
    for (const phase of ['broker', 'controller']) await command('kafka', 'forceComplete', { phase });
    const tries = startsOf(story, 'kafka/0');
    await until('a crash loop', () => startsOf(story, 'kafka/0') > tries + 2);
    await update('kafka', { kafka: sound, service: automatic });
    const repair = planOf(world, 'kafka')?.id;
    await command('kafka', 'continue');
    await until('the repair', () => process('kafka/0') !== undefined && startsOf(story, 'kafka/0') > tries + 3);
    await world.clock.pass(2 * minuteMs);
    expect(planOf(world, 'kafka')?.id).toBe(repair);
    await command('kafka', 'continue');
    await rest();
    expect(broken()).toEqual([]);
  });
});

describe('a canary that runs and never registers', () => {
  test('is taken back when its limit is over', async () => {
    const { world, install, update, command, until, rest, process, broken } = tell('a mute canary');
    await install('kafka', twoBrokers);
    await rest();
    const other = process('kafka/1')?.taskArn;
    await update('kafka', { kafka: mute, service: automatic });
    await command('kafka', 'continue');
    await until('the roll back', () => planOf(world, 'kafka')?.takesBack !== undefined, 3 * minuteMs);
    expect(planOf(world, 'kafka')?.takesBack?.reason).toBe(
      'kafka-0:[broker] was not in sync within 60 s in the new configuration',
    );
    await rest();
    expect(process('kafka/1')?.taskArn).toBe(other);
    expect(broken()).toEqual([]);
  });
});

describe('an update that was given up at its first decision point', () => {
  test('is not rolled out by the roll back of the next one', async () => {
    const story = tell('a roll back past an update that was given up');
    const { world, install, update, command, until, rest, process, broken } = story;
    await install('kafka', twoBrokers);
    await rest();
    const [installed, other] = [targetOf(story), process('kafka/1')?.taskArn];
    await update('kafka', { kafka: { queued_max_requests: 600 }, service: stage });
    await update('kafka', { kafka: fatal, service: automatic });
    await command('kafka', 'continue');
    await until('the roll back', () => planOf(world, 'kafka')?.takesBack !== undefined);
    await rest();
    expect(targetOf(story)).toBe(installed);
    expect(process('kafka/1')?.taskArn).toBe(other);
    expect(broken()).toEqual([]);
  });
});

describe('an update that adds a broker', () => {
  test('is left to an operator when that broker fails', async () => {
    const story = tell('a broker more that fails');
    const { world, install, update, command, until, rest, broken } = story;
    await install('kafka', { brokers: { count: 1 }, controllers: { count: 1 } });
    await rest();
    await update('kafka', { brokers: { count: 2 }, kafka: fatal, service: automatic });
    const plan = planOf(world, 'kafka')?.id;
    await command('kafka', 'continue');
    await until('three tries', () => startsOf(story, 'kafka/0') > 3);
    await world.clock.pass(2 * minuteMs);
    expect(planOf(world, 'kafka')?.id).toBe(plan);
    await update('kafka', { kafka: sound, service: { phase_strategy: 'INSTALL' } });
    await rest();
    expect(broken()).toEqual([]);
  });
});
