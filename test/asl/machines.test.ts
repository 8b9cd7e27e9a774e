import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import { awsSteps } from '../../functions/steps/aws-steps.ts';
import { ec2Steps } from '../../functions/steps/ec2-steps.ts';
import { kafkaSteps } from '../../functions/steps/kafka-steps.ts';
import type { StepTable } from '../../functions/steps/step-table.ts';
import { upkeepSteps } from '../../functions/steps/upkeep-steps.ts';
import { functionTable } from '../../lib/stacks/function-table.ts';
import { createFakeWorld } from '../support/fake-world.ts';
import { allStates, evaluate, machines, readMachine, type State, type States } from '../support/state-machines.ts';

interface Verdict {
  readonly isValid: boolean;
  readonly errorsText: () => string;
}

/** A CommonJS package whose types do not say that its export is a function. */
const validate = createRequire(import.meta.url)('asl-validator') as (
  definition: unknown,
  options: { readonly checkPaths: boolean; readonly checkArn: boolean },
) => Verdict;

const world = createFakeWorld();
const ports = {
  ...{ store: world.store, clock: world.clock.clock, pause: world.clock.pause, planRunner: world.machines },
  ...{
    tasks: world.tasks,
    taskLogs: world.taskLogs,
    deadLetters: [],
    hosts: world.hosts,
    volumes: world.volumes,
    kafka: world.kafka.admin,
  },
  settings: { logGroup: '/warden', logRegion: 'eu-west-1' },
  newId: () => 'id',
};

/** The steps of the functions, by the placeholders of the machines. */
const tables: Readonly<Record<string, StepTable>> = {
  '${StepsAws}': awsSteps(ports),
  '${StepsEc2}': ec2Steps(ports),
  '${StepsKafka}': kafkaSteps(ports),
  '${StepsUpkeep}': upkeepSteps(ports),
};

const states = machines.flatMap((machine) =>
  allStates(readMachine(machine)).map(([name, state]) => ({ machine, name, state })),
);
const steps = states.filter(({ state }) => state.Arguments?.FunctionName !== undefined);
const named = (list: typeof states) =>
  list.map(({ machine, name, state }): [string, State, string] => [`${machine}: ${name}`, state, machine]);

/** The name that a state hands to its function. */
function stepOf(state: State): string {
  const step = /"step": "([^"]+)"/.exec(state.Arguments?.Payload ?? '')?.[1];
  if (step === undefined) throw new Error(`no step in ${state.Arguments?.Payload}`);
  return step;
}

function namesOf({ nodeSteps, serviceSteps }: StepTable): readonly string[] {
  return [...Object.keys(nodeSteps), ...Object.keys(serviceSteps)];
}

/** How a step can end besides its success, written down by hand from lib/operations. */
const ends: Readonly<Record<string, readonly string[]>> = {
  'Await turn': ['Superseded', 'NotReady', 'LookAgain'],
  'May stop': ['Superseded', 'NotReady'],
  Stop: ['Superseded', 'VerdictTooOld', 'NotReady', 'LookAgain'],
  'Release registration': ['Superseded', 'CanaryFailed', 'Deactivated', 'Paused', 'NotReady'],
  'Find another host': ['Superseded', 'LookAgain'],
  Place: ['Superseded', 'VerdictTooOld', 'NotReady', 'LookAgain'],
  'Attach volume': ['Superseded', 'LeavesHost', 'NotReady'],
  'Prepare volume': ['Superseded', 'LeavesHost', 'NotReady', 'LookAgain'],
  'Publish name': ['Superseded', 'NotReady'],
  Start: ['Superseded', 'LeavesHost', 'TaskStopped', 'NotReady', 'LookAgain'],
  'Join quorum': ['Superseded', 'TaskStopped', 'LostControllers', 'CanaryFailed', 'NotReady'],
  'Apply properties': ['Superseded', 'TaskStopped', 'LostControllers', 'CanaryFailed', 'NotReady'],
  'Await in sync': ['Superseded', 'TaskStopped', 'LostControllers', 'CanaryFailed', 'NotReady'],
  'Take the update back': ['NotReady'],
  'Stay paused': ['LookAgain'],
  'Bring the node back': [],
  'Choose controller hosts': ['Superseded', 'LookAgain'],
  'Pass idle nodes': [],
  // Nothing supersedes an uninstall: when another service has the name, its own is gone, and so is its work. A hibernation
  // that is taken over passes over what is left of it.
  'Stop for good': ['NotReady', 'LookAgain'],
  'Delete volume': ['NotReady'],
  'Delete the old volume': ['NotReady'],
  'Remove names': [],
  'Forget service': [],
  'Look at the node': [],
  'List services': ['NotReady'],
  'Adopt the node': ['NotReady'],
  'Look at volumes': [],
  'Tell what is not known': [],
  'Look at hosts': ['HostOutOfTouch'],
  'Ask Kafka': [],
  'Fence hosts': [],
  'Take up lost events': [],
  'Reconcile service': [],
};
const looksAgain = ['NotReady', 'LookAgain'];

