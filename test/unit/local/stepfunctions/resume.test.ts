import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ExecutionIndex } from '../../../../local/stepfunctions/execution-index.ts';
import {
  childMachineArn,
  copyOutside,
  drive,
  executionArn,
  functionsOf,
  historyOf,
  type Moment,
  type Recording,
  record,
  type Scenario,
  toldBy,
} from './kill-harness.ts';
import { copyFolder, openCloud, removeFolder } from './local-cloud.ts';

const invoke = 'arn:aws:states:::lambda:invoke';
const startChild = 'arn:aws:states:::states:startExecution';
const call = (step: string, more: object = {}) => ({
  Type: 'Task',
  Resource: invoke,
  Arguments: { FunctionName: 'steps', Payload: { step, ...more } },
});

const roll: Scenario = {
  title: 'of a Map with retries, tokens and children, then a loop of pauses',
  child: {
    'Bring up': { ...call('Bring up'), Next: 'Settle' },
    Settle: { Type: 'Wait', Seconds: 3, Output: { inSync: true }, End: true },
  },
  parent: {
    Brokers: {
      Type: 'Map',
      Items: '{% $states.input.nodes %}',
      MaxConcurrency: 1,
      ItemProcessor: {
        StartAt: 'May stop',
        States: {
          'May stop': {
            ...call('May stop', { node: '{% $states.input %}', attempt: '{% $states.context.State.RetryCount %}' }),
            Retry: [{ ErrorEquals: ['NotReady'], IntervalSeconds: 2, BackoffRate: 1, MaxAttempts: 5 }],
            Assign: { node: '{% $states.input %}' },
            Next: 'Ask',
          },
          Ask: {
            ...call('Ask', { token: '{% $states.context.Task.Token %}' }),
            Resource: `${invoke}.waitForTaskToken`,
            TimeoutSeconds: 3600,
            HeartbeatSeconds: 600,
            Output: '{% $states.result.turn %}',
            Next: 'Child',
          },
          Child: {
            Type: 'Task',
            Resource: `${startChild}.sync:2`,
            Arguments: { StateMachineArn: childMachineArn, Input: { node: '{% $node %}' } },
            TimeoutSeconds: 3600,
            Output: { turn: '{% $states.input %}', node: '{% $node %}', child: '{% $states.result.Output.inSync %}' },
            End: true,
          },
        },
      },
      Assign: { rounds: 0 },
      Next: 'Enough?',
    },
    'Enough?': {
      Type: 'Choice',
      Choices: [{ Condition: '{% $rounds < 2 %}', Assign: { rounds: '{% $rounds + 1 %}' }, Next: 'Pause' }],
      Default: 'Done',
    },
    Pause: { Type: 'Wait', Seconds: 5, Next: 'Enough?' },
    Done: { Type: 'Succeed', Output: { brokers: '{% $states.input %}', rounds: '{% $rounds %}' } },
  },
  input: '{"nodes":[7,8]}',
  expected: {
    output: {
      brokers: [
        { turn: 'go 7', node: 7, child: true },
        { turn: 'go 8', node: 8, child: true },
      ],
      rounds: 2,
    },
    // 7 is ready at once, 8 at its third try (2 × 2 s); two children settle (2 × 3 s); two pauses (2 × 5 s).
    seconds: 20,
    calls: ['May stop 7', 'Ask', 'Bring up', 'May stop 8', 'May stop 8', 'May stop 8', 'Ask', 'Bring up'],
    children: 2,
  },
};

const quickChildren: Scenario = {
  title: 'of children that close before their start is noted, and a caught failure',
  child: { Go: { Type: 'Pass', Output: { got: '{% $states.input.n %}' }, End: true } },
  parent: {
    Named: {
      Type: 'Task',
      Resource: `${startChild}.sync:2`,
      Arguments: { StateMachineArn: childMachineArn, Name: 'kafka-0', Input: { n: 1 } },
      Assign: { got: '{% $states.result.Output.got %}' },
      Next: 'Unnamed',
    },
    Unnamed: {
      Type: 'Task',
      Resource: startChild,
      Arguments: { StateMachineArn: childMachineArn, Input: { n: 2 } },
      Output: '{% $exists($states.result.ExecutionArn) %}',
      Next: 'Break',
    },
    Break: {
      ...call('Break', { error: 'Broken' }),
      Catch: [
        {
          ErrorEquals: ['Broken'],
          Assign: { why: '{% $states.errorOutput.Error %}' },
          Output: '{% $states.input %}',
          Next: 'Done',
        },
      ],
      Next: 'Done',
    },
    Done: { Type: 'Succeed', Output: { got: '{% $got %}', started: '{% $states.input %}', why: '{% $why %}' } },
  },
  input: '{}',
  expected: { output: { got: 1, started: true, why: 'Broken' }, seconds: 0, calls: ['Break'], children: 2 },
};

