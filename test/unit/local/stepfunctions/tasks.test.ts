import { describe, expect, test } from '@jest/globals';
import { type Bench, failed, inPhase, invoke, isSubmitted, openToken, runStates, startMs, succeeded } from './bench.ts';

const ask = {
  Type: 'Task',
  Resource: `${invoke}.waitForTaskToken`,
  Arguments: { FunctionName: 'f', Payload: '{% $states.context.Task.Token %}' },
};

async function waiting(bench: Bench): Promise<{ text: string; nonce: string }> {
  return openToken(await bench.until(inPhase('task')));
}

describe('a task with a token', () => {
  test('ends with the output that the token was settled with', async () => {
    const bench = runStates(
      { Ask: { ...ask, Output: '{% $states.result.turn %}', End: true } },
      { answer: () => succeeded({ Payload: 'noted' }) },
    );
    await bench.until(isSubmitted);
    const { nonce } = await waiting(bench);
    await bench.runner.deliver({ type: 'tokenSettled', nonce, outcome: succeeded({ turn: 'go' }) });
    expect((await bench.closed()).output).toBe('"go"');
    expect(bench.types().slice(2, -2)).toEqual(['TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded']);
  });

  test('passes the token that it waits for', async () => {
    const bench = runStates({ Ask: { ...ask, End: true } });
    const { text } = await waiting(bench);
    expect(bench.calls.map(({ call }) => call.arguments)).toEqual([{ FunctionName: 'f', Payload: text }]);
  });

  test('may be settled before its call was answered; the late failure is ignored', async () => {
    const bench = runStates({ Ask: { ...ask, Next: 'Sleep' }, Sleep: { Type: 'Wait', Seconds: 1, End: true } });
    const { nonce } = await waiting(bench);
    await bench.runner.deliver({ type: 'tokenSettled', nonce, outcome: succeeded('early') });
    bench.calls[0]?.answer(failed('Lambda.Unknown'));
    await bench.until(inPhase('waiting'));
    bench.clock.moveTo(startMs + 1_000);
    expect(await bench.closed()).toMatchObject({ status: 'SUCCEEDED', output: '"early"' });
    expect(bench.types()).not.toContain('TaskFailed');
  });

  test('fails with its call before the token was settled', async () => {
    const bench = runStates({ Ask: { ...ask, End: true } }, { answer: () => failed('Superseded', 'gone') });
    expect(await bench.closed()).toMatchObject({ status: 'FAILED', error: 'Superseded' });
  });

  test('takes a settlement once', async () => {
    const bench = runStates({ Ask: { ...ask, End: true } });
    const { nonce } = await waiting(bench);
    expect(await bench.runner.deliver({ type: 'tokenSettled', nonce, outcome: failed('Stopped', 'why') })).toBe(true);
    expect(await bench.runner.deliver({ type: 'tokenSettled', nonce, outcome: succeeded(1) })).toBe(false);
    expect(await bench.closed()).toMatchObject({ error: 'Stopped', cause: 'why' });
  });

  test('gets a new token with each attempt, and the old one is void', async () => {
    const retry = [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1 }];
    const bench = runStates({ Ask: { ...ask, TimeoutSeconds: 10, Retry: retry, End: true } });
    const first = await waiting(bench);
    bench.clock.moveTo(startMs + 10_000);
    await bench.until(inPhase('retrying'));
    bench.clock.moveTo(startMs + 11_000);
    const second = await waiting(bench);
    expect(second.text).not.toBe(first.text);
    const { nonce } = first;
    expect(await bench.runner.deliver({ type: 'tokenSettled', nonce, outcome: succeeded(1) })).toBe(false);
    expect(bench.details('TaskTimedOut')).toMatchObject({ error: 'States.Timeout' });
  });

  test('times out at its absolute deadline, whatever heartbeats say', async () => {
    const bench = runStates({ Ask: { ...ask, TimeoutSeconds: 15, HeartbeatSeconds: 10, End: true } });
    const { nonce } = await waiting(bench);
    bench.clock.moveTo(startMs + 9_000);
    await bench.runner.deliver({ type: 'tokenBeaten', nonce });
    expect(bench.clock.nextDueAt()).toBe(startMs + 15_000);
    bench.clock.moveTo(startMs + 15_000);
    expect(await bench.closed()).toMatchObject({ error: 'States.Timeout' });
  });

  test('times out without a heartbeat', async () => {
    const bench = runStates({ Ask: { ...ask, TimeoutSeconds: 60, HeartbeatSeconds: 10, End: true } });
    const { nonce } = await waiting(bench);
    bench.clock.moveTo(startMs + 4_000);
    await bench.runner.deliver({ type: 'tokenBeaten', nonce });
    bench.clock.moveTo(startMs + 13_999);
    expect(bench.clock.nextDueAt()).toBe(startMs + 14_000);
    bench.clock.moveTo(startMs + 14_000);
    expect(await bench.closed()).toMatchObject({ error: 'States.HeartbeatTimeout' });
  });

  test('refuses a heartbeat that is no shorter than the timeout', async () => {
    const bench = runStates({ Ask: { ...ask, TimeoutSeconds: 10, HeartbeatSeconds: '{% 10 %}', End: true } });
    expect(await bench.closed()).toMatchObject({ error: 'States.Runtime' });
  });
});

