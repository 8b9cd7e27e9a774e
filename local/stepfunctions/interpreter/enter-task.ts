import type { TaskState } from './definition.ts';
import { evaluatePositiveSeconds } from './evaluate-field.ts';
import type { Frame, TaskPhase } from './execution-state.ts';
import { evaluate } from './expression.ts';
import { checkPayload, StateFailure } from './failure.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { parked, type StateResult } from './state-result.ts';
import { recordTaskScheduled } from './task-events.ts';
import { parseTaskResource, type TaskResource } from './task-resource.ts';
import { encodeTaskToken } from './task-token.ts';
import type { Turn } from './turn.ts';

/** What a task's resource names. The definition was checked, so a resource that cannot be read is a defect. */
export function resourceOf(state: TaskState): TaskResource {
  const resource = parseTaskResource(state.Resource);
  if (resource === undefined) throw new Error(`The resource '${state.Resource}' passed the check of the definition.`);
  return resource;
}

/** Schedules one attempt of a task: its token, its child's name and its deadlines are fixed here. @throws StateFailure */
export async function startTask(turn: Turn, frame: Frame, state: TaskState): Promise<StateResult> {
  const resource = resourceOf(state);
  const token = resource.pattern === 'token' ? newToken(turn) : undefined;
  const scope = turn.scopeOf(frame, {}, token === undefined ? {} : { Task: { Token: token.text } });
  const parameters = state.Arguments === undefined ? frame.input : await evaluate(state.Arguments, scope, 'Arguments');
  checkPayload(parameters, `The Arguments of '${frame.state}'`);
  const timeoutSeconds = await evaluatePositiveSeconds(scope, 'TimeoutSeconds', state.TimeoutSeconds);
  const heartbeatSeconds = await evaluatePositiveSeconds(scope, 'HeartbeatSeconds', state.HeartbeatSeconds);
  checkHeartbeat(timeoutSeconds, heartbeatSeconds);
  recordTaskScheduled(turn, turn.frame(frame.id), { resource, parameters, timeoutSeconds, heartbeatSeconds });
  const phase: TaskPhase = {
    type: 'task',
    serial: turn.takeSerial(),
    ...callOf(turn, resource, parameters),
    scheduledAt: turn.nowMs,
    submitted: false,
    ...(token === undefined ? {} : { token }),
    ...(timeoutSeconds === undefined ? {} : { deadlineAt: turn.nowMs + 1000 * timeoutSeconds }),
    ...(heartbeatSeconds === undefined ? {} : { heartbeat: heartbeatFrom(turn.nowMs, heartbeatSeconds) }),
  };
  turn.put({ ...turn.frame(frame.id), phase });
  return parked;
}

function newToken(turn: Turn): NonNullable<TaskPhase['token']> {
  const nonce = turn.circumstances.sources.uuid();
  return { nonce, text: encodeTaskToken({ executionArn: turn.circumstances.identity.executionArn, nonce }) };
}

function heartbeatFrom(nowMs: number, heartbeatSeconds: number): NonNullable<TaskPhase['heartbeat']> {
  const everyMs = 1000 * heartbeatSeconds;
  return { everyMs, dueAt: nowMs + everyMs };
}

function checkHeartbeat(timeoutSeconds: number | undefined, heartbeatSeconds: number | undefined): void {
  if (timeoutSeconds === undefined || heartbeatSeconds === undefined || heartbeatSeconds < timeoutSeconds) return;
  const cause = `HeartbeatSeconds (${heartbeatSeconds}) must be smaller than TimeoutSeconds (${timeoutSeconds}).`;
  throw new StateFailure('States.Runtime', cause);
}

/** A child gets its name before it is started, so that a second try finds the first one's child. */
function callOf(turn: Turn, resource: TaskResource, parameters: Json): Pick<TaskPhase, 'arguments' | 'childArn'> {
  const startsChild =
    resource.type === 'integration' && !resource.sdk && resource.service === 'states' && isJsonObject(parameters);
  if (!startsChild) return { arguments: parameters };
  const named: JsonObject = { Name: turn.circumstances.sources.uuid(), ...parameters };
  const { StateMachineArn: machineArn, Name: name } = named;
  if (resource.pattern !== 'sync' || typeof machineArn !== 'string') return { arguments: named };
  return { arguments: named, childArn: `${machineArn.replace(':stateMachine:', ':execution:')}:${String(name)}` };
}
