import { catchersOf, type Retrier, retriersOf } from './definition.ts';
import type { Frame } from './execution-state.ts';
import { evaluate } from './expression.ts';
import { checkPayload, type Failure, matchesError, StateFailure, variablesLimitBytes } from './failure.ts';
import { untruncated } from './history-event.ts';
import { isJsonObject, type JsonObject, jsonSizeBytes } from './json.ts';
import { type Exit, parked, type StateResult } from './state-result.ts';
import type { Turn } from './turn.ts';

/** Leaves a state: output and variables are computed from the old variables, then the frame goes on. @throws StateFailure */
export async function leaveState(turn: Turn, frameId: string, exit: Exit): Promise<StateResult> {
  const frame = turn.frame(frameId);
  const scope = turn.scopeOf(frame, exit.parts);
  const output = exit.output === undefined ? exit.fallback : await evaluate(exit.output, scope, 'Output');
  checkPayload(output, `The output of '${frame.state}'`);
  const assigned = exit.assign === undefined ? {} : await evaluate(exit.assign, scope, 'Assign');
  if (!isJsonObject(assigned)) throw new Error(`Assign of '${frame.state}' passed the check of the definition.`);
  checkVariables(turn, frame, assigned);
  const left = turn.recordIn(frame, `${turn.stateOf(frame).Type}StateExited`, {
    name: 'stateExitedEventDetails',
    value: {
      name: frame.state,
      output: JSON.stringify(output),
      outputDetails: untruncated,
      ...assignedMembers(assigned),
    },
  });
  if (exit.next === undefined) return { type: 'ended', frameId, output };
  turn.put({
    ...left,
    variables: { ...frame.variables, ...assigned },
    state: exit.next,
    input: output,
    retryCount: 0,
    retriesUsed: {},
    phase: { type: 'ready', serial: turn.takeSerial() },
  });
  return parked;
}

function assignedMembers(assigned: JsonObject): JsonObject {
  const entries = Object.entries(assigned);
  if (entries.length === 0) return {};
  const texts = Object.fromEntries(entries.map(([name, value]) => [name, JSON.stringify(value)]));
  return { assignedVariables: texts, assignedVariablesDetails: untruncated };
}

function checkVariables(turn: Turn, frame: Frame, assigned: JsonObject): void {
  if (Object.keys(assigned).length === 0) return;
  checkPayload(assigned, `What '${frame.state}' assigns`);
  const others = Object.values(turn.state.frames).filter(({ id }) => id !== frame.id);
  const scopes = [...others.map(({ variables }) => variables), { ...frame.variables, ...assigned }];
  const sizeBytes = scopes.reduce((sum, variables) => sum + jsonSizeBytes(variables), 0);
  if (sizeBytes <= variablesLimitBytes) return;
  const cause = `The variables of the execution have ${sizeBytes} bytes; at most ${variablesLimitBytes} are allowed.`;
  throw new StateFailure('States.DataLimitExceeded', cause);
}

/** Finds what follows a state's failure: another attempt, the way through a Catch, or the end of the frame. */
export function handleFailure(turn: Turn, frameId: string, failure: Failure): StateResult {
  const frame = turn.frame(frameId);
  const state = turn.stateOf(frame);
  const retriers = retriersOf(state);
  const index = retriers.findIndex(({ ErrorEquals: names }) => matchesError(names, failure.error));
  const retrier = retriers[index];
  const used = frame.retriesUsed[index] ?? 0;
  if (retrier !== undefined && used < (retrier.MaxAttempts ?? 3)) {
    const dueAt = turn.nowMs + delayMs(retrier, used, turn.circumstances.sources.random);
    turn.put({
      ...frame,
      retryCount: frame.retryCount + 1,
      retriesUsed: { ...frame.retriesUsed, [index]: used + 1 },
      phase: { type: 'retrying', serial: turn.takeSerial(), dueAt },
    });
    return parked;
  }
  const catcher = catchersOf(state).find(({ ErrorEquals: names }) => matchesError(names, failure.error));
  if (catcher === undefined) return { type: 'broken', frameId, failure };
  const errorOutput = { Error: failure.error, Cause: failure.cause };
  const { Output: output, Assign: assign, Next: next } = catcher;
  const exit = { fallback: errorOutput, parts: { errorOutput }, output, assign, next, caught: true };
  return { type: 'done', frameId, exit };
}

/** Source: Amazon States Language, retrying: interval × rate ^ retries so far, capped, then a random part of it. */
function delayMs(retrier: Retrier, used: number, random: () => number): number {
  const growing = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** used;
  const seconds = Math.min(growing, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY, 99_999_999);
  return Math.round(1000 * seconds * (retrier.JitterStrategy === 'FULL' ? random() : 1));
}
