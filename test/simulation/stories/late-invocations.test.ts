import { describe, expect, jest, test } from '@jest/globals';
import { secondMs, smallService, type Told, tell } from './tell.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

/** The machine that works on a node now, to run one of its steps once more as an invocation does that it has given up. */
function workOnNode({ world }: Told) {
  const execution = world.stepFunctions
    .executions()
    .find(({ machine, status }) => machine === 'broker' && status === 'RUNNING');
  const identity = { ...Object(execution?.input), holder: execution?.arn, token: 'a token that is over', try: '2026' };
  return { invokeLate: (step: string) => world.lambda.invokeLater('StepsAws', { ...identity, step }) };
}

describe('a late invocation', () => {
  test('of Start does not shorten the failover delay that the machine is waiting out', async () => {
    const story = tell('a late start');
    const { world } = story;
    await story.install('kafka', smallService);
    await story.rest();
    const killed = story.process('kafka/0');
    const killedAt = world.clock.now();
    world.aws.killTask(killed?.taskArn ?? '');
    const isTakenUp = () =>
      world.aws.items().some(({ sk, failures }) => sk === 'GOAL#0' && Object(failures).count === 1);
    await story.until('the take-up of the stop', isTakenUp, 5 * secondMs);
    workOnNode(story).invokeLate('Start');
    await story.until('the next try', () => story.process('kafka/0') !== undefined);
    // Ten seconds after a first failure. Source: mesos/kafka guide, failover settings.
    expect(world.clock.now() - killedAt).toBeGreaterThanOrEqual(10 * secondMs);
    await story.rest();
    expect(story.broken()).toEqual([]);
  });

  // Seed 620: it took the lease of a node that its own plan was to start, and both waited for each other.
  test("of a recovery's Stop takes no node of the next service that has the name", async () => {
    const story = tell('a recovery of another life');
    const { world } = story;
    await story.install('kafka', smallService);
    await story.rest();
    world.aws.killTask(story.process('kafka/0')?.taskArn ?? '');
    const isAtWork = () =>
      world.stepFunctions.executions().some(({ machine, status }) => machine === 'broker' && status === 'RUNNING');
    await story.until('the recovery', isAtWork, 30 * secondMs);
    const recovery = workOnNode(story);
    await story.uninstall('kafka');
    await story.rest();
    await story.install('kafka', smallService);
    recovery.invokeLate('Stop');
    await world.clock.pass(5 * secondMs);
    const leases = world.aws.items().filter(({ sk }) => String(sk).startsWith('LEASE#'));
    expect(leases.filter(({ kind }) => kind === 'recovery')).toEqual([]);
    await story.rest();
    expect(story.broken()).toEqual([]);
  });
});
