import { describe, expect, jest, test } from '@jest/globals';
import { minuteMs, secondMs, smallService, type Told, tell } from './tell.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

function itemsOf({ world }: Told, service: string): readonly string[] {
  return world.aws
    .items()
    .filter((item) => item['pk'] === `SERVICE#${service}` || item['service'] === service)
    .filter(({ pk }) => !String(pk).startsWith('TOMBSTONE#'))
    .map(({ pk, sk }) => `${String(pk)} ${String(sk)}`);
}

describe('two installs at the same instant', () => {
  test('of one name make one service', async () => {
    const story = tell('one name, twice');
    const answers = await Promise.all([story.install('kafka', smallService), story.install('kafka', smallService)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    await story.rest();
    expect(story.world.starts.filter(({ startedBy }) => startedBy.includes('/node/')).length).toBe(2);
    expect(story.broken()).toEqual([]);
  });

  test('on hosts with room for one and a half let one run, and the other one after it', async () => {
    const story = tell('room for one and a half');
    const { world } = story;
    // Hosts have 16,384 MiB: one broker of 9,000 fits on each, and no second one.
    const large = { brokers: { count: 3, mem: 9_000 }, controllers: { count: 1, mem: 1_024 } };
    const answers = await Promise.all([story.install('first', large), story.install('second', large)]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    await world.clock.pass(15 * minuteMs);
    const runs = (name: string) =>
      [...world.containers.values()].filter(
        ({ startedBy }) => /\/[012]\/node\//.test(startedBy) && startedBy.startsWith(`warden/${name}/`),
      ).length;
    expect(runs('first') + runs('second')).toBe(3);
    const [done, waiting] = runs('first') > runs('second') ? ['first', 'second'] : ['second', 'first'];
    expect((await story.uninstall(done ?? '')).status).toBe(202);
    await story.rest();
    expect(runs(waiting ?? '')).toBe(3);
    expect(story.broken()).toEqual([]);
  });

  test('of twenty services keep within the quotas of the account, and all of them come to run', async () => {
    const story = tell('twenty at once', { hosts: 9 });
    const names = Array.from({ length: 20 }, (_, index) => `kafka-${index}`);
    const combined = { brokers: { count: 1, mem: 2_048 }, controllers: { mode: 'combined' } };
    const answers = await Promise.all(names.map((name) => story.install(name, combined)));
    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 202));
    await story.rest(60 * minuteMs);
    const failed = story.world.stepFunctions
      .executions()
      .filter(({ status }) => status !== 'SUCCEEDED' && status !== 'RUNNING');
    expect(failed).toEqual([]);
    expect(story.broken()).toEqual([]);
  });
});

describe('an uninstall', () => {
  test.each([0, 50, 200, 400, 700, 1_000, 1_500, 2_500, 4_000])(
    'that comes %i ms after the install leaves nothing, and the name and its ports serve again at once',
    async (afterMs) => {
      const story = tell(`uninstall after ${afterMs} ms`);
      const { world } = story;
      await story.install('kafka', smallService);
      await world.clock.pass(afterMs);
      expect((await story.uninstall('kafka')).status).toBe(202);
      await story.until('the end of the service', () => !world.aws.items().some(({ sk }) => sk === 'TARGET'));
      await story.until('the last sweep', () => itemsOf(story, 'kafka').length === 0, secondMs);
      expect((await story.install('kafka', { ...smallService, brokers: { count: 1, port: 9092 } })).status).toBe(202);
      await story.rest();
      expect(story.broken()).toEqual([]);
    },
  );

  test('and an install of its name that meet are done in one order or the other', async () => {
    for (const afterMs of [0, 20, 40, 60, 80, 100]) {
      const story = tell(`install and uninstall, ${afterMs} ms apart`);
      const installed = story.install('kafka', smallService);
      await story.world.clock.pass(afterMs);
      const left = await story.uninstall('kafka');
      expect((await installed).status).toBe(202);
      expect([202, 404]).toContain(left.status);
      await story.rest();
      expect(story.world.aws.items().some(({ sk }) => sk === 'TARGET')).toBe(left.status === 404);
      expect(story.broken()).toEqual([]);
    }
  });
});

describe('what comes minutes late', () => {
  test.each(['Place', 'Attach volume', 'Prepare volume', 'Start', 'Stop', 'Await turn', 'Choose controller hosts'])(
    '%s of a service that is gone leaves nothing, nor of one that was installed again',
    async (step) => {
      const story = tell(`${step} comes late`);
      const { world } = story;
      await story.install('kafka', smallService);
      await story.until('a node', () => world.starts.length > 1);
      const late = world.stepFunctions.executions().find(({ machine }) => machine === 'broker');
      const payload = { ...Object(late?.input), step, holder: late?.arn, token: 'a token that is over' };
      const functionName = /Place|Attach|Choose/.test(step) ? 'StepsEc2' : 'StepsAws';
      await story.rest();
      await story.uninstall('kafka');
      await story.until('the end', () => !world.aws.items().some(({ sk }) => sk === 'TARGET'));
      world.lambda.invokeLater(functionName, payload);
      await world.clock.pass(20 * secondMs);
      expect(itemsOf(story, 'kafka').filter((item) => !item.includes(' WAIT#'))).toEqual([]);
      await story.install('kafka', smallService);
      await story.until('a node again', () => world.containers.size > 0);
      const starts = world.starts.length;
      world.lambda.invokeLater(functionName, payload);
      await story.rest();
      expect(world.starts.length - starts).toBeLessThanOrEqual(3);
      await story.uninstall('kafka');
      await story.rest();
      expect(story.broken()).toEqual([]);
    },
  );
});
