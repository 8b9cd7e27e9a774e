import type { RunTaskCommandInput } from '@aws-sdk/client-ecs';
import type { Random, SimulatedClock } from '../../../contract.ts';
import { canonicalText } from '../copy.ts';
import { failure, notModelled, onlyMembers } from '../failure.ts';
import { newHex } from '../ids.ts';
import { mountedVolumeId } from './definition-rules.ts';
import type { Definitions } from './definitions.ts';
import type { Fleet } from './fleet.ts';
import { placeTask } from './placement.ts';
import type { DefinitionRecord, TaskOrder, TaskRecord } from './records.ts';

/** A token stands for its first request this long. Source: ECS API reference, idempotency. */
const tokenLifeMs = 24 * 60 * 60 * 1000;
const defaultStopTimeoutSeconds = 30;
const longestOverrides = 8192;
const longestToken = 64;
const longestStartedBy = 128;

export interface RunTaskPorts {
  readonly clock: SimulatedClock;
  readonly random: Random;
  readonly fleet: Fleet;
  readonly definitions: Definitions;
  readonly arnPrefix: string;
  readonly clusterName: string;
}

/** Starts one task. The same request with its token finds the task of the first time; another one conflicts with it. */
export function runTask(ports: RunTaskPorts, input: RunTaskCommandInput): object {
  checkRunTask(input);
  const { fleet, clock } = ports;
  const { clientToken, ...asked } = input;
  const text = canonicalText(asked);
  const isOfToken = ({ request, createdAt }: TaskRecord): boolean =>
    clientToken !== undefined && request?.token === clientToken && clock.now() - createdAt < tokenLifeMs;
  const known = fleet.tasks().find(isOfToken);
  if (known !== undefined && known.request?.text !== text)
    throw failure('ConflictException', 'The client token was used for a request with other parameters.', {
      resourceIds: [known.arn],
    });
  if (known !== undefined) return { tasks: [fleet.showTask(known)], failures: [] };
  return startOne(ports, input, clientToken === undefined ? undefined : { token: clientToken, text });
}

function startOne(ports: RunTaskPorts, input: RunTaskCommandInput, request: TaskRecord['request']): object {
  const { fleet } = ports;
  const definition = ports.definitions.require(input.taskDefinition ?? '');
  if (definition.status !== 'ACTIVE')
    throw failure('ClientException', `TaskDefinition is inactive: ${definition.arn}.`);
  const override = overrideOf(input, definition);
  const candidates = fleet
    .instances()
    .filter(({ status }) => status !== 'INACTIVE')
    .map((instance) => ({ instance, tasks: fleet.tasksOn(instance.arn) }));
  if (candidates.length === 0)
    throw failure('InvalidParameterException', 'No Container Instances were found in your cluster.');
  const needs = {
    cpu: override.cpu ?? definition.container.cpu ?? 0,
    memoryMiB: override.memoryReservation ?? definition.container.memoryReservation ?? 0,
    ports: (definition.container.portMappings ?? []).flatMap(({ containerPort }) => containerPort ?? []),
  };
  const placement = placeTask(candidates, needs, input.placementConstraints ?? []);
  if (placement.type === 'refused') return { tasks: [], failures: placement.failures };
  const now = ports.clock.now();
  const id = newHex(ports.random, 32);
  const task: TaskRecord = {
    ...needs,
    arn: `${ports.arnPrefix}:task/${ports.clusterName}/${id}`,
    definitionArn: definition.arn,
    instanceArn: placement.instance.arn,
    group: input.group ?? `family:${definition.family}`,
    ...(input.startedBy === undefined ? {} : { startedBy: input.startedBy }),
    overrides: input.overrides ?? {},
    tags: input.tags ?? [],
    containerArn: `${ports.arnPrefix}:container/${ports.clusterName}/${id}/${newHex(ports.random, 32)}`,
    containerName: definition.container.name ?? '',
    image: definition.container.image ?? '',
    lastStatus: 'PENDING',
    desiredStatus: 'RUNNING',
    version: 1,
    createdAt: now,
    changedAt: now,
    ...(request === undefined ? {} : { request }),
  };
  fleet.start(task, orderOf(task, definition, override));
  return { tasks: [fleet.showTask(task)], failures: [] };
}

type Override = NonNullable<NonNullable<RunTaskCommandInput['overrides']>['containerOverrides']>[number];

function overrideOf({ overrides = {} }: RunTaskCommandInput, { container }: DefinitionRecord): Override {
  onlyMembers('ecs RunTask, overrides', overrides, ['containerOverrides']);
  for (const override of overrides.containerOverrides ?? []) {
    onlyMembers('ecs RunTask, containerOverrides', override, [
      'name',
      'command',
      'environment',
      'cpu',
      'memoryReservation',
    ]);
    if (override.name !== container.name)
      throw failure(
        'InvalidParameterException',
        `Override for container named ${override.name} is not a container in the TaskDefinition.`,
      );
  }
  return overrides.containerOverrides?.[0] ?? {};
}

function orderOf(task: TaskRecord, { container, definition }: DefinitionRecord, override: Override): TaskOrder {
  const mounts = (container.mountPoints ?? []).map(({ sourceVolume }) => sourceVolume);
  const volumeId = mountedVolumeId((definition.volumes ?? []).filter(({ name }) => mounts.includes(name)));
  return {
    taskArn: task.arn,
    startedBy: task.startedBy ?? '',
    containerName: task.containerName,
    image: task.image,
    command: [...(container.entryPoint ?? []), ...(override.command ?? container.command ?? [])],
    environment: Object.fromEntries((override.environment ?? []).map(({ name = '', value = '' }) => [name, value])),
    ...(volumeId === undefined ? {} : { volumeId }),
    stopTimeoutSeconds: container.stopTimeout ?? defaultStopTimeoutSeconds,
  };
}

function checkRunTask(input: RunTaskCommandInput): void {
  onlyMembers('ecs RunTask', input, [
    'cluster',
    'taskDefinition',
    'launchType',
    'count',
    'clientToken',
    'startedBy',
    'group',
    'placementConstraints',
    'overrides',
    'tags',
  ]);
  const { launchType = 'EC2', count = 1, clientToken = 'none', startedBy = '', overrides = {} } = input;
  if (launchType !== 'EC2') throw notModelled(`ecs launchType '${launchType}'`, ['EC2']);
  if (count !== 1) throw notModelled(`ecs RunTask with count ${count}`, ['count 1']);
  if (!/^[\x21-\x7e]+$/.test(clientToken) || clientToken.length > longestToken)
    throw refusal(`clientToken '${clientToken}' must be 1 to ${longestToken} printable ASCII characters.`);
  if (!/^[\w/-]*$/.test(startedBy) || startedBy.length > longestStartedBy)
    throw refusal(`startedBy '${startedBy}' must be at most ${longestStartedBy} letters, digits, -, _ and /.`);
  const length = JSON.stringify(overrides).length;
  if (length > longestOverrides)
    throw refusal(`Container Overrides length must be at most ${longestOverrides}; it is ${length}.`);
}

function refusal(message: string): Error {
  return failure('InvalidParameterException', message);
}
