import { describe, expect, jest, test } from '@jest/globals';
import { secondMs, smallService, type Told, tell } from './tell.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

/** Runs a step of a node once more, as an invocation does that its machine has given up. */
function invokeLate({ world }: Told, step: string): void {
  const execution = world.stepFunctions
    .executions()
    .find(({ machine, status }) => machine === 'broker' && status === 'RUNNING');
  const payload = { ...Object(execution?.input), step, holder: execution?.arn, token: 'a token that is over' };
  world.lambda.invokeLater('StepsAws', payload);
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
    invokeLate(story, 'Start');
    await story.until('the next try', () => story.process('kafka/0') !== undefined);
    // Ten seconds after a first failure. Source: mesos/kafka guide, failover settings.
    expect(world.clock.now() - killedAt).toBeGreaterThanOrEqual(10 * secondMs);
    await story.rest();
    expect(story.broken()).toEqual([]);
  });
});
