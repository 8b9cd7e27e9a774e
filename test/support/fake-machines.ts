import type { EndedExecution } from '../../lib/operations/on-execution-ended.ts';
import type { Machine, PlanRunner } from '../../lib/ports/plan-runner.ts';
import type { HandClock } from './hand-clock.ts';
import { evaluate, machines, type Retrier, readMachine, type State, type States } from './state-machines.ts';

/** Calls the function that a placeholder of a machine stands for, for example `${StepsAws}`. */
export type Invoke = (functionName: string, payload: unknown) => Promise<unknown>;

/** An execution and how it stands. */
export interface FakeExecution {
  readonly arn: string;
  readonly name: string;
  readonly machine: Machine;
  readonly input: Readonly<Record<string, unknown>>;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  endedAt?: number;
  error?: string;
  output?: unknown;
  /** Names of the states that it entered, in order. */
  readonly path: string[];
  /** Resolves when it has ended, however it did. */
  readonly over: Promise<void>;
  readonly end: () => void;
}

export interface FakeMachines extends PlanRunner {
  list(): readonly FakeExecution[];
  /** Ends an execution from outside, and the one that it waits for. */
  abort(arn: string): void;
  /** Ends the next execution that enters this state, before its function is called. */
  abortAt(state: string): void;
  /** Tokens that somebody waits with. */
  openTokens(): readonly string[];
}

interface Waiter {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The rest of an aborted execution never happens. */
class Aborted extends Error {}

/** An error with a name that ASL matches. */
class StateError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** Step Functions in memory: walks the real definitions with their retries, catches, tokens and child executions. */
export function createFakeMachines(options: {
  readonly clock: HandClock;
  readonly invoke: Invoke;
  readonly onEnd: (ended: EndedExecution) => void;
}): FakeMachines {
  const { clock, invoke, onEnd } = options;
  const definitions = new Map(machines.map((machine) => [machine, readMachine(machine)]));
  const executions = new Map<string, FakeExecution>();
  const waiters = new Map<string, Waiter>();
  const deadly = new Set<string>();
  let tokens = 0;
  const arnOf = (machine: Machine, name: string) =>
    `arn:aws:states:eu-west-1:111122223333:execution:warden-${machine}:${name}`;

  const walk = async (execution: FakeExecution, states: States, itemInput: unknown): Promise<unknown> => {
    const variables: Record<string, unknown> = {};
    let input = itemInput;
    for (let name: string | undefined = states.StartAt; name !== undefined; ) {
      const state: State | undefined = states.States[name];
      if (state === undefined) throw new Error(`${execution.machine} has no state ${name}`);
      execution.path.push(name);
      if (deadly.delete(name)) conclude(execution, 'ABORTED', 'aborted');
      goesOn(execution);
      const scope = { execution, variables, input, nowMs: clock.clock() };
      const left = await leave(state, scope);
      input = left.output;
      name = left.next;
    }
    return input;
  };

  const leave = async (
    state: State,
    scope: Scope,
  ): Promise<{ readonly next: string | undefined; readonly output: unknown }> => {
    switch (state.Type) {
      case 'Succeed':
        return { next: undefined, output: scope.input };
      case 'Choice': {
        for (const { Condition, Next } of state.Choices ?? []) {
          if ((await evaluate(Condition, bindings(scope))) === true) return { next: Next, output: scope.input };
        }
        return { next: state.Default, output: scope.input };
      }
      case 'Map':
      case 'Task':
        return retrying(state, scope);
    }
  };

  const retrying = async (
    state: State,
    scope: Scope,
  ): Promise<{ readonly next: string | undefined; readonly output: unknown }> => {
    const tries = new Map<Retrier, number>();
    for (;;) {
      try {
        const result = state.Type === 'Map' ? await runMap(state, scope) : await runTask(state, scope);
        for (const [name, value] of Object.entries(state.Assign ?? {})) {
          scope.variables[name] = await evaluate(value, bindings(scope, { result }));
        }
        const output = state.Output === undefined ? result : await evaluate(state.Output, bindings(scope, { result }));
        return { next: state.Next, output };
      } catch (error) {
        if (!(error instanceof Error) || error instanceof Aborted) throw error;
        const retrier = state.Retry?.find(({ ErrorEquals }) => matches(ErrorEquals, error.name));
        const done = retrier === undefined ? 0 : (tries.get(retrier) ?? 0);
        if (retrier !== undefined && done < (retrier.MaxAttempts ?? 3)) {
          tries.set(retrier, done + 1);
          await clock.pause(retryDelayMs(retrier, done));
          goesOn(scope.execution);
          continue;
        }
        const caught = state.Catch?.find(({ ErrorEquals }) => matches(ErrorEquals, error.name));
        if (caught === undefined) throw error;
        const told = { Error: error.name, Cause: error.message };
        const output = caught.Output === undefined ? told : await evaluate(caught.Output, bindings(scope));
        return { next: caught.Next, output };
      }
    }
  };

  const runMap = async (state: State, scope: Scope): Promise<unknown> => {
    const items = (await evaluate(state.Items, bindings(scope))) as readonly unknown[];
    const processor = state.ItemProcessor;
    if (processor === undefined) throw new Error('a map has a processor');
    const { MaxConcurrency: wanted } = state;
    const atOnce = typeof wanted === 'string' ? await evaluate(wanted, { ...bindings(scope) }) : wanted;
    if (atOnce !== 1) return Promise.all(items.map((item) => walk(scope.execution, processor, item)));
    const outputs: unknown[] = [];
    for (const item of items) outputs.push(await walk(scope.execution, processor, item));
    return outputs;
  };

  const runTask = async (state: State, scope: Scope): Promise<unknown> => {
    const token = `token-${++tokens}`;
    const fields = await evaluate(state.Arguments, bindings(scope, { token }));
    const { FunctionName, Payload, Name, Input } = fields as NonNullable<State['Arguments']>;
    goesOn(scope.execution);
    if (state.Resource?.includes('startExecution.sync:2') === true) {
      return runChild(scope.execution, String(Name), Input ?? {});
    }
    const isAnswered = state.Resource?.endsWith('.waitForTaskToken') === true;
    const timeout = Number((await evaluate(state.TimeoutSeconds, bindings(scope))) ?? 0);
    const answered = isAnswered ? waitFor(token, timeout) : undefined;
    const invoked = invoke(String(FunctionName), Payload);
    // An answer ends the state while its function may still run; a function that fails ends it without an answer.
    for (const promise of [answered, invoked]) promise?.catch(() => undefined);
    try {
      if (answered === undefined) return { Payload: await invoked };
      return await Promise.race([answered, invoked.then(() => answered)]);
    } finally {
      waiters.delete(token);
      goesOn(scope.execution);
    }
  };

  const waitFor = (token: string, timeoutSeconds: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiters.set(token, { resolve, reject });
      clock.after(timeoutSeconds * 1000, () => reject(new StateError('States.Timeout', 'nobody answered')));
    });

