import type { Frame } from './execution-state.ts';
import type { Failure } from './failure.ts';
import { type EventDetails, type HistoryEvent, untruncated } from './history-event.ts';
import type { Json } from './json.ts';
import type { TaskResource } from './task-resource.ts';
import type { Turn } from './turn.ts';

interface Schedule {
  readonly resource: TaskResource;
  readonly parameters: Json;
  readonly timeoutSeconds: number | undefined;
  readonly heartbeatSeconds: number | undefined;
}

/** Records that a task's call is about to be made. */
export function recordTaskScheduled(turn: Turn, frame: Frame, schedule: Schedule): void {
  const { resource, timeoutSeconds, heartbeatSeconds } = schedule;
  const parameters = JSON.stringify(schedule.parameters);
  const timeout = timeoutSeconds === undefined ? {} : { timeoutInSeconds: timeoutSeconds };
  if (resource.type === 'function') {
    const value = { resource: resource.functionArn, input: parameters, inputDetails: untruncated, ...timeout };
    const details = { name: 'lambdaFunctionScheduledEventDetails', value };
    turn.recordIn(turn.recordIn(frame, 'LambdaFunctionScheduled', details), 'LambdaFunctionStarted');
    return;
  }
  const heartbeat = heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: heartbeatSeconds };
  const { region } = turn.circumstances.identity;
  const scheduled = { region, parameters, ...timeout, ...heartbeat };
  recordTask(turn, recordTask(turn, frame, eventOf(resource, 'Scheduled', scheduled)), eventOf(resource, 'Started'));
}

/** Records that the call was answered and that the task goes on to wait. */
export function recordTaskSubmitted(turn: Turn, frame: Frame, answer: { resource: TaskResource; output: Json }): Frame {
  const output = { output: JSON.stringify(answer.output), outputDetails: untruncated };
  return recordTask(turn, frame, eventOf(answer.resource, 'Submitted', output));
}

/** Records a task's success. */
export function recordTaskSucceeded(turn: Turn, frame: Frame, answer: { resource: TaskResource; output: Json }): Frame {
  const output = { output: JSON.stringify(answer.output), outputDetails: untruncated };
  return recordTask(turn, frame, eventOf(answer.resource, 'Succeeded', output));
}

/** Records a task's failure; the two timeouts have an event of their own. */
export function recordTaskFailed(
  turn: Turn,
  frame: Frame,
  answer: { resource: TaskResource; failure: Failure },
): Frame {
  const { error, cause } = answer.failure;
  const isTimeout = error === 'States.Timeout' || error === 'States.HeartbeatTimeout';
  return recordTask(turn, frame, eventOf(answer.resource, isTimeout ? 'TimedOut' : 'Failed', { error, cause }));
}

type Moment = 'Scheduled' | 'Started' | 'Submitted' | 'Succeeded' | 'Failed' | 'TimedOut';

function recordTask(turn: Turn, frame: Frame, event: Pick<HistoryEvent, 'type' | 'details'>): Frame {
  return turn.recordIn(frame, event.type, event.details);
}

function eventOf(
  resource: TaskResource,
  moment: Moment,
  members: EventDetails = {},
): Pick<HistoryEvent, 'type' | 'details'> {
  if (resource.type === 'function') {
    return {
      type: `LambdaFunction${moment}`,
      details: { name: `lambdaFunction${moment}EventDetails`, value: members },
    };
  }
  const { resourceType, resource: action } = resource;
  const value = { resourceType, resource: action, ...members };
  return { type: `Task${moment}`, details: { name: `task${moment}EventDetails`, value } };
}
