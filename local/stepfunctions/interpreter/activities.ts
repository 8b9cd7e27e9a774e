import type { Machine } from './definition.ts';
import type { ExecutionState, ExecutionStatus, Frame, TaskPhase, TimerName } from './execution-state.ts';
import type { Json } from './json.ts';
import { stateAt } from './locate-state.ts';
import { parseTaskResource, type TaskResource } from './task-resource.ts';

/**
 * Something that has to be under way for an execution. `id` is the same for as long as the very same thing is meant,
 * also after a restart.
 */
export type Activity =
  | { readonly type: 'continue'; readonly id: string; readonly frameId: string; readonly serial: number }
  | {
      readonly type: 'timer';
      readonly id: string;
      readonly frameId: string;
      readonly serial: number;
      readonly timer: TimerName;
      readonly dueAt: number;
    }
  | { readonly type: 'executionTimer'; readonly id: string; readonly dueAt: number }
  | CallActivity
  | {
      readonly type: 'awaitChild';
      readonly id: string;
      readonly frameId: string;
      readonly serial: number;
      readonly childArn: string;
    }
  | { readonly type: 'stopChild'; readonly id: string; readonly childArn: string }
  | { readonly type: 'announce'; readonly id: string; readonly status: ExecutionStatus };

/** The call of a task. */
export interface CallActivity {
  readonly type: 'call';
  readonly id: string;
  readonly frameId: string;
  readonly serial: number;
  /** The name of the state, for logs. */
  readonly state: string;
  readonly resource: TaskResource;
  readonly arguments: Json;
  readonly scheduledAt: number;
}

/**
 * What has to be under way, given the definition and the cursor alone. Whoever runs an execution starts what is missing and ends what is
 * no longer named: after each transition, and after a restart, by the very same rule.
 */
export function activitiesOf(machine: Machine, state: ExecutionState): Activity[] {
  const activities: Activity[] = [
    // One at a time keeps them in order.
    ...state.unannounced
      .slice(0, 1)
      .map((status): Activity => ({ type: 'announce', id: `announce ${status}`, status })),
    ...state.childrenToStop.map((childArn): Activity => ({ type: 'stopChild', id: `stop ${childArn}`, childArn })),
  ];
  if (state.status !== 'RUNNING') return activities;
  if (state.deadlineAt !== undefined) {
    activities.push({ type: 'executionTimer', id: 'execution timer', dueAt: state.deadlineAt });
  }
  return [...activities, ...Object.values(state.frames).flatMap((frame) => activitiesOfFrame(machine, frame))];
}

function activitiesOfFrame(machine: Machine, frame: Frame): Activity[] {
  const { id: frameId, phase } = frame;
  switch (phase.type) {
    case 'ready':
      return [{ type: 'continue', id: `continue ${phase.serial}`, frameId, serial: phase.serial }];
    case 'retrying':
      return [timer(frame, 'retry', phase.dueAt)];
    case 'waiting':
      return [timer(frame, 'wait', phase.dueAt)];
    case 'task':
      return [...taskWork(machine, frame, phase), ...taskTimers(frame, phase)];
    case 'mapping':
    case 'branching':
      return [];
  }
}

function taskWork(machine: Machine, frame: Frame, phase: TaskPhase): Activity[] {
  const { id: frameId, state } = frame;
  const { serial, scheduledAt, childArn } = phase;
  if (!phase.submitted) {
    const id = `call ${serial}`;
    const resource = resourceAt(machine, frame);
    return [{ type: 'call', id, frameId, serial, state, resource, arguments: phase.arguments, scheduledAt }];
  }
  return childArn === undefined ? [] : [{ type: 'awaitChild', id: `await ${serial}`, frameId, serial, childArn }];
}

function resourceAt(machine: Machine, frame: Frame): TaskResource {
  const state = stateAt(machine, frame);
  const resource = state.Type === 'Task' ? parseTaskResource(state.Resource) : undefined;
  if (resource === undefined) throw new Error(`The frame '${frame.id}' calls nothing in '${frame.state}'.`);
  return resource;
}

function taskTimers(frame: Frame, phase: TaskPhase): Activity[] {
  const timers: Activity[] = [];
  if (phase.deadlineAt !== undefined) timers.push(timer(frame, 'timeout', phase.deadlineAt));
  if (phase.heartbeat !== undefined) timers.push(timer(frame, 'heartbeat', phase.heartbeat.dueAt));
  return timers;
}

function timer(frame: Frame, name: TimerName, dueAt: number): Activity {
  const { serial } = frame.phase;
  return { type: 'timer', id: `${name} ${serial} ${dueAt}`, frameId: frame.id, serial, timer: name, dueAt };
}
