import { abortFrame, breakFrame, closeExecution, endFrame, failAround } from './end-frame.ts';
import { attemptState, enterState } from './enter-state.ts';
import { type ExecutionInput, type ExecutionState, type Frame, frameOfToken } from './execution-state.ts';
import { historyLimit, StateFailure } from './failure.ts';
import { type HistoryEvent, untruncated } from './history-event.ts';
import { handleFailure, leaveState } from './leave-state.ts';
import { startFrame } from './start-frame.ts';
import { exitBy, parked, type StateResult } from './state-result.ts';
import { answerCall, beatToken, endTimedOutTask, failCall, settleTask } from './task-progress.ts';
import { type Circumstances, Turn } from './turn.ts';

/** What an input made of an execution. An input that came too late changes nothing: `state` is the same object. */
export interface Transition {
  readonly state: ExecutionState;
  readonly events: readonly HistoryEvent[];
}

/** The first transition of an execution. */
export function beginExecution(circumstances: Circumstances): Transition {
  const { machine, identity } = circumstances;
  const turn = new Turn(circumstances, {
    status: 'RUNNING',
    lastEventId: 0,
    lastSerial: 0,
    frames: {},
    unannounced: ['RUNNING'],
    childrenToStop: [],
    ...(machine.TimeoutSeconds === undefined ? {} : { deadlineAt: identity.startedAt + 1000 * machine.TimeoutSeconds }),
  });
  turn.record('ExecutionStarted', 0, {
    name: 'executionStartedEventDetails',
    value: { input: JSON.stringify(identity.input), inputDetails: untruncated, roleArn: identity.roleArn },
  });
  // The first state's event names 0 as its predecessor on AWS too.
  startFrame(turn, { program: [], state: machine.StartAt, input: identity.input, previousEventId: 0 });
  return { state: turn.state, events: turn.events };
}

/**
 * Computes one transition of an execution. It reads and writes nothing: the next state depends on the circumstances,
 * the state and the input alone. It is asynchronous only because JSONata is.
 */
export async function advance(
  circumstances: Circumstances,
  state: ExecutionState,
  input: ExecutionInput,
): Promise<Transition> {
  const turn = new Turn(circumstances, state);
  if (input.type === 'statusAnnounced') {
    turn.change({ unannounced: state.unannounced.filter((status) => status !== input.status) });
  } else if (input.type === 'childStopped') {
    turn.change({ childrenToStop: state.childrenToStop.filter((childArn) => childArn !== input.childArn) });
  } else if (state.status === 'RUNNING') {
    await takeInput(turn, input);
  }
  return fitsHistory(turn) ? { state: turn.state, events: turn.events } : endAtHistoryLimit(turn, state);
}

type RunningInput = Exclude<ExecutionInput, { type: 'statusAnnounced' | 'childStopped' }>;

async function takeInput(turn: Turn, input: RunningInput): Promise<void> {
  switch (input.type) {
    case 'stopped':
      return endExecution(turn, { status: 'ABORTED', error: input.error, cause: input.cause });
    case 'executionTimedOut':
      return endExecution(turn, { status: 'TIMED_OUT', error: 'States.Timeout', cause: undefined });
    case 'tokenBeaten':
      return beatToken(turn, input.nonce);
    case 'tokenSettled':
      return settle(turn, frameOfToken(turn.state, input.nonce), (frame) => settleTask(turn, frame, input.outcome));
    case 'continued':
      return settle(turn, frameInPhase(turn, input, 'ready'), (frame) => enterState(turn, frame));
    case 'timerFired':
      return settle(turn, frameOfTimer(turn, input), (frame) => takeTimer(turn, frame, input));
    case 'callAnswered':
      return settle(turn, frameInPhase(turn, input, 'task'), (frame) => answerCall(turn, frame, input.output));
    case 'callFailed':
      return settle(turn, frameInPhase(turn, input, 'task'), (frame) => failCall(turn, frame, input.failure));
    case 'childClosed':
      return settle(turn, frameInPhase(turn, input, 'task'), (frame) => settleTask(turn, frame, input.outcome));
  }
}

function frameInPhase(turn: Turn, input: { frameId: string; serial: number }, phase: string): Frame | undefined {
  const frame = turn.state.frames[input.frameId];
  return frame?.phase.type === phase && frame.phase.serial === input.serial ? frame : undefined;
}

type TimerInput = Extract<ExecutionInput, { type: 'timerFired' }>;

