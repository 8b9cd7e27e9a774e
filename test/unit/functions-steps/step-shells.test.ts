import { describe, expect, test } from '@jest/globals';
import { createAwsHandler } from '../../../functions/steps/aws-steps.ts';
import { type NodeStep, runNodeStep } from '../../../functions/steps/node-step-handler.ts';
import { polling } from '../../../functions/steps/poll-node-step.ts';
import type { StepPayload } from '../../../functions/steps/step-payload.ts';
import { checkPayload } from '../../../functions/steps/step-table.ts';
import { KafkaUnreachableError } from '../../../lib/kafka/kafka-errors.ts';
import type { StepResult } from '../../../lib/operations/node/node-step.ts';
import { createFakeWorld, type FakeWorld } from '../../support/fake-world.ts';

const payload: StepPayload = {
  ...{ v: 1, step: 'Start', service: 'kafka', nodeId: 0, kind: 'plan', holder: 'execution', planId: 'p', stepId: 's' },
};
const waiting: StepResult = { type: 'not ready', reason: { type: 'turn', heldBy: 'somebody' } };

async function installed(): Promise<FakeWorld> {
  const world = createFakeWorld();
  await world.install({});
  return world;
}

const portsOf = (world: FakeWorld) => ({
  ...{ store: world.store, clock: world.clock.clock, pause: world.clock.pause, planRunner: world.machines },
});
const waitsOf = async (world: FakeWorld) =>
  (await world.state('kafka'))?.waits
    .filter(({ holder }) => holder === 'execution')
    .map(({ reason, token }) => ({ reason, token }));

describe('a step that ran', () => {
  test('well answers its token with its output and leaves no reason to wait', async () => {
    const world = await installed();
    const answers: unknown[] = [];
    const planRunner = {
      ...world.machines,
      answer: async (...values: unknown[]) => {
        // Whoever dies after this leaves nothing that waits; before it, a token that can be answered.
        answers.push([...values, (await waitsOf(world))?.length]);
        return true;
      },
    };
    await world.store.putWait({ ...payload, reason: { type: 'turn', heldBy: 'x' }, since: 1 });
    const step: NodeStep = async () => ({ type: 'done', output: { turn: 'go' } });
    expect(await runNodeStep({ ...portsOf(world), planRunner }, step, { ...payload, token: 't' })).toEqual({
      turn: 'go',
    });
    expect(answers).toEqual([['t', { type: 'done', output: { turn: 'go' } }, 1]]);
    expect(await waitsOf(world)).toEqual([]);
  });

  test.each([
    [false, [{ reason: { type: 'error', name: 'PlanRunnerError', message: 'no right' }, token: undefined }]],
    [true, []],
  ])('well, whose answer fails (passing: %s), shows only an error that will not pass', async (retriable, shown) => {
    const world = await installed();
    const error = Object.assign(new KafkaUnreachableError('no right'), { name: 'PlanRunnerError', retriable });
    const planRunner = { ...world.machines, answer: () => Promise.reject(error) };
    const run = runNodeStep({ ...portsOf(world), planRunner }, async () => ({ type: 'done' }), {
      ...payload,
      token: 't',
    });
    await expect(run).rejects.toBe(error);
    expect(await waitsOf(world)).toEqual(shown);
  });

  test.each([
    ['Await turn', 'plan', { turn: 'go' }, 1],
    ['Await turn', 'plan', { turn: 'done' }, 0],
    ['Await turn', 'recovery', { turn: 'go' }, 0],
    ['May stop', 'plan', {}, 1],
    ['Stop', 'plan', {}, 0],
  ] as const)('well in %s of a %s, with %j, goes on being heard of until it has its node: %d', async (...row) => {
    const [step, kind, output, waits] = row;
    const world = await installed();
    await world.store.putWait({ ...payload, reason: { type: 'replication', partitions: 1, example: 'a-0' }, since: 1 });
    await runNodeStep(portsOf(world), async () => ({ type: 'done', output }), { ...payload, step, kind });
    const reason = { type: 'turn', heldBy: 'nobody any more, and it takes the node next' };
    expect(await waitsOf(world)).toEqual(waits === 0 ? [] : [{ reason, token: undefined }]);
  });

  test('and is not ready throws NotReady with the sentence, the reason stored without the token', async () => {
    const world = await installed();
    const run = runNodeStep(portsOf(world), async () => waiting, { ...payload, token: 't' });
    await expect(run).rejects.toMatchObject({ name: 'NotReady', message: 'waits for its turn: somebody' });
    expect(await waitsOf(world)).toEqual([{ reason: { type: 'turn', heldBy: 'somebody' }, token: undefined }]);
  });

  test.each(['TaskStopped', 'Superseded', 'VerdictTooOld'] as const)(
    'and failed throws %s for the machine',
    async (error) => {
      const world = await installed();
      const run = runNodeStep(portsOf(world), async () => ({ type: 'failed', error, cause: 'why' }), payload);
      await expect(run).rejects.toMatchObject({ name: error, message: 'why' });
    },
  );

  test('and is superseded leaves no reason to wait, once its token is answered', async () => {
    const world = await installed();
    await world.store.putWait({ ...payload, reason: { type: 'turn', heldBy: 'x' }, since: 1 });
    const waitsAtAnswer: unknown[] = [];
    const answer = async () => {
      waitsAtAnswer.push((await waitsOf(world))?.length);
      return true;
    };
    const ports = { ...portsOf(world), planRunner: { ...world.machines, answer } };
    const step: NodeStep = async () => ({ type: 'failed', error: 'Superseded', cause: 'why' });
    await expect(runNodeStep(ports, step, { ...payload, token: 't' })).rejects.toThrow('why');
    expect(waitsAtAnswer).toEqual([1]);
    expect(await waitsOf(world)).toEqual([]);
  });

  test('into an error shows the error as what it waits for, and throws it on', async () => {
    const world = await installed();
    const error = new KafkaUnreachableError('nobody answered');
    await expect(runNodeStep(portsOf(world), () => Promise.reject(error), payload)).rejects.toBe(error);
    expect(await waitsOf(world)).toEqual([
      { reason: { type: 'error', name: 'KafkaUnreachableError', message: 'nobody answered' }, token: undefined },
    ]);
  });
});

