import { describe, expect, jest, test } from '@jest/globals';
import { minuteMs, smallService, type Told, tell } from './tell.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

/** A service whose broker crashed twice and runs as its third try, with the table of before. */
async function restored(...told: Parameters<typeof tell>): Promise<Told> {
  return crashedTwice(tell(...told));
}

async function crashedTwice(told: Told): Promise<Told> {
  const { world, install, until, process, rest } = told;
  await install('kafka', smallService);
  await rest();
  const copy = world.aws.items();
  for (const attempt of [2, 3]) {
    world.aws.killTask(process('kafka/0')?.taskArn ?? '');
    await until(`try ${attempt}`, () => process('kafka/0')?.startedBy === `warden/kafka/0/node/${attempt}`);
    await rest();
  }
  world.aws.restoreTable(copy);
  return told;
}

const done = ({ world }: Told) => ({
  starts: world.starts.length,
  tasks: world.aws
    .tasks()
    .filter(({ desiredStatus }) => desiredStatus === 'RUNNING')
    .map(({ taskArn }) => taskArn),
  volumes: world.aws.volumes().map(({ id, state }) => `${id} ${state}`),
});

describe('a table that was put back to an older copy', () => {
  test('has nothing deleted, stopped or started, and says why its node waits', async () => {
    const told = await restored('older table');
    const { world } = told;
    const before = done(told);
    await world.clock.pass(30 * minuteMs);
    expect(done(told)).toEqual(before);
    const waits = world.aws.items().filter(({ sk }) => String(sk).startsWith('WAIT#0#'));
    expect(waits.map(({ reason }) => reason)).toEqual([
      {
        ...{ type: 'table older than the world', what: 'try', found: 3, stored: 1, pod: 'kafka-0' },
        id: told.process('kafka/0')?.taskArn,
      },
    ]);
    const asked = told.scene.send({ method: 'GET', path: '/v1/orphans' });
    await world.clock.pass(minuteMs);
    expect((await asked).body).toMatchObject({
      orphans: [
        {
          ...{ what: 'task', id: told.process('kafka/0')?.taskArn, service: 'kafka', pod: 'kafka-0' },
          why: 'the table is older than the world: it is try 3 of kafka-0, and the table knows 1',
        },
      ],
    });
    expect(told.broken()).toEqual([]);
  });

  test('is adopted by an operator: nothing is restarted by that, numbers go on, and an update rolls it as usual', async () => {
    const told = await restored('older table, adopted');
    const { world, scene, until, rest, process, update } = told;
    await world.clock.pass(6 * minuteMs);
    const before = done(told);
    const adopted = scene.send({ method: 'POST', path: '/service/kafka/v1/pod/kafka-0/adopt' });
    await world.clock.pass(minuteMs);
    expect((await adopted).status).toBe(202);
    await rest();
    expect(done(told)).toEqual(before);
    const goal = () => world.aws.items().find(({ sk }) => sk === 'GOAL#0') ?? {};
    expect(goal()).toMatchObject({ attempt: 3, adopted: 1, launch: { taskArn: process('kafka/0')?.taskArn } });
    expect((await update('kafka', { brokers: { mem: 2304 } })).status).toBe(202);
    await until('the fourth try', () => process('kafka/0')?.startedBy === 'warden/kafka/0/node/4');
    await rest();
    expect(goal()).toMatchObject({ attempt: 4 });
    expect(
      world.aws
        .volumes()
        .filter(({ isRoot }) => !isRoot)
        .map(({ state }) => state),
    ).toEqual(['in-use', 'in-use']);
    expect(told.broken()).toEqual([]);
  });

  test('and adopted has its node move when the host of the adopted process is gone, which ECS shows as running', async () => {
    const told = await restored('older table, adopted, lost', { hosts: 6 });
    const { world, scene, rest, process } = told;
    await world.clock.pass(6 * minuteMs);
    const adopted = scene.send({ method: 'POST', path: '/service/kafka/v1/pod/kafka-0/adopt' });
    await world.clock.pass(minuteMs);
    expect((await adopted).status).toBe(202);
    await rest();
    const before = process('kafka/0');
    const { instanceId, zone } = before?.host ?? { instanceId: '', zone: '' };
    world.aws.disconnectAgent(instanceId);
    await world.clock.pass(minuteMs / 12);
    world.aws.loseHost(instanceId);
    await world.clock.pass(2 * minuteMs);
    expect(process('kafka/0')).toMatchObject({ startedBy: 'warden/kafka/0/node/4', volumeId: before?.volumeId });
    expect(process('kafka/0')?.host).toMatchObject({ zone });
    expect(process('kafka/0')?.host.instanceId).not.toBe(instanceId);
    await rest();
    expect(told.broken()).toEqual([]);
  });
});