function frameOfTimer(turn: Turn, input: TimerInput): Frame | undefined {
  const frame = turn.state.frames[input.frameId];
  if (frame === undefined || frame.phase.serial !== input.serial) return undefined;
  // A heartbeat moves the deadline on: the timer of the old one is late.
  const { phase } = frame;
  if (input.timer === 'heartbeat' && phase.type === 'task' && phase.heartbeat?.dueAt !== input.dueAt) return undefined;
  return frame;
}

async function takeTimer(turn: Turn, frame: Frame, { timer }: TimerInput): Promise<StateResult> {
  const state = turn.stateOf(frame);
  switch (timer) {
    case 'wait':
      return { type: 'done', frameId: frame.id, exit: exitBy(state.Type === 'Wait' ? state : {}, frame.input) };
    case 'retry':
      return attemptState(turn, frame);
    case 'timeout':
      return endTimedOutTask(turn, frame, 'States.Timeout');
    case 'heartbeat':
      return endTimedOutTask(turn, frame, 'States.HeartbeatTimeout');
  }
}

/** Goes on with a frame, and with those around it, until all wait. */
async function settle(
  turn: Turn,
  frame: Frame | undefined,
  work: (frame: Frame) => Promise<StateResult> | StateResult,
): Promise<void> {
  if (frame === undefined) return;
  let result = await attempt(turn, frame.id, async () => work(frame));
  while (result.type !== 'parked') result = await follow(turn, result);
}

async function follow(turn: Turn, result: StateResult): Promise<StateResult> {
  switch (result.type) {
    case 'parked':
      return parked;
    case 'done': {
      const left = await attempt(turn, result.frameId, () => leaveState(turn, result.frameId, result.exit));
      return left.type === 'failed' && result.exit.caught ? { ...left, type: 'broken' } : left;
    }
    case 'failed':
      failAround(turn, result.frameId);
      return handleFailure(turn, result.frameId, result.failure);
    case 'ended': {
      // What fails here is the Map or Parallel that the ended frame belonged to.
      const parentId = turn.frame(result.frameId).parent?.frameId ?? result.frameId;
      return attempt(turn, parentId, () => endFrame(turn, result.frameId, result.output));
    }
    case 'broken':
      return breakFrame(turn, result.frameId, result.failure);
  }
}

async function attempt(turn: Turn, frameId: string, work: () => Promise<StateResult>): Promise<StateResult> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StateFailure)) throw error;
    const failure = { error: error.error, cause: error.cause };
    if (error.location !== undefined) recordEvaluationFailed(turn, frameId, { ...failure, location: error.location });
    return { type: 'failed', frameId, failure };
  }
}

function recordEvaluationFailed(
  turn: Turn,
  frameId: string,
  details: { error: string; cause: string; location: string },
): void {
  const frame = turn.frame(frameId);
  const value = { ...details, state: frame.state };
  turn.recordIn(frame, 'EvaluationFailed', { name: 'evaluationFailedEventDetails', value });
}

function endExecution(
  turn: Turn,
  closing: { status: 'ABORTED' | 'TIMED_OUT'; error: string | undefined; cause: string | undefined },
): void {
  for (const frame of Object.values(turn.state.frames)) if (frame.parent === undefined) abortFrame(turn, frame);
  closeExecution(turn, closing, turn.state.lastEventId);
}

/** An execution that goes on needs room for one more event. */
function fitsHistory(turn: Turn): boolean {
  const { lastEventId, status } = turn.state;
  return (
    turn.events.length === 0 || lastEventId < historyLimit || (lastEventId === historyLimit && status !== 'RUNNING')
  );
}

/** The history is full: what this transition wanted is dropped, and the last event says that the execution failed. */
function endAtHistoryLimit(turn: Turn, before: ExecutionState): Transition {
  const kept = turn.events.slice(0, historyLimit - 1 - before.lastEventId);
  const frames = Object.values(turn.state.frames);
  const children = frames.flatMap(({ phase }) => (phase.type === 'task' && phase.childArn ? [phase.childArn] : []));
  const lastEventId = before.lastEventId + kept.length;
  const closing = new Turn(turn.circumstances, {
    ...before,
    lastEventId,
    lastSerial: turn.state.lastSerial,
    frames: {},
    childrenToStop: [...turn.state.childrenToStop, ...children],
  });
  const cause = `The execution reached the maximum number of history events (${historyLimit}).`;
  closeExecution(closing, { status: 'FAILED', error: 'States.Runtime', cause }, lastEventId);
  return { state: closing.state, events: [...kept, ...closing.events] };
}
