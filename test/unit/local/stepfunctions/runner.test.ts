import { describe, expect, test } from '@jest/globals';
import { beginExecution } from '../../../../local/stepfunctions/interpreter/advance.ts';
import { ExecutionRunner } from '../../../../local/stepfunctions/interpreter/execution-runner.ts';
import type { ExecutionState } from '../../../../local/stepfunctions/interpreter/execution-state.ts';
import { parseDefinition } from '../../../../local/stepfunctions/interpreter/parse-definition.ts';
import { invoke, startMs, succeeded } from './bench.ts';
import { createHandClock } from './hand-clock.ts';

const identity = {
  executionArn: 'arn:aws:states:us-east-1:000000000000:execution:roll:run-1',
  name: 'run-1',
  stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:roll',
  stateMachineName: 'roll',
  roleArn: 'arn:aws:iam::000000000000:role/roll',
  region: 'us-east-1',
  input: {},
  startedAt: startMs,
};

function askOnce(): { machine: Parameters<typeof beginExecution>[0]['machine']; state: ExecutionState } {
  const ask = { Type: 'Task', Resource: invoke, Arguments: { FunctionName: 'f' }, End: true };
  const parsed = parseDefinition(JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Ask', States: { Ask: ask } }));
  if (parsed.type === 'invalid') throw new Error(JSON.stringify(parsed.diagnostics));
  const { machine } = parsed;
  const sources = { nowMs: startMs, random: () => 0, uuid: () => 'u' };
  return { machine, state: beginExecution({ machine, identity, sources }).state };
}

/** Runs the machine and answers what happened, in order; a write may be refused. */
async function courseOf(record: (types: readonly string[]) => void): Promise<string[]> {
  const course: string[] = [];
  const ended = Promise.withResolvers<void>();
  const runner = new ExecutionRunner(
    { ...askOnce(), identity },
    {
      clock: createHandClock(startMs),
      random: () => 0,
      uuid: () => 'u',
      record: (_before, { events }) => {
        const types = events.map(({ type }) => type);
        record(types);
        if (types.length > 0) course.push(`stored ${types.join(' ')}`);
      },
      call: async () => {
        course.push('called');
        return succeeded(1);
      },
      awaitChild: async () => succeeded(null),
      stopChild: async () => undefined,
      announce: (status) => void course.push(`announced ${status}`),
      finished: ended.resolve,
      defect: (error) => {
        course.push(String(error));
        ended.resolve();
      },
    },
  );
  runner.start();
  await ended.promise;
  return course;
}

describe('a runner', () => {
  test('stores each transition before anything that follows from it', async () => {
    expect(await courseOf(() => undefined)).toEqual([
      'announced RUNNING',
      'stored TaskStateEntered TaskScheduled TaskStarted',
      'called',
      'stored TaskSucceeded TaskStateExited ExecutionSucceeded',
      'announced SUCCEEDED',
    ]);
  });

  test('does nothing of a transition that could not be stored, and says so', async () => {
    const course = await courseOf((types) => {
      if (types.includes('TaskScheduled')) throw new Error('the disk is full');
    });
    expect(course).toEqual(['announced RUNNING', 'Error: the disk is full']);
  });
});
