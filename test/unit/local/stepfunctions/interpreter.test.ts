import { describe, expect, test } from '@jest/globals';
import { type Answerer, echo, failed, inPhase, invoke, run, runStates, startMs, succeeded } from './bench.ts';

const task = { Type: 'Task', Resource: invoke, Arguments: { FunctionName: 'f', Payload: '{% $states.input %}' } };

describe('data', () => {
  test('flow from input to output through each state', async () => {
    const bench = runStates(
      {
        Double: { Type: 'Pass', Output: { n: '{% $states.input.n * 2 %}' }, Next: 'Ask' },
        Ask: { ...task, Output: '{% $states.result.Payload.n + 1 %}', End: true },
      },
      { input: { n: 20 }, answer: echo },
    );
    expect(await bench.closed()).toMatchObject({ status: 'SUCCEEDED', output: '41' });
  });

  test('in Assign and Output are computed from the old variables', async () => {
    const bench = runStates({
      One: { Type: 'Pass', Assign: { x: 1, y: 10 }, Next: 'Two' },
      Two: { Type: 'Pass', Assign: { x: '{% $y %}', y: '{% $x %}' }, Output: '{% [$x, $y] %}', Next: 'Three' },
      Three: { Type: 'Pass', Output: { before: '{% $states.input %}', after: '{% [$x, $y] %}' }, End: true },
    });
    expect((await bench.closed()).output).toBe('{"before":[1,10],"after":[10,1]}');
  });

  test('of the context object name execution, machine and state', async () => {
    const bench = runStates({ Look: { Type: 'Pass', Output: '{% $states.context %}', End: true } }, { input: 7 });
    expect(JSON.parse((await bench.closed()).output ?? '')).toEqual({
      Execution: {
        Id: 'arn:aws:states:us-east-1:000000000000:execution:roll:run-1',
        Input: 7,
        Name: 'run-1',
        RoleArn: 'arn:aws:iam::000000000000:role/roll',
        StartTime: '2026-01-01T00:00:00.000Z',
        RedriveCount: 0,
      },
      StateMachine: { Id: 'arn:aws:states:us-east-1:000000000000:stateMachine:roll', Name: 'roll' },
      State: { Name: 'Look', EnteredTime: '2026-01-01T00:00:00.000Z', RetryCount: 0 },
    });
  });

  test('above 262144 bytes fail the execution, whatever Catch says', async () => {
    const bench = runStates(
      {
        Ask: { ...task, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Saved' }], Next: 'Saved' },
        Saved: { Type: 'Succeed' },
      },
      { answer: () => succeeded({ Payload: 'x'.repeat(262_144) }) },
    );
    expect(await bench.closed()).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  test('that an expression does not give fail the state, with the place', async () => {
    const bench = runStates({ Ask: { Type: 'Pass', Output: '{% $nothing %}', End: true } });
    expect(await bench.closed()).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    expect(bench.details('EvaluationFailed')).toMatchObject({ state: 'Ask', location: 'Output' });
  });
});

describe('a Choice', () => {
  const choice = {
    Type: 'Choice',
    Choices: [
      { Condition: '{% $states.input.n > 10 %}', Next: 'Big', Output: 'a big one', Assign: { size: 'big' } },
      { Condition: '{% $states.input.n > 5 %}', Next: 'Middle' },
    ],
    Default: 'Small',
    Output: 'by default',
  };
  const states = {
    Choose: choice,
    Big: { Type: 'Pass', Output: '{% [$states.input, $size] %}', End: true },
    Middle: { Type: 'Pass', Output: '{% ["middle", $states.input.n] %}', End: true },
    Small: { Type: 'Pass', End: true },
  };

  test.each([
    [11, '["a big one","big"]'],
    [6, '["middle",6]'],
    [1, '"by default"'],
  ])('with %d goes its way with its own output', async (n, output) => {
    expect((await runStates(states, { input: { n } }).closed()).output).toBe(output);
  });

  test('without a match and a Default fails', async () => {
    const { Default: _default, ...rest } = choice;
    const { Small: _small, ...others } = states;
    const bench = runStates({ ...others, Choose: rest }, { input: { n: 1 } });
    expect(await bench.closed()).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
  });

  test('whose condition gives no boolean fails', async () => {
    const bench = runStates({
      Choose: { Type: 'Choice', Choices: [{ Condition: '{% 1 %}', Next: 'End' }] },
      End: { Type: 'Succeed' },
    });
    expect(await bench.closed()).toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining('a Condition must give true or false'),
    });
  });
});

describe('a Wait', () => {
  test.each<[string, object, number]>([
    ['Seconds', { Seconds: 60 }, startMs + 60_000],
    ['Seconds as an expression', { Seconds: '{% $states.input.s %}' }, startMs + 5_000],
    ['a Timestamp', { Timestamp: '2026-01-01T01:00:00+00:30' }, startMs + 1_800_000],
  ])('by %s ends at its time', async (_what, fields, dueAt) => {
    const bench = runStates({ Sleep: { Type: 'Wait', ...fields, End: true } }, { input: { s: 5 } });
    await bench.until(inPhase('waiting'));
    expect(bench.clock.nextDueAt()).toBe(dueAt);
    bench.clock.moveTo(dueAt);
    expect((await bench.closed()).stoppedAt).toBe(dueAt);
  });

  test('until a time that is none fails', async () => {
    const bench = runStates({ Sleep: { Type: 'Wait', Timestamp: 'tomorrow', End: true } });
    expect(await bench.closed()).toMatchObject({ error: 'States.QueryEvaluationError' });
  });
});

describe('a Retry', () => {
  /** Fails as often as told, then succeeds. */
  function failing(times: number, error = 'NotReady'): Answerer {
    let left = times;
    return (parameters, call) => {
      left -= 1;
      return left >= 0 ? failed(error) : echo(parameters, call);
    };
  }

  const retry = { ErrorEquals: ['NotReady'], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 3, MaxDelaySeconds: 10 };

  test('waits longer each time, up to its limit', async () => {
    const bench = runStates({ Ask: { ...task, Retry: [retry], End: true } }, { answer: failing(3) });
    const dueAt: (number | undefined)[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await bench.until(inPhase('retrying'));
      dueAt.push(bench.clock.nextDueAt());
      bench.clock.moveTo(bench.clock.nextDueAt() ?? 0);
      await bench.until((state) => !inPhase('retrying')(state));
    }
    expect((await bench.closed()).status).toBe('SUCCEEDED');
    expect(dueAt).toEqual([startMs + 2_000, startMs + 8_000, startMs + 18_000]);
  });

  test('ends after MaxAttempts with the error', async () => {
    const once = { ErrorEquals: ['NotReady'], MaxAttempts: 1 };
    const bench = runStates({ Ask: { ...task, Retry: [once], End: true } }, { answer: failing(9) });
    await bench.until(inPhase('retrying'));
    bench.clock.moveTo(startMs + 1_000);
    expect(await bench.closed()).toMatchObject({ status: 'FAILED', error: 'NotReady' });
    expect(bench.types().filter((type) => type === 'TaskScheduled')).toHaveLength(2);
    expect(bench.types().filter((type) => type === 'TaskStateEntered')).toHaveLength(1);
  });

  test('with MaxAttempts 0 bars later retriers', async () => {
    const rules = [{ ErrorEquals: ['Superseded'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }];
    const bench = runStates({ Ask: { ...task, Retry: rules, End: true } }, { answer: failing(1, 'Superseded') });
    expect(await bench.closed()).toMatchObject({ status: 'FAILED', error: 'Superseded' });
  });

  test('counts each retrier by itself', async () => {
    const errors = ['A', 'B', 'A', 'B'];
    const rules = [
      { ErrorEquals: ['A'], MaxAttempts: 2, BackoffRate: 1 },
      { ErrorEquals: ['B'], MaxAttempts: 2, BackoffRate: 1 },
    ];
    const bench = runStates(
      { Ask: { ...task, Retry: rules, Output: '{% $states.context.State.RetryCount %}', End: true } },
      {
        answer: (parameters, call) => {
          const error = errors.shift();
          return error === undefined ? echo(parameters, call) : failed(error);
        },
      },
    );
    for (let retries = 1; retries <= 4; retries += 1) {
      await bench.until((state) =>
        Object.values(state.frames).some(
          ({ phase, retryCount }) => phase.type === 'retrying' && retryCount === retries,
        ),
      );
      bench.clock.moveTo(bench.clock.nextDueAt() ?? 0);
    }
    expect((await bench.closed()).output).toBe('4');
  });

  test('counts anew when its state is entered again', async () => {
    const retry = [{ ErrorEquals: ['NotReady'], MaxAttempts: 1 }];
    const answers = [failed('NotReady'), succeeded('again'), failed('NotReady'), succeeded('done')];
    const bench = runStates(
      {
        Ask: { ...task, Retry: retry, Output: '{% $states.result %}', Next: 'Again?' },
        'Again?': {
          Type: 'Choice',
          Choices: [{ Condition: "{% $states.input = 'again' %}", Next: 'Ask' }],
          Default: 'Done',
        },
        Done: { Type: 'Succeed' },
      },
      { answer: () => answers.shift() },
    );
    await bench.until(inPhase('retrying'));
    bench.clock.moveTo(startMs + 1_000);
    await bench.until(
      (state) => inPhase('retrying')(state) && bench.clock.now() === startMs + 1_000 && answers.length === 1,
    );
    bench.clock.moveTo(startMs + 2_000);
    expect(await bench.closed()).toMatchObject({ status: 'SUCCEEDED', output: '"done"' });
  });

  test('with full jitter waits a random part', async () => {
    const jittered = { ErrorEquals: ['NotReady'], IntervalSeconds: 8, JitterStrategy: 'FULL' };
    const bench = runStates(
      { Ask: { ...task, Retry: [jittered], End: true } },
      { answer: failing(1), random: () => 0.25 },
    );
    await bench.until(inPhase('retrying'));
    expect(bench.clock.nextDueAt()).toBe(startMs + 2_000);
  });
});

describe('a Catch', () => {
  test('gives error and cause, and assigns', async () => {
    const bench = runStates(
      {
        Ask: {
          ...task,
          Catch: [{ ErrorEquals: ['Superseded'], Next: 'Done', Assign: { why: '{% $states.errorOutput.Cause %}' } }],
          End: true,
        },
        Done: { Type: 'Pass', Output: '{% [$states.input.Error, $why] %}', End: true },
      },
      { answer: () => failed('Superseded', 'a newer plan') },
    );
    expect((await bench.closed()).output).toBe('["Superseded","a newer plan"]');
    expect(bench.types()).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskFailed',
      'TaskStateExited',
      'PassStateEntered',
      'PassStateExited',
      'ExecutionSucceeded',
    ]);
  });

  test('whose own expression fails does not catch itself', async () => {
    const bench = runStates(
      {
        Ask: {
          ...task,
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Done', Output: '{% $nothing %}' }],
          Next: 'Done',
        },
        Done: { Type: 'Succeed' },
      },
      { answer: () => failed('X') },
    );
    expect(await bench.closed()).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });

  test('takes the failure of an expression in Output', async () => {
    const bench = runStates(
      {
        Ask: {
          ...task,
          Output: '{% $nothing %}',
          Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'Done' }],
          Next: 'Done',
        },
        Done: { Type: 'Pass', Output: 'caught', End: true },
      },
      { answer: echo },
    );
    expect((await bench.closed()).output).toBe('"caught"');
  });
});