  const runChild = async (parent: FakeExecution, name: string, input: Readonly<Record<string, unknown>>) => {
    const arn = begin('broker', name, input);
    const child = executions.get(arn);
    await child?.over;
    goesOn(parent);
    if (child?.status !== 'SUCCEEDED')
      throw new StateError('States.TaskFailed', `${name} ${child?.status ?? 'is lost'}`);
    return { Status: child.status, Output: child.output };
  };

  const begin = (machine: Machine, name: string, input: Readonly<Record<string, unknown>>): string => {
    const arn = arnOf(machine, name);
    const definition = definitions.get(machine);
    if (executions.has(arn) || definition === undefined) return arn;
    if (name.length > 80 || !/^[A-Za-z0-9_-]+$/.test(name)) throw new Error(`InvalidName: ${name}`);
    const plain = JSON.parse(JSON.stringify(input)) as Readonly<Record<string, unknown>>;
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    const execution: FakeExecution = { arn, name, machine, input: plain, status: 'RUNNING', path: [], over, end };
    executions.set(arn, execution);
    walk(execution, definition, plain).then(
      (output) => {
        execution.output = output;
        conclude(execution, 'SUCCEEDED');
      },
      (error: unknown) => conclude(execution, 'FAILED', String(error)),
    );
    return arn;
  };

  const conclude = (execution: FakeExecution, status: FakeExecution['status'], error?: string) => {
    if (execution.status !== 'RUNNING') return;
    execution.status = status;
    execution.endedAt = clock.clock();
    execution.end();
    if (error !== undefined) execution.error = error;
    const { name, input, endedAt } = execution;
    const service = input['service'];
    if (typeof service !== 'string') return;
    onEnd({ name, service, endedAt, succeeded: status === 'SUCCEEDED', ...(error === undefined ? {} : { error }) });
  };

  return {
    arnOf,
    abortAt: (state) => deadly.add(state),
    list: () => [...executions.values()],
    openTokens: () => [...waiters.keys()],
    start: async (machine, name, input) => begin(machine, name, input),
    async status(arn) {
      const execution = executions.get(arn);
      if (execution === undefined) return { type: 'unknown' };
      if (execution.endedAt === undefined) return { type: 'running' };
      return { type: 'ended', succeeded: execution.status === 'SUCCEEDED', endedAt: execution.endedAt };
    },
    async answer(token, answer) {
      const waiter = waiters.get(token);
      if (waiter === undefined) return false;
      waiters.delete(token);
      if (answer.type === 'done') waiter.resolve(JSON.parse(JSON.stringify(answer.output)));
      else waiter.reject(new StateError(answer.type === 'failed' ? answer.error : 'LookAgain', answer.cause));
      return true;
    },
    abort(arn) {
      const execution = executions.get(arn);
      if (execution !== undefined) conclude(execution, 'ABORTED', 'aborted');
    },
  };
}

interface Scope {
  readonly execution: FakeExecution;
  readonly variables: Record<string, unknown>;
  readonly input: unknown;
  /** What `$millis()` answers. */
  readonly nowMs: number;
}

function bindings(
  { execution, variables, input, nowMs }: Scope,
  more: { readonly token?: string; readonly result?: unknown } = {},
) {
  const context = {
    Execution: { Id: execution.arn, Name: execution.name, Input: execution.input },
    State: { EnteredTime: new Date(nowMs).toISOString() },
    Task: { Token: more.token },
  };
  return { ...variables, millis: () => nowMs, states: { input, context, result: more.result } };
}

/** `States.TaskFailed` stands for every error of a task but its timeout. */
function matches(names: readonly string[], error: string): boolean {
  return names.some(
    (name) => name === error || name === 'States.ALL' || (name === 'States.TaskFailed' && error !== 'States.Timeout'),
  );
}

function retryDelayMs(
  { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = 31_622_400 }: Retrier,
  done: number,
): number {
  return Math.min(IntervalSeconds * BackoffRate ** done, MaxDelaySeconds) * 1000;
}

function goesOn(execution: FakeExecution): void {
  if (execution.status !== 'RUNNING') throw new Aborted(`${execution.name} is aborted`);
}