/**
 * Step Functions lost the line to Lambda: nobody knows whether the function runs on.
 * Source: Step Functions developer guide, handling Lambda service exceptions.
 */
const lostLines = ['Lambda.ClientExecutionTimeoutException', 'Lambda.SdkClientException', 'Lambda.ServiceException'];

describe('each machine', () => {
  test.each(machines)('%s is valid Amazon States Language', (machine) => {
    const verdict = validate(readMachine(machine), { checkPaths: false, checkArn: false });
    expect(verdict.errorsText()).toBe('');
    expect(verdict.isValid).toBe(true);
  });

  test.each(machines)('%s begins with a sentence on what it is for', (machine) => {
    expect(readMachine(machine).Comment).toMatch(/\.$/);
  });

  test.each(machines)('%s reaches each of its states from its start, and an end from each', (machine) => {
    for (const part of parts(readMachine(machine))) {
      expect([...reached(part, part.StartAt)].sort()).toEqual(Object.keys(part.States).sort());
      for (const name of Object.keys(part.States)) {
        const ended = [...reached(part, name)].some((to) => {
          const state = part.States[to];
          return state?.Type === 'Succeed' || state?.End === true;
        });
        expect({ name, ended }).toEqual({ name, ended: true });
      }
    }
  });
});

describe('each state', () => {
  test.each(named(states))('%s has a comment for whoever reads it at night', (_name, state) => {
    expect(state.Comment).toMatch(/[.?]$/);
  });
});

describe('each step of a machine', () => {
  test.each(named(steps))('%s is in the table of its function', (_name, state) => {
    const table = tables[state.Arguments?.FunctionName ?? ''];
    expect(table === undefined ? [] : namesOf(table)).toContain(stepOf(state));
  });

  test.each(named(steps))('%s names a Retry or a Catch for each way in which it can end', (_name, state) => {
    const expected = ends[stepOf(state)] ?? ['the table of this test lacks the step'];
    const retried = (state.Retry ?? []).filter(({ MaxAttempts }) => MaxAttempts !== 0);
    for (const end of expected) {
      // A wait whose time is reckoned anew with each look is entered again.
      const handlers = looksAgain.includes(end) ? [...retried, ...(state.Catch ?? [])] : (state.Catch ?? []);
      expect(handlers.filter(({ ErrorEquals }) => ErrorEquals.includes(end)).length).toBe(1);
    }
  });

  test.each(named(steps))('%s never retries an end that a Catch waits for', (_name, state) => {
    for (const caught of (state.Catch ?? []).flatMap(({ ErrorEquals }) => ErrorEquals)) {
      const first = state.Retry?.find(({ ErrorEquals }) => ErrorEquals.includes(caught));
      expect(caught === 'States.ALL' || first?.MaxAttempts === 0).toBe(true);
    }
  });

  test.each(named(steps))(
    '%s ends, so that its plan can say why, when its function may not be called',
    (_name, state) => {
      const retrier = (state.Retry ?? []).find(({ ErrorEquals }) =>
        ['Lambda.AWSLambdaException', 'States.ALL'].some((name) => ErrorEquals.includes(name)),
      );
      // Waits of 2, 4, 8, 16, 32, 60, 60 and 60 s: four minutes. A sweep of reconcile has 7 s.
      expect(retrier?.MaxAttempts).toBeLessThanOrEqual(8);
    },
  );

  test.each(named(steps))('%s gives its function time to end, a wait for a token too', async (_name, state) => {
    const name = /\$\{(.+)\}/.exec(state.Arguments?.FunctionName ?? '')?.[1];
    const spec = functionTable.find((candidate) => candidate.name === name);
    expect(spec).toBeDefined();
    // Where it is reckoned: to a deadline that is past, which is the shortest.
    const past = { millis: () => 1_000_000, states: { context: { Execution: { Input: { until: 1 } } } } };
    expect(await evaluate(state.TimeoutSeconds, past)).toBeGreaterThan(
      spec?.timeoutSeconds ?? Number.POSITIVE_INFINITY,
    );
  });

  test.each(named(steps.filter(({ machine }) => machine !== 'reconcile')))(
    '%s tries again after a broken line only when the function that may run on has reached its timeout',
    (_name, state) => {
      const name = /\$\{(.+)\}/.exec(state.Arguments?.FunctionName ?? '')?.[1];
      const spec = functionTable.find((candidate) => candidate.name === name);
      for (const line of lostLines) {
        const retrier = state.Retry?.find(({ ErrorEquals }) => ErrorEquals.includes(line));
        expect(retrier?.IntervalSeconds).toBeGreaterThan(spec?.timeoutSeconds ?? Number.POSITIVE_INFINITY);
      }
    },
  );

  test.each(named(steps))('%s hands a token over exactly when it waits for one', (_name, state) => {
    const waits = state.Resource === 'arn:aws:states:::lambda:invoke.waitForTaskToken';
    expect(state.Arguments?.Payload?.includes('$states.context.Task.Token')).toBe(waits);
  });
});

