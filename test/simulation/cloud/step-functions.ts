import type { ExecutionHeader } from '../../../local/stepfunctions/execution-journal.ts';
import { beginExecution } from '../../../local/stepfunctions/interpreter/advance.ts';
import type { Machine } from '../../../local/stepfunctions/interpreter/definition.ts';
import { ExecutionRunner } from '../../../local/stepfunctions/interpreter/execution-runner.ts';
import type { ExecutionStatus, Outcome } from '../../../local/stepfunctions/interpreter/execution-state.ts';
import { type Json, parseJson } from '../../../local/stepfunctions/interpreter/json.ts';
import { parseDefinition } from '../../../local/stepfunctions/interpreter/parse-definition.ts';
import { decodeTaskToken } from '../../../local/stepfunctions/interpreter/task-token.ts';
import { checkName } from '../../../local/stepfunctions/names.ts';
import { statusEvent } from '../../../local/stepfunctions/status-event.ts';
import {
  type Emit,
  type ModelledService,
  type Random,
  ServiceError,
  type SimulatedClock,
  simulatedPlace,
} from '../contract.ts';
import type { Story } from '../kernel/story.ts';
import type { StackMachine } from './stack.ts';
import { type FunctionCaller, performTask } from './task-call.ts';

/** An execution, for those who look on. */
export interface ExecutionView {
  readonly arn: string;
  readonly name: string;
  /** Without the stack's name: `deploy`. */
  readonly machine: string;
  readonly input: Json;
  readonly status: ExecutionStatus;
  readonly startedAt: number;
  readonly stoppedAt?: number;
  readonly error?: string;
  /** The states that it is in. */
  readonly states: readonly string[];
}

export interface AwaitedToken {
  readonly executionArn: string;
  readonly state: string;
  readonly token: string;
}

export interface StepFunctions extends ModelledService {
  /** As a target of a rule: a name of its own. */
  startByRule(machineArn: string, input: string): void;
  executions(): readonly ExecutionView[];
  /** The tokens that states wait for whose functions have returned. */
  awaitedTokens(): readonly AwaitedToken[];
  /** An operator stops it. */
  abort(executionArn: string): void;
  /** Errors of the interpreter itself. */
  readonly defects: readonly string[];
}

interface Execution {
  readonly header: ExecutionHeader;
  readonly runner: ExecutionRunner;
  readonly closed: PromiseWithResolvers<void>;
}

const { region } = simulatedPlace;

/** Step Functions over the local cloud's interpreter, on virtual time. */
export function createStepFunctions(world: {
  readonly clock: SimulatedClock;
  readonly random: Random;
  readonly story: Story;
  readonly emit: Emit;
  readonly machines: readonly StackMachine[];
  readonly newId: () => string;
  readonly callFunction: FunctionCaller;
}): StepFunctions {
  const { clock, random, story, emit, newId, callFunction } = world;
  const machines = new Map(world.machines.map((machine) => [machine.arn, { ...machine, parsed: parse(machine) }]));
  const executions = new Map<string, Execution>();
  const defects: string[] = [];
  const sources = {
    random: () => random.below(2 ** 32) / 2 ** 32,
    uuid: newId,
  };
  const defect = (error: unknown) => {
    defects.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  };

  const start = (machineArn: string, name: string, input: string): Execution => {
    const machine = machines.get(machineArn);
    if (machine === undefined) throw new ServiceError('StateMachineDoesNotExist', `no machine ${machineArn}`);
    const executionArn = `${machineArn.replace(':stateMachine:', ':execution:')}:${checkName(name)}`;
    const known = executions.get(executionArn);
    if (known !== undefined) {
      if (known.runner.state.status === 'RUNNING' && known.header.input === input) return known;
      throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
    }
    const startedAt = clock.now();
    const header: ExecutionHeader = {
      ...{ executionArn, name, input, startedAt },
      ...{ stateMachineArn: machineArn, stateMachineName: machine.name, roleArn: machine.roleArn },
      ...{ definitionHash: '', revisionId: '', machineUpdatedAt: startedAt },
    };
    const identity = { ...header, region, input: parseJson(input) };
    const begun = beginExecution({ machine: machine.parsed, identity, sources: { ...sources, nowMs: startedAt } });
    const closed = Promise.withResolvers<void>();
    const runner = new ExecutionRunner(
      { machine: machine.parsed, identity, state: begun.state },
      {
        ...sources,
        clock: {
          now: clock.now,
          at: (atMs, callback) => {
            const timer = clock.after(atMs - clock.now(), `timer of ${name}`, callback);
            return () => timer.cancel();
          },
        },
        record: (before, { state }) => {
          if (before.status === state.status) return;
          story.tell(`execution ${machine.name} ${name} ${state.status} ${state.error ?? ''}`);
          closed.resolve();
        },
        call: (call) => performTask(call, { startChild: start, callFunction }),
        awaitChild: async (childArn) => {
          await executions.get(childArn)?.closed.promise;
          return childOutcome(executions.get(childArn));
        },
        stopChild: async (childArn) => {
          await executions.get(childArn)?.runner.deliver({ type: 'stopped' });
        },
        announce: (status, state) => emit(statusEvent(header, status, state)),
        finished: () => undefined,
        defect,
      },
    );
    const execution = { header, runner, closed };
    executions.set(executionArn, execution);
    story.tell(`execution ${machine.name} ${name} starts`);
    runner.start();
    return execution;
  };

  const settle = async (taskToken: string, outcome: Outcome): Promise<object> => {
    const token = decodeTaskToken(taskToken);
    if (token === undefined) throw new ServiceError('InvalidToken', "Invalid Token: 'Invalid token'");
    const execution = executions.get(token.executionArn);
    if (execution === undefined) throw new ServiceError('TaskDoesNotExist', 'Task Does Not Exist');
    const isTaken = await execution.runner.deliver({ type: 'tokenSettled', nonce: token.nonce, outcome });
    if (!isTaken) throw new ServiceError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
    return {};
  };

  const operations: Readonly<Record<string, (input: Readonly<Record<string, string>>) => unknown>> = {
    StartExecution: ({ stateMachineArn = '', name = newId(), input = '{}' }) => {
      const { header } = start(stateMachineArn, name, input);
      return { executionArn: header.executionArn, startDate: new Date(header.startedAt) };
    },
    DescribeExecution: ({ executionArn = '' }) => {
      const execution = executions.get(executionArn);
      if (execution === undefined) throw new ServiceError('ExecutionDoesNotExist', `no execution ${executionArn}`);
      return describe(execution);
    },
    StopExecution: async ({ executionArn = '', error, cause }) => {
      const execution = executions.get(executionArn);
      if (execution === undefined) throw new ServiceError('ExecutionDoesNotExist', `no execution ${executionArn}`);
      await execution.runner.deliver({
        type: 'stopped',
        ...(error === undefined ? {} : { error }),
        ...(cause === undefined ? {} : { cause }),
      });
      return {};
    },
    SendTaskSuccess: ({ taskToken = '', output = '' }) =>
      settle(taskToken, { type: 'succeeded', output: parseJson(output) }),
    SendTaskFailure: ({ taskToken = '', error = '', cause = '' }) =>
      settle(taskToken, { type: 'failed', failure: { error, cause } }),
  };

  return {
    defects,
    call(operation, input) {
      const perform = operations[operation];
      if (perform === undefined) throw new Error(`the simulation's Step Functions does not do ${operation}`);
      return perform(Object(input));
    },
    startByRule: (machineArn, input) => void start(machineArn, newId(), input),
    executions: () => [...executions.values()].map(view),
    awaitedTokens: () => [...executions.values()].flatMap(awaitedTokens),
    abort(executionArn) {
      executions.get(executionArn)?.runner.deliver({ type: 'stopped', error: 'Aborted' }).catch(defect);
    },
  };
}