describe('an execution', () => {
  test('that reaches Fail fails with the computed error', async () => {
    const bench = runStates(
      { No: { Type: 'Fail', Error: '{% $states.input.e %}', Cause: 'said so' } },
      { input: { e: 'Custom.Error' } },
    );
    expect(await bench.closed()).toMatchObject({ status: 'FAILED', error: 'Custom.Error', cause: 'said so' });
    expect(bench.types()).toEqual(['ExecutionStarted', 'FailStateEntered', 'ExecutionFailed']);
  });

  test('times out as a whole', async () => {
    const states = { Sleep: { Type: 'Wait', Seconds: 100, End: true } };
    const bench = run({ TimeoutSeconds: 30, StartAt: 'Sleep', States: states });
    await bench.until(inPhase('waiting'));
    bench.clock.moveTo(startMs + 30_000);
    expect(await bench.closed()).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout', frames: {} });
    expect(bench.types().slice(-2)).toEqual(['WaitStateAborted', 'ExecutionTimedOut']);
    expect(bench.clock.nextDueAt()).toBeUndefined();
  });

  test('can be stopped, once', async () => {
    const bench = runStates({ Ask: { ...task, End: true } });
    await bench.until(inPhase('task'));
    expect(await bench.runner.deliver({ type: 'stopped', error: 'Operator', cause: 'enough' })).toBe(true);
    expect(await bench.runner.deliver({ type: 'stopped' })).toBe(false);
    expect(bench.runner.state).toMatchObject({ status: 'ABORTED', error: 'Operator', cause: 'enough' });
    expect(bench.types().slice(-2)).toEqual(['TaskStateAborted', 'ExecutionAborted']);
  });

  test('fails at 25000 events', async () => {
    const bench = runStates({
      A: { Type: 'Pass', Next: 'B' },
      B: { Type: 'Pass', Next: 'A' },
    });
    expect(await bench.closed()).toMatchObject({ status: 'FAILED', error: 'States.Runtime', lastEventId: 25_000 });
    expect(bench.events).toHaveLength(25_000);
    expect(bench.events.at(-1)).toMatchObject({ id: 25_000, type: 'ExecutionFailed' });
  });
});
