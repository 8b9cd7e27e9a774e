import type { TaskState } from './definition.ts';
import { stopChildOf } from './end-frame.ts';
import { resourceOf } from './enter-task.ts';
import { type Frame, frameOfToken, type Outcome, type TaskPhase } from './execution-state.ts';
import { checkPayload, type Failure } from './failure.ts';
import type { Json } from './json.ts';
import { exitBy, parked, type StateResult } from './state-result.ts';
import { recordTaskFailed, recordTaskSubmitted, recordTaskSucceeded } from './task-events.ts';
import type { Turn } from './turn.ts';

/** The call of a task was answered: the task is done, or goes on to wait for its token or child. @throws StateFailure */
export function answerCall(turn: Turn, frame: Frame, output: Json): StateResult {
  const { state, phase } = taskOf(turn, frame);
  const resource = resourceOf(state);
  if (resource.pattern === 'request') return succeed(turn, frame, output);
  if (phase.submitted) return parked;
  const submitted = recordTaskSubmitted(turn, frame, { resource, output });
  turn.put({ ...submitted, phase: { ...phase, submitted: true } });
  return parked;
}

/** The call of a task failed. After it was answered once, a failure comes too late. */
export function failCall(turn: Turn, frame: Frame, failure: Failure): StateResult {
  const { phase } = taskOf(turn, frame);
  return phase.submitted ? parked : fail(turn, frame, failure);
}

/** What a task waited for has ended: its token was settled, or its child closed. @throws StateFailure */
export function settleTask(turn: Turn, frame: Frame, outcome: Outcome): StateResult {
  return outcome.type === 'succeeded' ? succeed(turn, frame, outcome.output) : fail(turn, frame, outcome.failure);
}

/** A task's deadline or heartbeat passed. */
export function endTimedOutTask(
  turn: Turn,
  frame: Frame,
  error: 'States.Timeout' | 'States.HeartbeatTimeout',
): StateResult {
  stopChildOf(turn, frame);
  return fail(turn, frame, { error, cause: '' });
}

/** A heartbeat came: the next one has its full time again. */
export function beatToken(turn: Turn, nonce: string): void {
  const frame = frameOfToken(turn.state, nonce);
  if (frame?.phase.type !== 'task' || frame.phase.heartbeat === undefined) return;
  const { everyMs } = frame.phase.heartbeat;
  turn.put({ ...frame, phase: { ...frame.phase, heartbeat: { everyMs, dueAt: turn.nowMs + everyMs } } });
}

function succeed(turn: Turn, frame: Frame, output: Json): StateResult {
  const { state } = taskOf(turn, frame);
  checkPayload(output, `The result of '${frame.state}'`);
  recordTaskSucceeded(turn, frame, { resource: resourceOf(state), output });
  return { type: 'done', frameId: frame.id, exit: exitBy(state, output, { result: output }) };
}

function fail(turn: Turn, frame: Frame, failure: Failure): StateResult {
  const { state } = taskOf(turn, frame);
  recordTaskFailed(turn, frame, { resource: resourceOf(state), failure });
  return { type: 'failed', frameId: frame.id, failure };
}

function taskOf(turn: Turn, frame: Frame): { state: TaskState; phase: TaskPhase } {
  const state = turn.stateOf(frame);
  if (state.Type !== 'Task' || frame.phase.type !== 'task') throw new Error(`The frame '${frame.id}' runs no task.`);
  return { state, phase: frame.phase };
}
