import { describe, expect, jest, test } from '@jest/globals';
import { minuteMs, smallService, tell } from './tell.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

describe('an uninstall', () => {
  test('ends while the image of a node is pulled, so that its task has no container and no exit code', async () => {
    const { world, install, uninstall, until, rest, broken } = tell('uninstall during a pull');
    const isPulled = () =>
      world.aws
        .tasks()
        .some(({ startedBy, lastStatus }) => startedBy === 'warden/kafka/1000/node/1' && lastStatus === 'PENDING');
    await install('kafka', smallService);
    await until('the preparation', () => world.starts.length === 1);
    world.aws.slowPulls(60 * minuteMs);
    await until('the pull', isPulled);
    expect((await uninstall('kafka')).status).toBe(202);
    await rest(5 * minuteMs);
    expect(world.aws.items().filter(({ sk }) => sk === 'TARGET')).toEqual([]);
    expect(broken()).toEqual([]);
  });
});