interface Ending {
  readonly output: unknown;
  readonly stoppedAt: number;
  readonly history: readonly string[];
  readonly calls: readonly string[];
  readonly children: number;
  readonly told: ReadonlySet<string>;
  readonly lines: readonly string[];
}

/** Resumes from a moment, lets the execution end, and answers what came of it. */
async function resumeFrom(moment: Moment): Promise<Ending> {
  const folder = copyFolder(moment.folder);
  const outside = copyOutside(moment.outside);
  const cloud = await openCloud({ dataFolder: folder, world: functionsOf(outside), nowMs: moment.nowMs });
  await drive(cloud, outside);
  const closed = await cloud.send('DescribeExecution', { executionArn });
  const { executions } = await cloud.send('ListExecutions', { stateMachineArn: childMachineArn });
  const history = await historyOf(cloud);
  cloud.kill();
  removeFolder(folder);
  return {
    output: JSON.parse(closed.output),
    stoppedAt: closed.stopDate.getTime(),
    history,
    calls: outside.calls,
    children: executions.length,
    told: new Set([...moment.told, ...toldBy(cloud)]),
    lines: cloud.lines,
  };
}

describe.each([roll, quickChildren])('an execution $title', ({ expected, ...scenario }) => {
  let recording: Recording;

  beforeAll(async () => {
    recording = await record({ ...scenario, expected });
  });

  afterAll(() => {
    for (const { folder } of recording.moments) removeFolder(folder);
    removeFolder(recording.folder);
  });

  test('runs once from end to end', () => {
    expect(recording.outside.calls).toEqual(expected.calls);
    expect(recording.stoppedAt - recording.startedAt).toBe(1000 * expected.seconds);
  });

  test('ends the same, with the same history at the same time, after a kill before or after any write', async () => {
    // Before the very first write nobody was told of the execution: it does not exist then.
    for (const [index, moment] of recording.moments.entries()) {
      if (index === 0) continue;
      const { calls, told, ...ended } = await resumeFrom(moment);
      expect({ index, ...ended }).toEqual({
        index,
        output: expected.output,
        stoppedAt: recording.stoppedAt,
        history: recording.history,
        children: expected.children,
        lines: [],
      });
      // At least once: only the one call that was under way at the kill is made again.
      expect({ index, calls: [expected.calls.length, expected.calls.length + 1] }).toEqual({
        index,
        calls: expect.arrayContaining([calls.length]),
      });
      expect({ index, told: [...told].filter((line) => line.startsWith('run-1')).sort() }).toEqual({
        index,
        told: ['run-1 RUNNING', 'run-1 SUCCEEDED'],
      });
      expect({ index, told: told.size }).toEqual({ index, told: 2 + 2 * expected.children });
    }
  });

  test('does not exist when the cloud was killed before the first write', async () => {
    const folder = copyFolder(recording.moments[0]?.folder ?? '');
    const cloud = await openCloud({ dataFolder: folder });
    await expect(cloud.send('DescribeExecution', { executionArn })).rejects.toMatchObject({
      name: 'ExecutionDoesNotExist',
    });
    cloud.kill();
    removeFolder(folder);
  });

  test('drops the line that a kill tore', async () => {
    const middle = recording.moments[Math.floor(recording.moments.length / 2)];
    if (middle === undefined) throw new Error('nothing was written');
    const torn = copyFolder(middle.folder);
    const journal = new ExecutionIndex(join(torn, 'stepfunctions')).journalFile(executionArn);
    appendFileSync(journal, '{"events":[{"id":99');
    expect(await resumeFrom({ ...middle, folder: torn })).toMatchObject({
      output: expected.output,
      history: recording.history,
    });
    removeFolder(torn);
  });
});
