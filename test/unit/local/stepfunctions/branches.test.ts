import { describe, expect, test } from '@jest/globals';
import { type Bench, echo, failed, inPhase, invoke, runStates, startMs, succeeded } from './bench.ts';

const task = { Type: 'Task', Resource: invoke, Arguments: { FunctionName: 'f', Payload: '{% $states.input %}' } };

function map(fields: object, states: Record<string, object>): object {
  return { Type: 'Map', ItemProcessor: { StartAt: Object.keys(states)[0], States: states }, ...fields };
}

/** Resolves when so many calls wait for an answer. */
async function calls(bench: Bench, count: number): Promise<unknown[]> {
  await bench.until(() => bench.calls.length >= count);
  return bench.calls.map(({ call }) => (call.arguments as { Payload: unknown }).Payload);
}

describe('a Map', () => {
  const ask = { ...task, Output: '{% $states.result.Payload %}', End: true };

  test('gives the outputs in the order of the items', async () => {
    const bench = runStates(
      { Each: { ...map({ Items: '{% $states.input.ids %}' }, { Ask: ask }), End: true } },
      { input: { ids: [3, 1, 2] } },
    );
    expect(await calls(bench, 3)).toEqual([3, 1, 2]);
    for (const { call, answer } of bench.calls.toReversed()) answer(succeeded({ Payload: [call.arguments] }));
    const outputs = JSON.parse((await bench.closed()).output ?? '');
    expect(outputs.map(([{ Payload }]: [{ Payload: number }]) => Payload)).toEqual([3, 1, 2]);
  });

  test('with MaxConcurrency 1 starts one after the other', async () => {
    const bench = runStates({ Each: { ...map({ Items: [1, 2], MaxConcurrency: 1 }, { Ask: ask }), End: true } });
    expect(await calls(bench, 1)).toEqual([1]);
    bench.calls[0]?.answer(succeeded({ Payload: 'a' }));
    expect(await calls(bench, 2)).toEqual([1, 2]);
    bench.calls[1]?.answer(succeeded({ Payload: 'b' }));
    expect((await bench.closed()).output).toBe('["a","b"]');
    expect(bench.types()).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapIterationStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'MapIterationSucceeded',
      'MapIterationStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'MapIterationSucceeded',
      'MapStateSucceeded',
      'MapStateExited',
      'ExecutionSucceeded',
    ]);
  });

  test('runs at most 40 iterations at once', async () => {
    const items = Array.from({ length: 41 }, (_, index) => index);
    const bench = runStates({ Each: { ...map({ Items: items }, { Ask: ask }), End: true } });
    expect(await calls(bench, 40)).toHaveLength(40);
    expect(Object.keys(bench.runner.state.frames)).toHaveLength(41);
  });

  test('of no items is done at once', async () => {
    const bench = runStates({ Each: { ...map({ Items: [] }, { Ask: ask }), End: true } });
    expect((await bench.closed()).output).toBe('[]');
  });

  test('of something else than a list fails', async () => {
    const bench = runStates({ Each: { ...map({ Items: '{% 1 %}' }, { Ask: ask }), End: true } });
    expect(await bench.closed()).toMatchObject({ error: 'States.QueryEvaluationError' });
  });

  test('selects the input of each iteration with its item', async () => {
    const selector = { node: '{% $states.context.Map.Item.Value %}', of: '{% $count($states.input) %}' };
    const inside = {
      Look: { Type: 'Pass', Output: '{% [$states.input, $states.context.Map.Item.Index] %}', End: true },
    };
    const bench = runStates({ Each: { ...map({ ItemSelector: selector }, inside), End: true } }, { input: ['a', 'b'] });
    expect((await bench.closed()).output).toBe('[[{"node":"a","of":2},0],[{"node":"b","of":2},1]]');
  });

  test('keeps the variables of an iteration inside it and lets it read those outside', async () => {
    const inside = {
      Keep: { Type: 'Pass', Assign: { own: '{% $base + $states.input %}' }, Next: 'Give' },
      Give: { Type: 'Pass', Output: '{% $own %}', End: true },
    };
    const bench = runStates({
      Base: { Type: 'Pass', Assign: { base: 10 }, Next: 'Each' },
      Each: { ...map({ Items: [1, 2] }, inside), Next: 'After' },
      After: { Type: 'Pass', Output: '{% {"own": $states.input, "seen": $exists($own)} %}', End: true },
    });
    expect((await bench.closed()).output).toBe('{"own":[11,12],"seen":false}');
  });

  test('fails with the error of its first failed iteration and ends the others', async () => {
    const bench = runStates({
      Each: {
        ...map({ Items: [0, 1] }, { Ask: ask }),
        Catch: [{ ErrorEquals: ['Broken'], Next: 'Caught' }],
        End: true,
      },
      Caught: { Type: 'Pass', Output: '{% $states.input.Cause %}', End: true },
    });
    await calls(bench, 2);
    bench.calls[1]?.answer(failed('Broken', 'disk'));
    expect((await bench.closed()).output).toBe('"disk"');
    expect(bench.types().slice(-9)).toEqual([
      'TaskFailed',
      'MapIterationFailed',
      'TaskStateAborted',
      'MapIterationAborted',
      'MapStateFailed',
      'MapStateExited',
      'PassStateEntered',
      'PassStateExited',
      'ExecutionSucceeded',
    ]);
    expect(bench.details('MapIterationFailed')).toEqual({ name: 'Each', index: 1 });
    expect(bench.details('MapIterationAborted')).toEqual({ name: 'Each', index: 0 });
  });

  test('that is retried runs all items again', async () => {
    const seen: unknown[] = [];
    const bench = runStates(
      {
        Each: {
          ...map({ Items: [1, 2], MaxConcurrency: 1 }, { Ask: ask }),
          Retry: [{ ErrorEquals: ['States.ALL'] }],
          End: true,
        },
      },
      {
        answer: (parameters, call) => {
          seen.push(parameters['Payload']);
          return seen.length === 2 ? failed('Once') : echo(parameters, call);
        },
      },
    );
    await bench.until(inPhase('retrying'));
    bench.clock.moveTo(startMs + 1_000);
    expect((await bench.closed()).output).toBe('[1,2]');
    expect(seen).toEqual([1, 2, 1, 2]);
  });
});

