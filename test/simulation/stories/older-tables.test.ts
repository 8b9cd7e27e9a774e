import { describe, expect, jest, test } from '@jest/globals';
import { minuteMs, smallService, type Told, tell } from './tell.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

/** A service whose broker crashed twice and runs as its third try, with the table of before. */
async function restored(seed: string): Promise<Told> {
  const told = tell(seed);
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
    expect(told.broken()).toEqual([]);
  });
});
