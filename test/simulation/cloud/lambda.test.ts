import { describe, expect, test } from '@jest/globals';
import { ServiceError } from '../contract.ts';
import type { CallFault, Faults } from '../faults/faults.ts';
import { noFaults } from '../faults/no-faults.ts';
import { createRandom } from '../kernel/random.ts';
import { createStory } from '../kernel/story.ts';
import { createTimeline } from '../kernel/timeline.ts';
import { createExternalCalls } from './external-calls.ts';
import type { Invocation } from './invocation.ts';
import { createLambda } from './lambda.ts';
import { createSdkClient } from './sdk-client.ts';
import { createTokenBuckets } from './token-buckets.ts';

/** A function over one service whose calls meet these faults, in order. */
function createSetting(options: {
  readonly fates?: readonly (CallFault | 'none')[];
  readonly timeoutMs?: number;
  readonly run: (
    send: (operation: 'A' | 'B') => Promise<unknown>,
    pause: (ms: number) => Promise<void>,
  ) => Promise<unknown>;
  readonly serve?: (operation: string) => unknown;
}) {
  const clock = createTimeline();
  const story = createStory(clock);
  const fates = [...(options.fates ?? [])];
  const faults: Faults = { ...noFaults(), ofCall: () => fates.shift() ?? 'none' };
  const calls = createExternalCalls({ clock, story, faults, random: createRandom('calls') });
  const served: string[] = [];
  const model = {
    call(operation: string) {
      served.push(operation);
      return options.serve?.(operation) ?? {};
    },
  };
  class ACommand {
    readonly input = {};
  }
  class BCommand {
    readonly input = {};
  }
  const create = (invocation: Invocation) => {
    const client = createSdkClient('ecs', {
      ...{ model, calls, invocation, buckets: createTokenBuckets(clock), newId: () => 'id' },
    });
    const pause = (ms: number) => new Promise<void>((resolve) => clock.after(ms, 'pause', resolve));
    return () => options.run((operation) => client.send(operation === 'A' ? new ACommand() : new BCommand()), pause);
  };
  const functions = [{ name: 'F', timeoutMs: options.timeoutMs ?? 15_000, retryAttempts: 2, create }];
  const lambda = createLambda({ clock, story, faults, random: createRandom('lambda'), functions });
  return { clock, lambda, served, calls };
}

async function outcomeOf({ clock, lambda }: ReturnType<typeof createSetting>) {
  const outcome = lambda.invoke('F', {});
  await clock.pass(60_000);
  return outcome;
}

describe('an invocation', () => {
  test('answers what its handler returns', async () => {
    const setting = createSetting({ run: async (send) => ({ got: await send('A') }), serve: () => ({ value: 7 }) });
    expect(await outcomeOf(setting)).toEqual({ type: 'returned', payload: { got: { value: 7 } } });
  });

  test('that crashes before a call never makes it, nor any later one, nor handles the error', async () => {
    const handled: string[] = [];
    const setting = createSetting({
      fates: ['crash before'],
      run: async (send) => {
        try {
          await send('A');
        } finally {
          handled.push('finally');
        }
        await send('B');
      },
    });
    expect(await outcomeOf(setting)).toMatchObject({ type: 'failed', errorType: 'Runtime.ExitError' });
    expect(setting.served).toEqual([]);
    expect(handled).toEqual([]);
  });

  test('that crashes after a call has made it, and no later one', async () => {
    const setting = createSetting({
      fates: ['crash after'],
      run: async (send) => {
        await send('A');
        await send('B');
      },
    });
    expect(await outcomeOf(setting)).toMatchObject({ type: 'failed', errorType: 'Runtime.ExitError' });
    expect(setting.served).toEqual(['A']);
  });

  test('that runs too long ends as timed out and does nothing afterwards', async () => {
    const setting = createSetting({
      timeoutMs: 1_000,
      run: async (send, pause) => {
        await pause(5_000);
        await send('A');
      },
    });
    expect(await outcomeOf(setting)).toMatchObject({ type: 'failed', errorType: 'Sandbox.Timedout' });
    expect(setting.served).toEqual([]);
  });

  test('fails by the name of the error that its handler throws', async () => {
    const setting = createSetting({
      run: () => Promise.reject(new ServiceError('NotReady', 'not yet')),
    });
    expect(await outcomeOf(setting)).toEqual({ type: 'failed', errorType: 'NotReady', errorMessage: 'not yet' });
  });

  test('that is asynchronous and fails is tried three times, then kept as a failure', async () => {
    const setting = createSetting({
      run: async (send) => {
        await send('A');
        throw new ServiceError('Broken', 'always');
      },
    });
    setting.lambda.invokeLater('F', { which: 'event' });
    await setting.clock.pass(100_000);
    expect(setting.served).toEqual(['A', 'A']);
    expect(setting.lambda.failures).toEqual([]);
    await setting.clock.pass(100_000);
    expect(setting.served).toEqual(['A', 'A', 'A']);
    expect(setting.lambda.failures).toEqual([
      { functionName: 'F', error: 'Broken: always', event: { which: 'event' } },
    ]);
  });
});

describe('a client of the SDK', () => {
  test('makes a call again whose answer was lost: the service serves it twice', async () => {
    const setting = createSetting({ fates: ['response lost'], run: (send) => send('A') });
    expect(await outcomeOf(setting)).toMatchObject({ type: 'returned' });
    expect(setting.served).toEqual(['A', 'A']);
  });

  test('gives up after three tries', async () => {
    const setting = createSetting({
      fates: ['throttled', 'server error', 'request lost'],
      run: (send) => send('A'),
    });
    expect(await outcomeOf(setting)).toMatchObject({ type: 'failed', errorType: 'TimeoutError' });
    expect(setting.served).toEqual([]);
    expect(setting.calls.made.map(({ words }) => words.trim())).toEqual(['ecs.A', 'ecs.A', 'ecs.A']);
  });

  test('does not repeat what the service refuses', async () => {
    const setting = createSetting({
      run: (send) => send('A'),
      serve: () => {
        throw new ServiceError('InvalidParameterException', 'no');
      },
    });
    expect(await outcomeOf(setting)).toMatchObject({ type: 'failed', errorType: 'InvalidParameterException' });
    expect(setting.served).toEqual(['A']);
  });
});

describe('a quota', () => {
  test('lets the burst pass, then so many a second', async () => {
    const clock = createTimeline();
    const buckets = createTokenBuckets(clock);
    const passing = (asked: number) =>
      Array.from({ length: asked }, () => buckets.take('ecs', 'RegisterTaskDefinition')).filter(
        (quota) => quota === undefined,
      ).length;
    expect(passing(30)).toBe(20);
    await clock.pass(3_000);
    expect(passing(10)).toBe(3);
  });

  test('is shared by RunTask and StopTask and is not the one of descriptions', () => {
    const buckets = createTokenBuckets(createTimeline());
    for (let call = 0; call < 100; call++) buckets.take('ecs', call % 2 === 0 ? 'RunTask' : 'StopTask');
    expect(buckets.take('ecs', 'RunTask')).toBe('RunTask and StopTask');
    expect(buckets.take('ecs', 'DescribeTasks')).toBeUndefined();
  });
});