describe('an execution that is stopped inside a Map', () => {
  test('ends all that runs in it, from the inside out', async () => {
    const bench = runStates({ Each: { ...map({ Items: [1, 2] }, { Ask: { ...task, End: true } }), End: true } });
    await calls(bench, 2);
    await bench.runner.deliver({ type: 'stopped' });
    expect(bench.runner.state.frames).toEqual({});
    expect(bench.types().slice(-6)).toEqual([
      'TaskStateAborted',
      'MapIterationAborted',
      'TaskStateAborted',
      'MapIterationAborted',
      'MapStateAborted',
      'ExecutionAborted',
    ]);
  });
});

describe('a Parallel', () => {
  const branch = (name: string, state: object) => ({ StartAt: name, States: { [name]: state } });

  test('gives the outputs of its branches in their order', async () => {
    const bench = runStates({
      Fan: {
        Type: 'Parallel',
        Arguments: { n: 4 },
        Branches: [
          branch('Slow', { Type: 'Wait', Seconds: 1, Output: 'slow', End: true }),
          branch('Fast', { Type: 'Pass', Output: '{% $states.input.n %}', End: true }),
        ],
        Assign: { all: '{% $states.result %}' },
        Next: 'After',
      },
      After: { Type: 'Pass', Output: '{% $all %}', End: true },
    });
    await bench.until((state) => Object.keys(state.frames).length === 2);
    bench.clock.moveTo(startMs + 1_000);
    expect((await bench.closed()).output).toBe('["slow",4]');
  });

  test('ends its other branches when one fails', async () => {
    const bench = runStates({
      Fan: {
        Type: 'Parallel',
        Branches: [
          branch('Sleep', { Type: 'Wait', Seconds: 100, End: true }),
          branch('No', { Type: 'Fail', Error: 'Broken', Cause: 'said so' }),
        ],
        End: true,
      },
    });
    expect(await bench.closed()).toMatchObject({ status: 'FAILED', error: 'Broken', frames: {} });
    expect(bench.types().slice(-3)).toEqual(['WaitStateAborted', 'ParallelStateFailed', 'ExecutionFailed']);
    expect(bench.clock.nextDueAt()).toBeUndefined();
  });

  test('inside a Map sees the item around it', async () => {
    const inner = { Type: 'Pass', Output: '{% $states.context.Map.Item.Value %}', End: true };
    const bench = runStates({
      Each: {
        ...map({ Items: ['a', 'b'] }, { Fan: { Type: 'Parallel', Branches: [branch('Look', inner)], End: true } }),
        End: true,
      },
    });
    expect((await bench.closed()).output).toBe('[["a"],["b"]]');
  });
});

describe('every event', () => {
  test('follows an earlier one, and ids have no gap', async () => {
    const bench = runStates(
      { Each: { ...map({ Items: [1, 2, 3] }, { Ask: { ...task, End: true } }), End: true } },
      { answer: echo },
    );
    await bench.closed();
    expect(bench.events.map(({ id }) => id)).toEqual(bench.events.map((_, index) => index + 1));
    expect(bench.events.filter(({ id, previousEventId }) => previousEventId >= id)).toEqual([]);
    const started = bench.events.filter(({ type }) => type === 'MapIterationStarted');
    expect(started.map(({ previousEventId }) => previousEventId)).toEqual([3, 3, 3]);
  });
});