/** Machines by their definitions' text: a process runs many worlds over one stack. */
const parsedMachines = new Map<string, Machine>();

function parse({ name, definition }: StackMachine): Machine {
  const known = parsedMachines.get(definition);
  if (known !== undefined) return known;
  const parsed = parseDefinition(definition);
  if (parsed.type === 'valid') {
    parsedMachines.set(definition, parsed.machine);
    return parsed.machine;
  }
  throw new Error(`the definition of ${name} is not valid: ${JSON.stringify(parsed.diagnostics)}`);
}

function describe({ header, runner }: Execution): object {
  const { status, stoppedAt, output, error, cause } = runner.state;
  const { executionArn, stateMachineArn, name, input, startedAt } = header;
  return {
    ...{ executionArn, stateMachineArn, name, input, status, output, error, cause },
    startDate: new Date(startedAt),
    ...(stoppedAt === undefined ? {} : { stopDate: new Date(stoppedAt) }),
  };
}

/** How a child ended, as its `.sync:2` task sees it. */
function childOutcome(child: Execution | undefined): Outcome {
  if (child === undefined) throw new Error('a child is awaited only after it was started');
  const { status, output } = child.runner.state;
  const result = { ExecutionArn: child.header.executionArn, Name: child.header.name, Status: status };
  if (status !== 'SUCCEEDED') {
    return { type: 'failed', failure: { error: 'States.TaskFailed', cause: JSON.stringify(result) } };
  }
  return { type: 'succeeded', output: { ...result, ...(output === undefined ? {} : { Output: parseJson(output) }) } };
}

function awaitedTokens({ header, runner }: Execution): readonly AwaitedToken[] {
  if (runner.state.status !== 'RUNNING') return [];
  return Object.values(runner.state.frames).flatMap(({ state, phase }) =>
    phase.type === 'task' && phase.submitted && phase.token !== undefined
      ? [{ executionArn: header.executionArn, state, token: phase.token.text }]
      : [],
  );
}

function view({ header, runner }: Execution): ExecutionView {
  const { status, stoppedAt, error, frames } = runner.state;
  return {
    arn: header.executionArn,
    name: header.name,
    machine: header.stateMachineName.replace(/^.*-/, ''),
    input: parseJson(header.input),
    startedAt: header.startedAt,
    status,
    states: Object.values(frames).map(({ state }) => state),
    ...(stoppedAt === undefined ? {} : { stoppedAt }),
    ...(error === undefined ? {} : { error }),
  };
}
