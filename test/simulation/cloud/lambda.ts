import type { Random, SimulatedClock } from '../contract.ts';
import type { Faults } from '../faults/faults.ts';
import { jsonCopy } from '../kernel/json-copy.ts';
import type { Story } from '../kernel/story.ts';
import type { Invocation } from './invocation.ts';

/** A function as Lambda runs it. */
export interface SimulatedFunction {
  readonly name: string;
  readonly timeoutMs: number;
  /** How often an asynchronous invocation that failed is tried again. */
  readonly retryAttempts: number;
  /** Joins handler and ports anew for each invocation, so that nothing of a dead one lives on. */
  readonly create: (invocation: Invocation) => (event: unknown) => Promise<unknown>;
}

/** How an invocation ended, as its caller sees it. */
export type InvokeOutcome =
  | { readonly type: 'returned'; readonly payload: unknown }
  | { readonly type: 'failed'; readonly errorType: string; readonly errorMessage: string };

export interface Lambda {
  /** `onStart` learns which invocation it became. */
  invoke(functionName: string, event: unknown, onStart?: (invocation: Invocation) => void): Promise<InvokeOutcome>;
  /** At least once: an error is followed by further tries, then the event is in the queue of failures. */
  invokeLater(functionName: string, event: unknown): void;
  /** Events that no try got over. */
  readonly failures: readonly { readonly functionName: string; readonly error: string; readonly event: unknown }[];
}

const shortestStartMs = 3;
const startSpreadMs = 60;
/** Source: Lambda developer guide, asynchronous invocation: a minute before the first retry, two before the second. */
const retryDelayMs = 60_000;

/** Runs functions by their real handlers, each invocation on its own, with its timeout. */
export function createLambda(world: {
  readonly clock: SimulatedClock;
  readonly random: Random;
  readonly faults: Faults;
  readonly story: Story;
  readonly functions: readonly SimulatedFunction[];
  /** Takes the record of an event that no try got over, as its destination would. */
  readonly onFailure?: (record: object) => void;
}): Lambda {
  const { clock, random, faults, story } = world;
  const functions = new Map(world.functions.map((spec) => [spec.name, spec]));
  const failures: { functionName: string; error: string; event: unknown }[] = [];
  let invocations = 0;

  const invoke: Lambda['invoke'] = async (functionName, event, onStart = () => undefined) => {
    const spec = functions.get(functionName);
    if (spec === undefined) throw new Error(`the simulation joins no function ${functionName}`);
    const id = ++invocations;
    await new Promise<void>((resolve) => {
      clock.after(shortestStartMs + random.below(startSpreadMs), `start of ${functionName}#${id}`, resolve);
    });
    const outcome = await runOnce(spec, { id, event, skewMs: faults.skewMs(), clock, onStart });
    story.tell(`${functionName}#${id} ends: ${describeOutcome(outcome)}`);
    return outcome;
  };

  const invokeLater: Lambda['invokeLater'] = (functionName, event) => {
    const attempt = async (tried: number): Promise<void> => {
      const outcome = await invoke(functionName, event);
      if (outcome.type === 'returned') return;
      const most = functions.get(functionName)?.retryAttempts ?? 0;
      if (tried < most) clock.after(retryDelayMs * (tried + 1), `retry of ${functionName}`, () => start(tried + 1));
      else {
        failures.push({ functionName, error: `${outcome.errorType}: ${outcome.errorMessage}`, event });
        const { errorType, errorMessage } = outcome;
        const requestContext = { condition: 'RetriesExhausted', approximateInvokeCount: tried + 1 };
        world.onFailure?.({ requestContext, requestPayload: event, responsePayload: { errorType, errorMessage } });
      }
    };
    const start = (tried: number) => {
      attempt(tried).catch((error: unknown) => {
        // Only a defect of the simulation itself comes here.
        failures.push({ functionName, error: `defect: ${String(error)}`, event });
      });
    };
    start(0);
  };
  return { invoke, invokeLater, failures };
}

interface Run {
  readonly id: number;
  readonly event: unknown;
  readonly skewMs: number;
  readonly clock: SimulatedClock;
  readonly onStart: (invocation: Invocation) => void;
}

/** Ends by the handler's answer, by its error, by the timeout, or by the process's death, whichever comes first. */
function runOnce(spec: SimulatedFunction, { id, event, skewMs, clock, onStart }: Run): Promise<InvokeOutcome> {
  return new Promise((resolve) => {
    let isAlive = true;
    const end = (outcome: InvokeOutcome) => {
      if (!isAlive) return;
      isAlive = false;
      timeout.cancel();
      resolve(outcome);
    };
    // Source: Lambda developer guide, errors of the runtime: what the caller of a dead process gets.
    const timeout = clock.after(spec.timeoutMs, `timeout of ${spec.name}#${id}`, () =>
      end(failed('Sandbox.Timedout', `Task timed out after ${spec.timeoutMs / 1000} seconds`)),
    );
    const invocation: Invocation = {
      id,
      functionName: spec.name,
      event,
      skewMs,
      get isAlive() {
        return isAlive;
      },
      crash: () => end(failed('Runtime.ExitError', 'Runtime exited with error: signal: killed')),
    };
    onStart(invocation);
    // Both ways are values of JSON: a handler that shares an object with its caller would not get away with it on AWS.
    spec
      .create(invocation)(plain(event))
      .then(
        (payload) => end({ type: 'returned', payload: plain(payload) }),
        (error: unknown) => end(failed(errorName(error), error instanceof Error ? error.message : String(error))),
      );
  });
}

function errorName(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}

function failed(errorType: string, errorMessage: string): InvokeOutcome {
  return { type: 'failed', errorType, errorMessage };
}

function plain(value: unknown): unknown {
  return value === undefined ? null : jsonCopy(value);
}

function describeOutcome(outcome: InvokeOutcome): string {
  return outcome.type === 'returned' ? 'returned' : `${outcome.errorType}: ${outcome.errorMessage}`;
}
