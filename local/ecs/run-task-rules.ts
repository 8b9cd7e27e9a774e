import { createHash } from 'node:crypto';
import type { ContainerDefinition, RunTaskRequest, TaskOverride } from '@aws-sdk/client-ecs';
import { AwsError } from '../core/aws-error.ts';
import { onlyMembers } from '../hosts/only-members.ts';
import type { DefinitionRecord } from './records.ts';

const LONGEST_OVERRIDES = 8192;
const LONGEST_STARTED_BY = 128;
const LONGEST_TOKEN = 64;
const LONGEST_GROUP = 255;
const MOST_TASKS = 10;

/** Checks a request as ECS does, and refuses by name what the local cloud does not do. */
export function checkRunTask(input: RunTaskRequest): void {
  onlyMembers('RunTask', input, [
    'cluster',
    'taskDefinition',
    'count',
    'launchType',
    'clientToken',
    'startedBy',
    'group',
    'overrides',
    'placementConstraints',
    'tags',
    'enableECSManagedTags',
    'propagateTags',
  ]);
  if (input.launchType !== undefined && input.launchType !== 'EC2')
    throw refusal(`launchType '${input.launchType}' is not done on the local cloud; use EC2.`);
  if (input.propagateTags !== undefined && input.propagateTags !== 'TASK_DEFINITION')
    throw refusal(`propagateTags '${input.propagateTags}' is invalid for RunTask; use TASK_DEFINITION.`);
  const { count = 1, clientToken = 'x', startedBy = '', group = '' } = input;
  if (count < 1 || count > MOST_TASKS)
    throw refusal(`Tasks cannot be started: count is ${count}; it must be from 1 to ${MOST_TASKS}.`);
  if (!/^[\x21-\x7e]+$/.test(clientToken) || clientToken.length > LONGEST_TOKEN) {
    throw refusal(`clientToken '${clientToken}' must be 1 to ${LONGEST_TOKEN} printable ASCII characters.`);
  }
  if (!/^[\w/-]*$/.test(startedBy) || startedBy.length > LONGEST_STARTED_BY) {
    throw refusal(`startedBy '${startedBy}' must be at most ${LONGEST_STARTED_BY} letters, digits, -, _ and /.`);
  }
  if (group.length > LONGEST_GROUP)
    throw refusal(`group is ${group.length} characters long; at most ${LONGEST_GROUP} are allowed.`);
  const length = JSON.stringify(input.overrides ?? {}).length;
  if (length > LONGEST_OVERRIDES)
    throw refusal(`Container Overrides length must be at most ${LONGEST_OVERRIDES}; it is ${length}.`);
}

/** Checks overrides against the task definition that they change. */
export function checkOverrides(overrides: TaskOverride, { definition }: DefinitionRecord): void {
  onlyMembers('RunTask, overrides', overrides, ['containerOverrides', 'cpu', 'memory']);
  const names = (definition.containerDefinitions ?? []).map(({ name }) => name);
  for (const override of overrides.containerOverrides ?? []) {
    onlyMembers('RunTask, containerOverrides', override, [
      'name',
      'command',
      'environment',
      'cpu',
      'memory',
      'memoryReservation',
    ]);
    if (!names.includes(override.name))
      throw refusal(`Override for container named ${override.name} is not a container in the TaskDefinition.`);
  }
}

/** What a container reserves: MiB that docker guarantees when it is told, else the hard limit. */
export interface Reservation {
  readonly cpu: number;
  readonly memoryMiB?: number;
  readonly memoryReservationMiB?: number;
}

/** A container's reservation under the overrides. */
export function reservationOf(container: ContainerDefinition, overrides: TaskOverride): Reservation {
  const override = overrides.containerOverrides?.find(({ name }) => name === container.name);
  const memoryMiB = override?.memory ?? container.memory;
  const memoryReservationMiB = override?.memoryReservation ?? container.memoryReservation;
  return {
    cpu: override?.cpu ?? container.cpu ?? 0,
    ...(memoryMiB !== undefined && { memoryMiB }),
    ...(memoryReservationMiB !== undefined && { memoryReservationMiB }),
  };
}

/** What a task takes from its host. */
export function taskNeeds(
  { definition }: DefinitionRecord,
  overrides: TaskOverride,
): { readonly cpu: number; readonly memoryMiB: number; readonly ports: readonly number[] } {
  const containers = definition.containerDefinitions ?? [];
  const reserved = containers.map((container) => reservationOf(container, overrides));
  const cpu = overrides.cpu ?? definition.cpu;
  const memory = overrides.memory ?? definition.memory;
  return {
    cpu: cpu === undefined ? reserved.reduce((sum, one) => sum + one.cpu, 0) : Number(cpu),
    memoryMiB:
      memory === undefined
        ? reserved.reduce((sum, one) => sum + (one.memoryReservationMiB ?? one.memoryMiB ?? 0), 0)
        : Number(memory),
    ports: containers.flatMap(({ portMappings }) =>
      (portMappings ?? []).flatMap(({ containerPort }) => containerPort ?? []),
    ),
  };
}

/** The same for requests that ask for the same, whatever the order of their members. */
export function hashRunTask(input: RunTaskRequest): string {
  const { clientToken: _token, ...rest } = input;
  const text = JSON.stringify(rest, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
  return createHash('sha256').update(text).digest('hex');
}

function refusal(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}
