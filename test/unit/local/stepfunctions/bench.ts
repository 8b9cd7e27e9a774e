import type { CallActivity } from '../../../../local/stepfunctions/interpreter/activities.ts';
import { beginExecution } from '../../../../local/stepfunctions/interpreter/advance.ts';
import { ExecutionRunner } from '../../../../local/stepfunctions/interpreter/execution-runner.ts';
import type { ExecutionState, Outcome } from '../../../../local/stepfunctions/interpreter/execution-state.ts';
import type { HistoryEvent } from '../../../../local/stepfunctions/interpreter/history-event.ts';
import { isJsonObject, type Json } from '../../../../local/stepfunctions/interpreter/json.ts';
import { parseDefinition } from '../../../../local/stepfunctions/interpreter/parse-definition.ts';
import { createHandClock, type HandClock } from './hand-clock.ts';

/** 2026-01-01T00:00:00Z: every bench begins then. */
export const startMs = Date.UTC(2026, 0, 1);

export const invoke = 'arn:aws:states:::lambda:invoke';

/** A call that a test answers by hand. */
interface PendingCall {
  readonly call: CallActivity;
  readonly answer: (outcome: Outcome) => void;
}

/** One execution on a hand-moved clock, without a service around it. */
export interface Bench {
  readonly clock: HandClock;
  readonly runner: ExecutionRunner;
  readonly events: HistoryEvent[];
  readonly calls: PendingCall[];
  readonly stoppedChildren: string[];
  readonly defects: unknown[];
  /** Resolves with the state once it is as wanted. */
  readonly until: (wanted: (state: ExecutionState) => boolean) => Promise<ExecutionState>;
  /** Resolves with the state once the execution has closed. */
  readonly closed: () => Promise<ExecutionState>;
  readonly types: () => string[];
  /** The details of the first event of a type. */
  readonly details: (type: string) => Readonly<Record<string, Json>> | undefined;
}

/** What answers calls at once; undefined leaves the call to the test. */
export type Answerer = (parameters: { readonly [key: string]: Json }, call: CallActivity) => Outcome | undefined;

export interface BenchOptions {
  readonly input?: Json;
  readonly answer?: Answerer;
  readonly child?: (childArn: string) => Promise<Outcome>;
  readonly random?: () => number;
}

/** Gives back the payload of `lambda:invoke`. */
export const echo: Answerer = (parameters) => succeeded({ Payload: parameters['Payload'] ?? null });

export function succeeded(output: Json): Outcome {
  return { type: 'succeeded', output };
}

export function failed(error: string, cause = ''): Outcome {
  return { type: 'failed', failure: { error, cause } };
}

/** Runs `states` from the first one on. */
export function runStates(states: Readonly<Record<string, object>>, options: BenchOptions = {}): Bench {
  return run({ StartAt: Object.keys(states)[0], States: states }, options);
}

export function run(definition: object, options: BenchOptions = {}): Bench {
  const parsed = parseDefinition(JSON.stringify({ QueryLanguage: 'JSONata', ...definition }));
  if (parsed.type === 'invalid') throw new Error(JSON.stringify(parsed.diagnostics));
  const { machine } = parsed;
  const identity = {
    executionArn: 'arn:aws:states:us-east-1:000000000000:execution:roll:run-1',
    name: 'run-1',
    stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:roll',
    stateMachineName: 'roll',
    roleArn: 'arn:aws:iam::000000000000:role/roll',
    region: 'us-east-1',
    input: options.input ?? {},
    startedAt: startMs,
  };
  const clock = createHandClock(startMs);
  const waiters = new Set<() => void>();
  let uuids = 0;
  const uuid = () => {
    uuids += 1;
    return `uuid-${uuids}`;
  };
  const random = options.random ?? (() => 0.5);
  const first = beginExecution({ machine, identity, sources: { nowMs: startMs, random, uuid } });
  const events = [...first.events];
  const calls: PendingCall[] = [];
  const stoppedChildren: string[] = [];
  const defects: unknown[] = [];
  const runner: ExecutionRunner = new ExecutionRunner(
    { machine, identity, state: first.state },
    {
      clock,
      random,
      uuid,
      record: (_before, transition) => {
        events.push(...transition.events);
        // The runner takes over the state after this: waiters look then.
        queueMicrotask(() => {
          for (const look of waiters) look();
        });
      },
      call: async (call) => {
        const parameters = isJsonObject(call.arguments) ? call.arguments : {};
        const outcome = options.answer?.(parameters, call);
        if (outcome !== undefined) return outcome;
        const { promise, resolve } = Promise.withResolvers<Outcome>();
        calls.push({ call, answer: resolve });
        return promise;
      },
      awaitChild: async (childArn) => options.child?.(childArn) ?? new Promise<Outcome>(() => undefined),
      stopChild: async (childArn) => void stoppedChildren.push(childArn),
      announce: () => undefined,
      finished: () => undefined,
      defect: (error) => void defects.push(error),
    },
  );
  const until = (wanted: (state: ExecutionState) => boolean): Promise<ExecutionState> =>
    new Promise((resolve) => {
      const look = () => {
        if (!wanted(runner.state)) return;
        waiters.delete(look);
        resolve(runner.state);
      };
      waiters.add(look);
      look();
    });
  runner.start();
  return {
    clock,
    runner,
    events,
    calls,
    stoppedChildren,
    defects,
    until,
    closed: () => until(({ status }) => status !== 'RUNNING'),
    types: () => events.map(({ type }) => type),
    details: (type) => events.find((event) => event.type === type)?.details?.value,
  };
}

/** Whether some frame waits in this phase. */
export function inPhase(type: string): (state: ExecutionState) => boolean {
  return (state) => Object.values(state.frames).some(({ phase }) => phase.type === type);
}

/** Whether a task's call was answered and the task waits on. */
export function isSubmitted(state: ExecutionState): boolean {
  return Object.values(state.frames).some(({ phase }) => phase.type === 'task' && phase.submitted);
}

/** The token of the task that waits. */
export function openToken(state: ExecutionState): { text: string; nonce: string } {
  const tokens = Object.values(state.frames).flatMap(({ phase }) =>
    phase.type === 'task' && phase.token !== undefined ? [phase.token] : [],
  );
  const [token] = tokens;
  if (token === undefined) throw new Error('no task waits with a token');
  return token;
}
