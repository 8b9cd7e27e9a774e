import type { ChoiceState, FailState, ParallelState, State, WaitState } from './definition.ts';
import { startMap } from './enter-map.ts';
import { startTask } from './enter-task.ts';
import { evaluateText, evaluateWhole } from './evaluate-field.ts';
import type { Frame } from './execution-state.ts';
import { evaluate } from './expression.ts';
import { checkPayload, StateFailure } from './failure.ts';
import { enteredDetails } from './history-event.ts';
import { startFrame } from './start-frame.ts';
import { exitBy, parked, type StateResult } from './state-result.ts';
import type { Turn } from './turn.ts';

/** Enters a frame's state for the first time of this visit. @throws StateFailure */
export async function enterState(turn: Turn, frame: Frame): Promise<StateResult> {
  const type = `${turn.stateOf(frame).Type}StateEntered`;
  const entered = { ...frame, enteredAt: turn.nowMs };
  return attemptState(turn, turn.recordIn(entered, type, enteredDetails(frame.state, frame.input)));
}

/** Does a state's work up to its first wait; a Retry comes here again. @throws StateFailure */
export async function attemptState(turn: Turn, frame: Frame): Promise<StateResult> {
  const state: State = turn.stateOf(frame);
  switch (state.Type) {
    case 'Task':
      return startTask(turn, frame, state);
    case 'Map':
      return startMap(turn, frame, state);
    case 'Parallel':
      return startParallel(turn, frame, state);
    case 'Wait':
      return startWait(turn, frame, state);
    case 'Choice':
      return choose(turn, frame, state);
    case 'Fail':
      return fail(turn, frame, state);
    case 'Pass':
    case 'Succeed':
      return { type: 'done', frameId: frame.id, exit: exitBy(state, frame.input) };
  }
}

async function choose(turn: Turn, frame: Frame, state: ChoiceState): Promise<StateResult> {
  const scope = turn.scopeOf(frame);
  for (const [index, rule] of state.Choices.entries()) {
    const field = `Choices[${index}]/Condition`;
    const holds = await evaluate(rule.Condition, scope, field);
    if (typeof holds !== 'boolean') {
      const cause = `The field '${field}' gave ${JSON.stringify(holds)}; a Condition must give true or false.`;
      throw new StateFailure('States.QueryEvaluationError', cause, field);
    }
    if (holds) return { type: 'done', frameId: frame.id, exit: exitBy(rule, frame.input) };
  }
  if (state.Default === undefined) {
    throw new StateFailure('States.NoChoiceMatched', `No rule of '${frame.state}' matched, and it has no Default.`);
  }
  return { type: 'done', frameId: frame.id, exit: { ...exitBy(state, frame.input), next: state.Default } };
}

async function startWait(turn: Turn, frame: Frame, state: WaitState): Promise<StateResult> {
  const dueAt =
    state.Timestamp === undefined
      ? turn.nowMs + 1000 * (await evaluateWhole(turn.scopeOf(frame), 'Seconds', state.Seconds ?? 0))
      : await evaluateTimestamp(turn, frame, state.Timestamp);
  turn.put({ ...turn.frame(frame.id), phase: { type: 'waiting', serial: turn.takeSerial(), dueAt } });
  return parked;
}

async function evaluateTimestamp(turn: Turn, frame: Frame, template: string): Promise<number> {
  const text = await evaluateText(turn.scopeOf(frame), 'Timestamp', template);
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  const cause = `The field 'Timestamp' gave '${text}'; a time like 2026-01-31T12:00:00Z is needed.`;
  throw new StateFailure('States.QueryEvaluationError', cause, 'Timestamp');
}

async function fail(turn: Turn, frame: Frame, state: FailState): Promise<never> {
  const scope = turn.scopeOf(frame);
  const error = await evaluateText(scope, 'Error', state.Error ?? '');
  throw new StateFailure(error, await evaluateText(scope, 'Cause', state.Cause ?? ''));
}

async function startParallel(turn: Turn, frame: Frame, state: ParallelState): Promise<StateResult> {
  const { Arguments: template } = state;
  const input = template === undefined ? frame.input : await evaluate(template, turn.scopeOf(frame), 'Arguments');
  checkPayload(input, `The Arguments of '${frame.state}'`);
  const serial = turn.takeSerial();
  const started = turn.recordIn(
    { ...turn.frame(frame.id), phase: { type: 'branching', serial, outputs: {} } },
    'ParallelStateStarted',
  );
  for (const [branch, program] of state.Branches.entries()) {
    startFrame(turn, {
      program: [...frame.program, { state: frame.state, branch }],
      parent: { frameId: frame.id, index: branch },
      state: program.StartAt,
      input,
      previousEventId: started.previousEventId,
    });
  }
  return parked;
}
