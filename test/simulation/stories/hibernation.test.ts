import { describe, expect, jest, test } from '@jest/globals';
import { minuteMs, secondMs, type Told, tell } from './tell.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

const three = { brokers: { count: 3 }, controllers: { count: 3 } };

const say = ({ scene }: Told, word: string) => scene.send({ method: 'POST', path: `/service/kafka/v1/${word}` });

/** Sends it and lets the time pass that an answer takes. */
async function asked(told: Told, word: string): Promise<number> {
  let status: number | undefined;
  void say(told, word).then((answer) => {
    status = answer.status;
  });
  await told.until('an answer', () => status !== undefined);
  return status ?? 0;
}

const nodesUp = ({ world }: Told): number =>
  [...world.containers.values()].filter(({ startedBy }) => /\/node\//.test(startedBy)).length;

const nodeStarts = ({ world }: Told): readonly string[] =>
  world.starts
    .map(({ startedBy }) => /^warden\/kafka\/(\d+)\/node\//.exec(startedBy)?.[1])
    .filter((node) => node !== undefined);

const pod = (told: Told, word: string) => asked(told, `pod/controller-0/${word}`);

describe('a service that hibernates', () => {
  test.each(['1', '4'])(
    'brings its brokers up in one run, though its controller was paused until minutes after the resume (%s)',
    async (seed) => {
      const told = tell(`a pause through a sleep, ${seed}`, { hosts: 6 });
      await told.install('kafka', { brokers: { count: 2 }, controllers: { count: 1 } });
      await told.rest();
      expect(await pod(told, 'pause')).toBe(200);
      await told.until('it is down', () => told.process('kafka/1000') === undefined);
      expect(await asked(told, 'hibernate')).toBe(202);
      await told.until('all are down', () => nodesUp(told) === 0);
      expect(await asked(told, 'resume')).toBe(202);
      await told.world.clock.pass(3 * minuteMs);
      expect(await pod(told, 'resume')).toBe(200);
      await told.rest();
      const runs = told.world.stepFunctions.executions().filter(({ machine }) => machine === 'resume');
      expect(runs.map(({ status }) => status)).toEqual(['SUCCEEDED']);
      expect(told.broken()).toEqual([]);
    },
  );

  test('costs nothing but its disks, for hours, and has every acknowledged record when it is resumed', async () => {
    const told = tell('a long sleep', { hosts: 6 });
    const { world, install, rest, until, broken } = told;
    await install('kafka', three);
    await rest();
    await world.clock.pass(minuteMs);
    const volumes = () =>
      world.aws
        .volumes()
        .filter(({ isRoot, state }) => !isRoot && state !== 'deleted')
        .map(({ id }) => id);
    const before = volumes();
    expect(await asked(told, 'hibernate')).toBe(202);
    await until('all are down', () => nodesUp(told) === 0);
    await rest();
    const executions = world.stepFunctions.executions().filter(({ machine }) => machine !== 'reconcile').length;
    await world.clock.pass(6 * 60 * minuteMs);
    expect(nodesUp(told)).toBe(0);
    expect(volumes()).toEqual(before);
    const later = world.stepFunctions.executions().filter(({ machine }) => machine !== 'reconcile').length;
    expect(later).toBe(executions);
    expect(await asked(told, 'hibernate')).toBe(208);
    expect(await asked(told, 'resume')).toBe(202);
    await rest();
    expect(nodesUp(told)).toBe(6);
    // One start each at the install, and one at the resume.
    expect([...nodeStarts(told)].sort()).toEqual(
      ['0', '1', '2', '1000', '1001', '1002'].flatMap((id) => [id, id]).sort(),
    );
    expect(await asked(told, 'resume')).toBe(208);
    expect(broken()).toEqual([]);
  });

  test('in the middle of a roll ends it, and is resumed into the newest configuration, each node by one start', async () => {
    const told = tell('a sleep in a roll', { hosts: 6 });
    const { install, update, until, rest, process, broken } = told;
    await install('kafka', three);
    await rest();
    const before = nodeStarts(told).length;
    expect((await update('kafka', { brokers: { heap: { size: 700 } } })).status).toBe(202);
    await until('the first stop', () => process('kafka/0') === undefined);
    expect(await asked(told, 'hibernate')).toBe(202);
    await until('all are down', () => nodesUp(told) === 0);
    await rest();
    expect(await asked(told, 'resume')).toBe(202);
    await rest();
    expect(nodesUp(told)).toBe(6);
    expect(process('kafka/2')?.environment['KAFKA_HEAP_OPTS']).toBe('-Xms700m -Xmx700m');
    // The broker that the roll had stopped may have been on its way up: that start is the roll's.
    expect(nodeStarts(told).length - before).toBeLessThanOrEqual(7);
    expect(broken()).toEqual([]);
  });

  test('is not recovered: what ends meanwhile, a process or a host, starts nothing', async () => {
    const told = tell('a sleep with troubles', { hosts: 6 });
    const { world, install, until, rest, process, broken } = told;
    await install('kafka', three);
    await rest();
    const { instanceId } = process('kafka/1')?.host ?? { instanceId: '' };
    // It is down, and its recovery waits out the delay.
    world.aws.killTask(process('kafka/0')?.taskArn ?? '');
    await world.clock.pass(2 * secondMs);
    const starts = nodeStarts(told).length;
    expect(await asked(told, 'hibernate')).toBe(202);
    await until('all are down', () => nodesUp(told) === 0);
    world.aws.loseHost(instanceId);
    await world.clock.pass(30 * minuteMs);
    expect(nodeStarts(told).length).toBe(starts);
    expect(await asked(told, 'resume')).toBe(202);
    await rest();
    expect(nodesUp(told)).toBe(6);
    expect(process('kafka/1')?.host.instanceId).not.toBe(instanceId);
    expect(broken()).toEqual([]);
  });

  test('is resumed before it is asleep: what was stopped comes back, and what was not goes on', async () => {
    const told = tell('a short sleep', { hosts: 6 });
    const { install, until, rest, process, broken } = told;
    await install('kafka', three);
    await rest();
    const controller = process('kafka/1000')?.taskArn;
    expect(await asked(told, 'hibernate')).toBe(202);
    await until('a broker is down', () => nodesUp(told) < 6);
    expect(await asked(told, 'resume')).toBe(202);
    await rest();
    expect(nodesUp(told)).toBe(6);
    expect(process('kafka/1000')?.taskArn).toBe(controller);
    expect(broken()).toEqual([]);
  });
});
