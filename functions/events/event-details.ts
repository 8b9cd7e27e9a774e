import { parseStartedBy } from '../../lib/model/broker/node-task.ts';
import type { EndedExecution } from '../../lib/operations/on-execution-ended.ts';
import type { HostChange } from '../../lib/operations/on-host-changed.ts';

/** The event's detail has not the form that AWS documents: it is delivered again, then kept in the dead-letter queue. */
class MalformedEventError extends Error {
  override readonly name = 'MalformedEvent';
  readonly code = 'WARDEN_MALFORMED_EVENT';
  readonly retriable = false;
}

export interface TaskChange {
  readonly taskArn: string;
  readonly version: number;
  readonly ours: boolean;
  readonly stopped: boolean;
}

/** Of a task event only which task, and which version at least: the rest is asked of ECS. */
export function taskChange(detail: unknown): TaskChange {
  const fields = record(detail);
  const startedBy = fields['startedBy'];
  return {
    taskArn: text(fields, 'taskArn'),
    version: Number(fields['version'] ?? 0),
    ours: typeof startedBy === 'string' && parseStartedBy(startedBy) !== undefined,
    stopped: fields['lastStatus'] === 'STOPPED',
  };
}

export function hostName(detail: unknown): string {
  const fields = record(detail);
  return String(fields['ec2InstanceId'] ?? fields['instance-id'] ?? 'unknown');
}

/** What of a host's event makes its nodes leave it, or its agent be looked for; undefined for all else that is told of hosts. `time`: of the event, ISO 8601. */
export function hostChange(detail: unknown, time: string): HostChange | undefined {
  const { state, status, version, agentConnected, 'instance-id': ofEc2, ec2InstanceId: ofEcs } = record(detail);
  if (typeof ofEc2 === 'string') {
    if (state === 'terminated') return { instanceId: ofEc2, name: 'terminated' };
    // It may be started, and stop once more.
    return state === 'stopped' ? { instanceId: ofEc2, name: `stopped-${Date.parse(time).toString(36)}` } : undefined;
  }
  if (typeof ofEcs !== 'string') return undefined;
  const number = Number(version ?? 0);
  if (status === 'DRAINING') return { instanceId: ofEcs, name: `draining-${number}` };
  if (typeof agentConnected !== 'boolean') return undefined;
  return agentConnected
    ? { instanceId: ofEcs, name: `back-${number}`, agent: 'back' }
    : { instanceId: ofEcs, name: `lost-${number}`, agent: 'lost' };
}

/** The end of an execution of ours; undefined while it runs, and for one whose input names no service. */
export function executionEnd(detail: unknown): EndedExecution | undefined {
  const fields = record(detail);
  const status = text(fields, 'status');
  const service = serviceOf(fields['input']);
  if (status === 'RUNNING' || service === undefined) return undefined;
  const error = [fields['error'], fields['cause']].filter((part) => typeof part === 'string').join(': ');
  return {
    name: text(fields, 'name'),
    service,
    succeeded: status === 'SUCCEEDED',
    endedAt: Number(fields['stopDate']),
    ...(error === '' ? {} : { error }),
  };
}

function serviceOf(input: unknown): string | undefined {
  if (typeof input !== 'string') return undefined;
  const parsed: unknown = JSON.parse(input);
  const service = typeof parsed === 'object' && parsed !== null ? record(parsed)['service'] : undefined;
  return typeof service === 'string' ? service : undefined;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new MalformedEventError('detail is no object');
  return Object.fromEntries(Object.entries(value));
}

function text(fields: Readonly<Record<string, unknown>>, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new MalformedEventError(`detail.${name} is no text`);
  return value;
}
