import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ExecutionIndex } from '../../../../local/stepfunctions/execution-index.ts';
import {
  answered,
  copyFolder,
  createMachine,
  type LocalCloud,
  makeFolder,
  openCloud,
  payloadOf,
  removeFolder,
  thrown,
  type World,
} from './local-cloud.ts';

const invoke = 'arn:aws:states:::lambda:invoke';
const call = (step: string, more: object = {}) => ({
  Type: 'Task',
  Resource: invoke,
  Arguments: { FunctionName: 'steps', Payload: { step, ...more } },
});

const childStates = {
  'Bring up': { ...call('Bring up'), Next: 'Settle' },
  Settle: { Type: 'Wait', Seconds: 3, Output: { inSync: true }, End: true },
};

function parentStates(childArn: string): Record<string, object> {
  const ask = call('Ask', { token: '{% $states.context.Task.Token %}' });
  const node = '{% $node %}';
  return {
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
            ...ask,
            Resource: `${invoke}.waitForTaskToken`,
            TimeoutSeconds: 3600,
            HeartbeatSeconds: 600,
            Output: '{% $states.result.turn %}',
            Next: 'Child',
          },
          Child: {
            Type: 'Task',
            Resource: 'arn:aws:states:::states:startExecution.sync:2',
            Arguments: { StateMachineArn: childArn, Input: { node } },
            TimeoutSeconds: 3600,
            Output: { turn: '{% $states.input %}', node, child: '{% $states.result.Output.inSync %}' },
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
  };
}

/** Written by hand: two brokers, each with its turn and its child, then two pauses. */
const expectedOutput = {
  brokers: [
    { turn: 'go 7', node: 7, child: true },
    { turn: 'go 8', node: 8, child: true },
  ],
  rounds: 2,
};
/** 7 is ready at once, 8 at its third try (2 × 2 s); two children settle (2 × 3 s); two pauses (2 × 5 s). */
const expectedSeconds = 20;

/** What the outside knows: it goes on when the cloud dies. */
interface Outside {
  /** Each call of a function, as `step` or `step node`. */
  readonly calls: string[];
  /** Tokens that were given out, by broker. */
  readonly tokens: Map<number, string>;
}

function copyOutside({ calls, tokens }: Outside): Outside {
  return { calls: [...calls], tokens: new Map(tokens) };
}

function functionsOf(outside: Outside): World {
  return async (outgoing) => {
    const { step, node, token, attempt } = payloadOf(outgoing);
    outside.calls.push(node === undefined ? step : `${step} ${node}`);
    if (step === 'Ask') {
      const known = [...outside.tokens.values()];
      if (!known.includes(token)) outside.tokens.set(7 + known.length, token);
      return answered('noted');
    }
    return step === 'May stop' && node === 8 && attempt < 2 ? thrown('NotReady') : answered('ok');
  };
}

/** What lies on disk at one moment, and what the outside knew then. */
interface Moment {
  readonly folder: string;
  readonly outside: Outside;
  readonly nowMs: number;
  /** The status events that were out by then. */
  readonly told: readonly string[];
}

function toldBy(cloud: LocalCloud | undefined): string[] {
  return (cloud?.events ?? []).map(({ detail }) => `${String(detail['name'])} ${String(detail['status'])}`);
}

interface Course {
  readonly executionArn: string;
  readonly outside: Outside;
  readonly settled: Set<string>;
}

/**
 * Goes on until the execution has closed: settles each token once, and when nothing more happens by itself, moves the
 * clock to the next timer.
 */
async function drive(cloud: LocalCloud, { executionArn, outside, settled }: Course): Promise<void> {
  const isClosed = () =>
    cloud.events.some(({ detail }) => detail['executionArn'] === executionArn && detail['status'] !== 'RUNNING');
  for (let round = 0; !isClosed(); round += 1) {
    if (round > 100) throw new Error(`stuck: ${JSON.stringify(await historyOf(cloud, executionArn))}`);
    await calm();
    for (const [node, taskToken] of outside.tokens) {
      if (settled.has(taskToken)) continue;
      try {
        await cloud.send('SendTaskSuccess', { taskToken, output: JSON.stringify({ turn: `go ${node}` }) });
      } catch (error) {
        // A token whose settlement was stored just before the crash was used: that is what this name says.
        if (!(error instanceof Error) || error.name !== 'TaskTimedOut') throw error;
      }
      settled.add(taskToken);
    }
    await calm();
    const dueAt = cloud.clock.nextDueAt();
    if (!isClosed() && dueAt !== undefined) cloud.clock.moveTo(dueAt);
  }
  await calm();
}