describe('a task with a child', () => {
  const machineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:broker';
  const child = {
    Type: 'Task',
    Resource: 'arn:aws:states:::states:startExecution.sync:2',
    Arguments: { StateMachineArn: machineArn, Name: 'kafka-0', Input: { node: 0 } },
  };
  const childArn = 'arn:aws:states:us-east-1:000000000000:execution:broker:kafka-0';

  test('waits for the child that it started', async () => {
    const awaited: string[] = [];
    const bench = runStates(
      { Run: { ...child, Output: '{% $states.result.Output %}', End: true } },
      {
        answer: () => succeeded({ ExecutionArn: childArn }),
        child: async (arn) => {
          awaited.push(arn);
          return succeeded({ Output: { done: true } });
        },
      },
    );
    expect((await bench.closed()).output).toBe('{"done":true}');
    expect(awaited).toEqual([childArn]);
  });

  test('names a child without a name before it starts it', async () => {
    const { Name: _name, ...unnamed } = child.Arguments;
    const bench = runStates({ Run: { ...child, Arguments: unnamed, End: true } });
    await bench.until(inPhase('task'));
    expect(bench.calls[0]?.call.arguments).toEqual({ ...unnamed, Name: 'uuid-1' });
  });

  test('stops the child when it times out', async () => {
    const bench = runStates(
      { Run: { ...child, TimeoutSeconds: 5, End: true } },
      { answer: () => succeeded({ ExecutionArn: childArn }) },
    );
    await bench.until(isSubmitted);
    bench.clock.moveTo(startMs + 5_000);
    expect(await bench.closed()).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    await bench.until((state) => state.childrenToStop.length === 0);
    expect(bench.stoppedChildren).toEqual([childArn]);
  });

  test('stops the child when the execution is stopped', async () => {
    const bench = runStates({ Run: { ...child, End: true } }, { answer: () => succeeded({ ExecutionArn: childArn }) });
    await bench.until(isSubmitted);
    await bench.runner.deliver({ type: 'stopped' });
    await bench.until((state) => state.childrenToStop.length === 0);
    expect(bench.stoppedChildren).toEqual([childArn]);
  });
});

describe('a function named by its ARN', () => {
  test('gets the input as its payload and has events of its own', async () => {
    const resource = 'arn:aws:lambda:us-east-1:000000000000:function:steps';
    const bench = runStates(
      { Run: { Type: 'Task', Resource: resource, TimeoutSeconds: 5, End: true } },
      { input: { a: 1 }, answer: (parameters) => succeeded({ got: parameters }) },
    );
    expect((await bench.closed()).output).toBe('{"got":{"a":1}}');
    expect(bench.types()).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
    expect(bench.details('LambdaFunctionScheduled')).toEqual({
      resource,
      input: '{"a":1}',
      inputDetails: { truncated: false },
      timeoutInSeconds: 5,
    });
  });
});
