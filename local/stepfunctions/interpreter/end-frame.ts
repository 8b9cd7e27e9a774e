import { goOnWithMap } from './enter-map.ts';
import type { ExecutionStatus, Frame } from './execution-state.ts';
import { checkPayload, type Failure } from './failure.ts';
import { untruncated } from './history-event.ts';
import type { Json } from './json.ts';
import { exitBy, parked, type StateResult } from './state-result.ts';
import type { Turn } from './turn.ts';

/** A frame left its last state: the Map or Parallel around it goes on, or the execution succeeded. @throws StateFailure */
export async function endFrame(turn: Turn, frameId: string, output: Json): Promise<StateResult> {
  const frame = turn.frame(frameId);
  turn.remove(frameId);
  if (frame.parent === undefined) {
    closeExecution(turn, { status: 'SUCCEEDED', output: JSON.stringify(output) }, frame.previousEventId);
    return parked;
  }
  const parent = turn.frame(frame.parent.frameId);
  const { index } = frame.parent;
  if (parent.phase.type === 'mapping') {
    const previousEventId = recordIteration(turn, frame, 'Succeeded');
    const phase = { ...parent.phase, outputs: { ...parent.phase.outputs, [index]: output } };
    turn.put({ ...parent, previousEventId, phase });
    return goOnWithMap(turn, parent.id, phase);
  }
  if (parent.phase.type !== 'branching') throw new Error(`The frame '${parent.id}' waits for no child.`);
  return joinBranch(turn, parent, { branch: frame, output });
}

async function joinBranch(
  turn: Turn,
  parent: Frame,
  { branch, output }: { branch: Frame; output: Json },
): Promise<StateResult> {
  const state = turn.stateOf(parent);
  if (parent.phase.type !== 'branching' || state.Type !== 'Parallel' || branch.parent === undefined) {
    throw new Error(`The frame '${parent.id}' waits for no branch.`);
  }
  const outputs = { ...parent.phase.outputs, [branch.parent.index]: output };
  const { previousEventId } = branch;
  const joined = turn.put({ ...parent, previousEventId, phase: { ...parent.phase, outputs } });
  if (Object.keys(outputs).length < state.Branches.length) return parked;
  const result = state.Branches.map((_, index) => outputs[index] ?? null);
  checkPayload(result, `The result of '${parent.state}'`);
  turn.recordIn({ ...joined, phase: { type: 'ready', serial: turn.takeSerial() } }, 'ParallelStateSucceeded');
  return { type: 'done', frameId: parent.id, exit: exitBy(state, result, { result }) };
}

/** No Catch took a frame's failure: it fails the Map or Parallel around it, or the execution. */
export function breakFrame(turn: Turn, frameId: string, failure: Failure): StateResult {
  const frame = turn.frame(frameId);
  turn.remove(frameId);
  if (frame.parent === undefined) {
    closeExecution(turn, { status: 'FAILED', ...failure }, frame.previousEventId);
    return parked;
  }
  const parent = turn.frame(frame.parent.frameId);
  const previousEventId =
    parent.phase.type === 'mapping' ? recordIteration(turn, frame, 'Failed') : frame.previousEventId;
  turn.put({ ...parent, previousEventId });
  return { type: 'failed', frameId: parent.id, failure };
}

/** Ends what still runs inside a failed Map or Parallel, and records that the state failed. */
export function failAround(turn: Turn, frameId: string): void {
  const { phase } = turn.frame(frameId);
  if (phase.type !== 'mapping' && phase.type !== 'branching') return;
  for (const child of turn.childrenOf(frameId)) abortFrame(turn, child);
  turn.recordIn(turn.frame(frameId), phase.type === 'mapping' ? 'MapStateFailed' : 'ParallelStateFailed');
}

/** Ends a frame and all inside it because something around it ended. */
export function abortFrame(turn: Turn, frame: Frame): void {
  for (const child of turn.childrenOf(frame.id)) abortFrame(turn, child);
  const { Type: type } = turn.stateOf(frame);
  const aborted =
    frame.phase.type !== 'ready' && (type === 'Task' || type === 'Wait' || type === 'Map' || type === 'Parallel')
      ? turn.recordIn(frame, `${type}StateAborted`)
      : frame;
  stopChildOf(turn, frame);
  turn.remove(frame.id);
  if (frame.mapItem !== undefined) recordIteration(turn, aborted, 'Aborted');
}

/** The child that an abandoned `.sync:2` task waits for is stopped too. Source: Step Functions developer guide, run a job. */
export function stopChildOf(turn: Turn, frame: Frame): void {
  if (frame.phase.type !== 'task' || frame.phase.childArn === undefined) return;
  turn.change({ childrenToStop: [...turn.state.childrenToStop, frame.phase.childArn] });
}

function recordIteration(turn: Turn, frame: Frame, moment: 'Succeeded' | 'Failed' | 'Aborted'): number {
  const [step] = frame.program.slice(-1);
  return turn.record(`MapIteration${moment}`, frame.previousEventId, {
    name: `mapIteration${moment}EventDetails`,
    value: { name: step?.state ?? '', index: frame.parent?.index ?? 0 },
  });
}

/** How an execution closes. */
export type Closing =
  | { readonly status: 'SUCCEEDED'; readonly output: string }
  | {
      readonly status: 'FAILED' | 'TIMED_OUT' | 'ABORTED';
      readonly error?: string | undefined;
      readonly cause?: string | undefined;
    };

const closingEvents: Readonly<Record<Exclude<ExecutionStatus, 'RUNNING'>, string>> = {
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  TIMED_OUT: 'TimedOut',
  ABORTED: 'Aborted',
};

/** Closes the execution; what still ran in it must have been ended before. */
export function closeExecution(turn: Turn, closing: Closing, previousEventId: number): void {
  const moment = closingEvents[closing.status];
  const outcome = closing.status === 'SUCCEEDED' ? { output: closing.output } : failureMembers(closing);
  turn.record(`Execution${moment}`, previousEventId, {
    name: `execution${moment}EventDetails`,
    value: closing.status === 'SUCCEEDED' ? { ...outcome, outputDetails: untruncated } : outcome,
  });
  const { status } = closing;
  const unannounced = [...turn.state.unannounced, status];
  turn.change({ ...outcome, status, stoppedAt: turn.nowMs, unannounced });
}

function failureMembers(closing: { error?: string | undefined; cause?: string | undefined }): Partial<Failure> {
  return {
    ...(closing.error === undefined ? {} : { error: closing.error }),
    ...(closing.cause === undefined ? {} : { cause: closing.cause }),
  };
}
