import { expect, jest, test } from '@jest/globals';
import { planOf } from '../run/plans.ts';
import { secondMs, smallService, tell } from './tell.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

const twoBrokers = { ...smallService, brokers: { count: 2 } };
/** No broker boots with the first, since its topic has 50. */
const [bad, good] = [13, 50].map((partitions) => ({ kafka: { offsets_topic_num_partitions: partitions } }));

/** A broker that cannot run in its config, in the hands of its recovery: the step that brought the config was given up. */
async function inTheHandsOfRecovery() {
  const story = tell('a crash loop');
  const { world, install, update, command, until, rest } = story;
  const starts = () => world.starts.filter(({ startedBy }) => startedBy.startsWith('warden/kafka/0/node/')).length;
  const recoveries = () => world.stepFunctions.executions().filter(({ machine }) => machine === 'recover');
  await install('kafka', twoBrokers);
  await rest();
  await update('kafka', bad ?? {});
  await until('two tries', () => starts() === 3);
  await command('kafka', 'interrupt');
  await command('kafka', 'forceComplete', { phase: 'broker', step: 'kafka-0:[broker]' });
  await until('a try of the recovery', () => recoveries().length > 0 && starts() === 4);
  await until('its end', () => story.process('kafka/0') === undefined);
  return { ...story, starts };
}

/** When the recovery has waited long enough, and goes on to the node's place. */
async function nextTryAt(): Promise<number> {
  const { world, until } = await inTheHandsOfRecovery();
  let dueAt: number | undefined;
  world.onServed(({ invocation }) => {
    const { step, kind }: { step?: string; kind?: string } = Object(invocation.event);
    if (step === 'Place' && kind === 'recovery') dueAt ??= world.clock.now();
  });
  await until('the next try', () => dueAt !== undefined);
  return dueAt ?? 0;
}

test('a recovery starts no broker into a bad config once more when a corrected one waits for it', async () => {
  const dueAt = await nextTryAt();
  const { world, update, rest, starts, process, broken } = await inTheHandsOfRecovery();
  // The same story: the steps of the controllers would take longer than is left of the delay.
  await world.clock.pass(dueAt - world.clock.now() - secondMs);
  const before = starts();
  expect((await update('kafka', good ?? {})).status).toBe(202);
  const plan = planOf(world, 'kafka');
  await rest();
  expect(starts() - before).toBe(1);
  expect(process('kafka/0')).toBeDefined();
  const ofPlan = world.stepFunctions
    .executions()
    .filter(({ machine, name }) => machine === 'broker' && name.startsWith(plan?.id ?? ' '));
  expect(ofPlan.map(({ name }) => name.slice(name.indexOf('kafka-'))).sort()).toEqual(['kafka-0', 'kafka-1']);
  expect(broken()).toEqual([]);
});
