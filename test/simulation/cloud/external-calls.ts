import type { Random, SimulatedClock } from '../contract.ts';
import type { CallFault, Faults } from '../faults/faults.ts';
import type { Story } from '../kernel/story.ts';
import { type Invocation, never } from './invocation.ts';

/** A call as a client makes it. */
export interface ExternalCall<Result> {
  readonly invocation: Invocation;
  readonly service: string;
  readonly operation: string;
  /** What the story says of the input. */
  readonly about: string;
  /** Has its effect at one instant. */
  readonly perform: () => Result | Promise<Result>;
  /** The errors of this service for what goes wrong on the way. */
  readonly errors: CallErrors;
  /** How often the client tries: the SDK's standard mode three times, Kafka's client once. */
  readonly attempts: number;
}

/** What a caller meets. */
export interface CallErrors {
  readonly throttled: () => Error;
  readonly serverError: () => Error;
  /** No answer within the client's patience. */
  readonly lost: () => Error;
  /** Whether the client itself tries again after this error of the service. */
  readonly isPassing: (error: unknown) => boolean;
}

/** A call that left a function, or was to leave it when its process died. */
export interface MadeCall {
  readonly functionName: string;
  readonly invocationId: number;
  /** Service, operation and the telling part of the input. */
  readonly words: string;
}

/** Every call that leaves a function: it takes time, and anything may happen to it. */
export interface ExternalCalls {
  make<Result>(call: ExternalCall<Result>): Promise<Result>;
  /** The calls so far. */
  readonly made: readonly MadeCall[];
}

const shortestLegMs = 2;
const legSpreadMs = 12;
const longestSlowMs = 12_000;
/** How long a client waits for an answer that does not come. */
const patienceMs = 3_000;
/** Source: AWS SDKs reference guide, standard retry mode: a random part of this, doubled each time. */
const backoffMs = 100;

export function createExternalCalls(world: {
  readonly clock: SimulatedClock;
  readonly random: Random;
  readonly faults: Faults;
  readonly story: Story;
}): ExternalCalls {
  const { clock, random, faults, story } = world;
  const made: MadeCall[] = [];
  const wait = (ms: number, what: string) => new Promise<void>((resolve) => clock.after(ms, what, resolve));
  const leg = () => shortestLegMs + random.below(legSpreadMs);

  const attempt = async <Result>(call: ExternalCall<Result>, fault: CallFault | 'none', name: string) => {
    await wait(fault === 'slow' ? random.below(longestSlowMs) : leg(), name);
    if (fault === 'throttled') throw call.errors.throttled();
    if (fault === 'server error') throw call.errors.serverError();
    if (fault === 'request lost') {
      await wait(patienceMs, `${name} without an answer`);
      throw call.errors.lost();
    }
    // What is on its way arrives, even when the caller has died meanwhile.
    const answer = await call.perform();
    if (fault === 'crash after') call.invocation.crash();
    await wait(fault === 'slow answer' ? random.below(longestSlowMs) : leg(), `answer of ${name}`);
    if (fault === 'response lost') {
      await wait(patienceMs, `${name} without an answer`);
      throw call.errors.lost();
    }
    return answer;
  };

  const attemptAndTell = async <Result>(call: ExternalCall<Result>): Promise<Result> => {
    const { invocation, service, operation, about } = call;
    const site = { number: made.length, service, operation, functionName: invocation.functionName };
    const words = `${service}.${operation} ${about}`;
    made.push({ functionName: site.functionName, invocationId: invocation.id, words });
    const fault = faults.ofCall(site);
    const name = `${invocation.functionName}#${invocation.id} ${words}`;
    if (fault !== 'none') story.tell(`FAULT ${fault}: call ${site.number}, ${name}`);
    if (fault === 'crash before') {
      invocation.crash();
      return never();
    }
    try {
      const answer = await attempt(call, fault, name);
      story.tell(`${name}: ok`);
      return answer;
    } catch (error) {
      story.tell(`${name}: ${describe(error)}`);
      throw error;
    }
  };

  return {
    made,
    async make(call) {
      for (let tried = 1; ; tried++) {
        if (!call.invocation.isAlive) return never();
        try {
          const answer = await attemptAndTell(call);
          return call.invocation.isAlive ? answer : never();
        } catch (error) {
          if (!call.invocation.isAlive) return never();
          if (tried >= call.attempts || !call.errors.isPassing(error)) throw error;
          await wait(random.below(backoffMs * 2 ** (tried - 1)), `retry of ${call.service}.${call.operation}`);
        }
      }
    },
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