describe('the tables of steps', () => {
  test('hold nothing that no machine calls', () => {
    const called = steps.map(({ state }) => stepOf(state));
    for (const table of Object.values(tables)) expect(called).toEqual(expect.arrayContaining([...namesOf(table)]));
  });
});

describe('the errors that the machines name', () => {
  test('are ends of steps, or of the States Language itself', () => {
    const ofWaits = ['TaskStopped', 'LostControllers', 'CanaryFailed'];
    const ends = ['Superseded', 'VerdictTooOld', 'LeavesHost', 'Deactivated', 'Paused', ...ofWaits];
    const looks = ['HostOutOfTouch'];
    const ours = ['NotReady', 'LookAgain', ...ends, ...looks];
    const lambdaErrors = ['Lambda.AWSLambdaException', 'Lambda.TooManyRequestsException'];
    const language = ['States.ALL', 'States.Timeout', 'States.TaskFailed', ...lambdaErrors, ...lostLines];
    const handlers = states.flatMap(({ state }) => [...(state.Retry ?? []), ...(state.Catch ?? [])]);
    for (const { ErrorEquals } of handlers) {
      for (const name of ErrorEquals) expect([...ours, ...language]).toContain(name);
    }
  });

  test('leave States.ALL alone and last', () => {
    for (const { state } of states) {
      for (const list of [state.Retry ?? [], state.Catch ?? []]) {
        const position = list.findIndex(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'));
        if (position >= 0) expect(position).toBe(list.length - 1);
        if (position >= 0) expect(list[position]?.ErrorEquals).toEqual(['States.ALL']);
      }
    }
  });
});

describe('a phase of an update', () => {
  const pass = states.find(({ name }) => name === 'Pass idle nodes')?.state;
  const steps = ['a', 'b', 'c'].map((stepId) => ({ nodeId: 0, stepId, executionName: `run-${stepId}` }));
  const input = { name: 'controller', concurrency: 0, steps };

  test.each([
    ['all that are not through', ['b'], ['a', 'c']],
    ['the only one that is not', ['a', 'c'], ['b']],
    ['all, when none is through', [], ['a', 'b', 'c']],
    ['none, when all are', ['c', 'b', 'a'], []],
  ])('goes on with %s', async (_which, through, left) => {
    const output = await evaluate(pass?.Output, { states: { input, result: { Payload: { through } } } });
    expect(output).toEqual({ ...input, steps: steps.filter(({ stepId }) => left.includes(stepId)) });
  });

  test('goes on with all when nobody can tell which are through', async () => {
    const caught = pass?.Catch?.[0];
    expect(caught).toMatchObject({ ErrorEquals: ['States.ALL'], Next: 'Nodes of the phase' });
    expect(await evaluate(caught?.Output, { states: { input } })).toEqual(input);
  });
});

describe('a sweep of reconcile', () => {
  test('gives up a service that cannot be looked at before the next sweep begins', () => {
    const sweep = states.filter(({ machine, state }) => machine === 'reconcile' && state.Retry !== undefined);
    const throttled = { ErrorEquals: ['Lambda.TooManyRequestsException'], IntervalSeconds: 2, BackoffRate: 2 };
    for (const { name, state } of sweep) {
      const retriers = state.Retry ?? [];
      // Waits of 1, 2 and 4 s between four tries of a function that may take 15 s.
      expect(retriers.at(-1)).toEqual({
        ErrorEquals: ['States.ALL'],
        IntervalSeconds: 1,
        BackoffRate: 2,
        MaxAttempts: 3,
      });
      // Without the list there is no sweep at all: a crowded Lambda gets two minutes more. An agent gets a moment to come back.
      const moment = { ErrorEquals: ['NotReady'], IntervalSeconds: 61, BackoffRate: 1, MaxAttempts: 3 };
      const before: Readonly<Record<string, readonly object[]>> = {
        'List services': [moment, { ...throttled, MaxAttempts: 6 }],
        // It goes on at once with what asks more.
        'Look at hosts': [{ ErrorEquals: ['HostOutOfTouch'], MaxAttempts: 0 }],
      };
      expect(retriers.slice(0, -1)).toEqual(before[name] ?? []);
    }
  });
});

/** A machine and the processors of its maps. */
function parts(machine: States): readonly States[] {
  const processors = Object.values(machine.States).flatMap(({ ItemProcessor }) => ItemProcessor ?? []);
  return [machine, ...processors.flatMap(parts)];
}

function reached(part: States, from: string, before: ReadonlySet<string> = new Set()): ReadonlySet<string> {
  if (before.has(from)) return before;
  const state = part.States[from];
  const next = [
    state?.Next,
    state?.Default,
    ...(state?.Choices ?? []).map(({ Next }) => Next),
    ...(state?.Catch ?? []).map(({ Next }) => Next),
  ];
  return next
    .filter((name) => name !== undefined)
    .reduce<ReadonlySet<string>>((found, name) => reached(part, name, found), new Set([...before, from]));
}