/** Nothing here waits for the system: all that can happen by itself has happened after some rounds of the event loop. */
async function calm(): Promise<void> {
  for (let round = 0; round < 4; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function historyOf(cloud: LocalCloud, executionArn: string): Promise<string[]> {
  const { events } = await cloud.send('GetExecutionHistory', { executionArn, maxResults: 1000 });
  return events.map(
    ({ id, previousEventId, type }: { id: number; previousEventId: number; type: string }) =>
      `${id} ${previousEventId} ${type}`,
  );
}

const machineArn = (name: string) => `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;
const executionArn = 'arn:aws:states:us-east-1:000000000000:execution:roll:run-1';

describe('an execution whose cloud is killed', () => {
  const folder = makeFolder();
  const moments: Moment[] = [];
  const outside: Outside = { calls: [], tokens: new Map() };
  let reference: { history: string[]; endedAt: number };

  beforeAll(async () => {
    let cloud: LocalCloud | undefined;
    const keep = () =>
      void moments.push({
        folder: copyFolder(folder),
        outside: copyOutside(outside),
        nowMs: cloud?.clock.now() ?? 0,
        told: toldBy(cloud),
      });
    const append = (file: string, text: string) => {
      mkdirSync(dirname(file), { recursive: true });
      keep();
      appendFileSync(file, text);
      keep();
    };
    cloud = await openCloud({ dataFolder: folder, world: functionsOf(outside), append });
    await createMachine(cloud, 'broker', childStates);
    const stateMachineArn = await createMachine(cloud, 'roll', parentStates(machineArn('broker')));
    await cloud.send('StartExecution', { stateMachineArn, name: 'run-1', input: '{"nodes":[7,8]}' });
    await drive(cloud, { executionArn, outside, settled: new Set() });
    const { stopDate } = await cloud.send('DescribeExecution', { executionArn });
    reference = { history: await historyOf(cloud, executionArn), endedAt: stopDate.getTime() };
    cloud.kill();
  });

  afterAll(() => {
    for (const moment of moments) removeFolder(moment.folder);
    removeFolder(folder);
  });

  test('runs once from end to end when it is not', async () => {
    expect(outside.calls).toEqual([
      'May stop 7',
      'Ask',
      'Bring up',
      'May stop 8',
      'May stop 8',
      'May stop 8',
      'Ask',
      'Bring up',
    ]);
    const [first] = moments;
    expect(reference.endedAt - (first?.nowMs ?? 0)).toBe(1000 * expectedSeconds);
    expect(moments.length).toBeGreaterThan(90);
  });

  test('ends the same, with the same history, at the same time, after a kill before and after each write', async () => {
    // Before the very first write nobody was told of the execution: it does not exist then.
    for (const [index, moment] of moments.entries()) {
      if (index === 0) continue;
      const seen = copyOutside(moment.outside);
      const copy = copyFolder(moment.folder);
      const cloud = await openCloud({ dataFolder: copy, world: functionsOf(seen), nowMs: moment.nowMs });
      const course = { executionArn, outside: seen, settled: new Set<string>() };
      const { status } = await cloud.send('DescribeExecution', { executionArn });
      if (status === 'RUNNING') await drive(cloud, course);
      const closed = await cloud.send('DescribeExecution', { executionArn });
      expect({ index, output: JSON.parse(closed.output), stoppedAt: closed.stopDate.getTime() }).toEqual({
        index,
        output: expectedOutput,
        stoppedAt: reference.endedAt,
      });
      expect({ index, history: await historyOf(cloud, executionArn) }).toEqual({ index, history: reference.history });
      // At least once: only the one call that was under way at the kill is made again.
      const extra = seen.calls.length - outside.calls.length;
      expect({ index, isAllowed: extra <= 1 }).toEqual({ index, isAllowed: true });
      const { executions } = await cloud.send('ListExecutions', { stateMachineArn: machineArn('broker') });
      expect({ index, children: executions.length }).toEqual({ index, children: 2 });
      expect({ index, told: [...new Set([...moment.told, ...toldBy(cloud)])].sort() }).toEqual({
        index,
        told: [executionArn, ...executions.map((child: { executionArn: string }) => child.executionArn)]
          .flatMap((arn) => ['RUNNING', 'SUCCEEDED'].map((word) => `${arn.split(':').at(-1)} ${word}`))
          .sort(),
      });
      expect(cloud.lines).toEqual([]);
      cloud.kill();
      removeFolder(copy);
    }
  });

  test('does not exist when it died before its first write', async () => {
    const [moment] = moments;
    if (moment === undefined) throw new Error('nothing was written');
    const cloud = await openCloud({ dataFolder: moment.folder });
    await expect(cloud.send('DescribeExecution', { executionArn })).rejects.toMatchObject({
      name: 'ExecutionDoesNotExist',
    });
    const { executions } = await cloud.send('ListExecutions', { stateMachineArn: machineArn('roll') });
    expect(executions).toEqual([]);
  });

  test('drops a line that the kill tore', async () => {
    const half = moments[Math.floor(moments.length / 2)];
    if (half === undefined) throw new Error('nothing was written');
    const torn = copyFolder(half.folder);
    const seen = copyOutside(half.outside);
    const journal = new ExecutionIndex(join(torn, 'stepfunctions')).journalFile(executionArn);
    appendFileSync(journal, '{"events":[{"id":99');
    const cloud = await openCloud({ dataFolder: torn, world: functionsOf(seen), nowMs: half.nowMs });
    await drive(cloud, { executionArn, outside: seen, settled: new Set() });
    expect(await historyOf(cloud, executionArn)).toEqual(reference.history);
    removeFolder(torn);
  });
});