describe('a polled step', () => {
  test('looks again for 55 seconds before it says that it is not ready, each second in the end', async () => {
    const world = createFakeWorld();
    let looks = 0;
    const poll = polling(
      portsOf(world),
      async () => {
        looks++;
        return waiting;
      },
      async () => undefined,
    );
    const before = world.clock.clock();
    expect(await world.clock.finish(poll(payload))).toEqual(waiting);
    expect(world.clock.clock() - before).toBeGreaterThanOrEqual(55_000);
    expect(world.clock.clock() - before).toBeLessThan(56_500);
    // 0.1, 0.2, 0.4, 0.8 s, then one a second.
    expect(looks).toBeGreaterThanOrEqual(57);
    expect(looks).toBeLessThanOrEqual(61);
  });

  test('takes a passing error of Kafka for a look that found nothing, and throws any other', async () => {
    const world = createFakeWorld();
    const results = [
      Promise.reject(new KafkaUnreachableError('nobody')),
      Promise.resolve<StepResult>({ type: 'done' }),
    ];
    for (const result of results) result.catch(() => undefined);
    const told: StepResult[] = [];
    const poll = polling(
      portsOf(world),
      () => results.shift() ?? Promise.reject(new Error('asked too often')),
      async (_request, result) => {
        told.push(result);
      },
    );
    expect(await world.clock.finish(poll(payload))).toEqual({ type: 'done' });
    expect(told).toEqual([
      { type: 'not ready', reason: { type: 'error', name: 'KafkaUnreachableError', message: 'nobody' } },
    ]);
    const wrong = polling(
      portsOf(world),
      () => Promise.reject(new TypeError('a defect')),
      async () => undefined,
    );
    await expect(world.clock.finish(wrong(payload))).rejects.toThrow('a defect');
  });
});

describe('a payload', () => {
  test.each([undefined, 0, 2])('of version %p is refused by name', (v) => {
    const { v: _v, ...rest } = payload;
    const other = v === undefined ? rest : { ...rest, v };
    expect(() => checkPayload(other)).toThrow(expect.objectContaining({ name: 'PayloadVersion', retriable: false }));
  });

  test('with a step that the function lacks is refused with those that it has', () => {
    const world = createFakeWorld();
    const settings = { logGroup: '/warden', logRegion: 'eu-west-1' };
    const { tasks } = world;
    const handle = createAwsHandler({ ...portsOf(world), tasks, settings, newId: () => 'id' });
    expect(() => handle({ ...payload, step: 'Dance' })).toThrow(
      expect.objectContaining({ name: 'UnknownStep', message: expect.stringContaining('Look at the node') }),
    );
  });
});
