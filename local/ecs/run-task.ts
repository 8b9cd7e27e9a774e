import type { Failure, RunTaskRequest } from '@aws-sdk/client-ecs';
import { AwsError } from '../core/aws-error.ts';
import type { Cloud } from '../core/service.ts';
import type { Fleet } from './fleet.ts';
import { type Host, placeTask } from './placement.ts';
import type { ClusterRecord, ContainerInstanceRecord, DefinitionRecord, TaskRecord } from './records.ts';
import { checkOverrides, checkRunTask, hashRunTask, reservationOf, taskNeeds } from './run-task-rules.ts';
import { showTask } from './show-task.ts';
import { arnOf, type EcsStore, newUuid, requireCluster, tasksOn } from './store.ts';
import { requireDefinition } from './task-definitions.ts';
import { orderOf } from './task-order.ts';

/** A token stands for its first request this long. */
const TOKEN_LIFE_MS = 24 * 60 * 60 * 1000;

/** What RunTask needs. */
export interface RunTaskPorts {
  readonly cloud: Cloud;
  readonly store: EcsStore;
  readonly fleet: Fleet;
}

/**
 * Starts tasks on hosts of the cluster. Each task is stored before its agent hears of it; a request that comes again
 * with its token finds the tasks of the first time, and only what a crash left out is made now.
 */
export function runTask(ports: RunTaskPorts, input: RunTaskRequest): object {
  checkRunTask(input);
  const { store } = ports;
  const cluster = requireCluster(store, input.cluster);
  const hash = hashRunTask(input);
  const known = tasksOfToken(store, cluster, input.clientToken);
  if (known.some(({ request }) => request?.hash !== hash)) {
    throw new AwsError('ConflictException', 'The client token was used for a request with other parameters.', 400, {
      resourceIds: known.map(({ arn }) => arn),
    });
  }
  const tasks = [...known];
  const failures: Failure[] = [];
  if (known.length < (input.count ?? 1)) {
    const wanted = prepare(ports, input, { cluster, hash });
    for (let place = 0; place < (input.count ?? 1); place += 1) {
      if (known.some(({ request }) => request?.place === place)) continue;
      const outcome = startOne(ports, wanted, place);
      if ('failures' in outcome) failures.push(...outcome.failures);
      else tasks.push(outcome.task);
      if ('failures' in outcome) break;
    }
  }
  return { tasks: tasks.map((task) => showTask(store, store.tasks.get(task.arn) ?? task)), failures };
}

interface Wanted {
  readonly input: RunTaskRequest;
  readonly cluster: ClusterRecord;
  readonly definition: DefinitionRecord;
  readonly group: string;
  readonly hash: string;
}

function prepare({ store }: RunTaskPorts, input: RunTaskRequest, known: Pick<Wanted, 'cluster' | 'hash'>): Wanted {
  const definition = requireDefinition(store, input.taskDefinition ?? '');
  if (definition.status !== 'ACTIVE')
    throw new AwsError('ClientException', `TaskDefinition is inactive: ${definition.arn}.`);
  checkOverrides(input.overrides ?? {}, definition);
  return { ...known, input, definition, group: input.group ?? `family:${definition.definition.family}` };
}

function startOne(
  ports: RunTaskPorts,
  wanted: Wanted,
  place: number,
): { readonly task: TaskRecord } | { readonly failures: readonly Failure[] } {
  const { store, fleet } = ports;
  const hosts = hostsOf(store, wanted.cluster);
  if (hosts.length === 0)
    throw new AwsError('InvalidParameterException', 'No Container Instances were found in your cluster.');
  const { input, definition, group } = wanted;
  const needs = { ...taskNeeds(definition, input.overrides ?? {}), group };
  const constraints = [
    ...(definition.definition.placementConstraints ?? []).map(({ expression }) => ({
      type: 'memberOf' as const,
      expression,
    })),
    ...(input.placementConstraints ?? []),
  ];
  const placement = placeTask(hosts, needs, constraints);
  if (placement.type === 'refused') return { failures: placement.failures };
  const task = newTask(ports, wanted, { place, instance: placement.instance });
  store.tags.set(task.arn, taskTags(store, wanted));
  store.orders.set(task.arn, orderOf(task.arn, definition, input.overrides ?? {}));
  fleet.start(task);
  return { task };
}

function newTask(
  { cloud }: RunTaskPorts,
  wanted: Wanted,
  on: { readonly place: number; readonly instance: ContainerInstanceRecord },
): TaskRecord {
  const { input, cluster, definition, group, hash } = wanted;
  const overrides = input.overrides ?? {};
  const { cpu, memoryMiB, ports } = taskNeeds(definition, overrides);
  const id = newUuid();
  const now = Date.now();
  return {
    arn: arnOf(cloud, `task/${cluster.name}/${id}`),
    cluster: cluster.name,
    definitionArn: definition.arn,
    containerInstanceArn: on.instance.arn,
    zone: on.instance.zone,
    group,
    ...(input.startedBy !== undefined && { startedBy: input.startedBy }),
    overrides,
    cpu,
    memoryMiB,
    ports,
    containers: (definition.definition.containerDefinitions ?? []).map((container) => ({
      ...reservationOf(container, overrides),
      arn: arnOf(cloud, `container/${cluster.name}/${id}/${newUuid()}`),
      name: container.name ?? '',
      image: container.image ?? '',
      report: { name: container.name ?? '', status: 'PENDING' },
    })),
    lastStatus: 'PENDING',
    desiredStatus: 'RUNNING',
    version: 1,
    createdAt: now,
    changedAt: now,
    ...(input.clientToken !== undefined && { request: { token: input.clientToken, hash, place: on.place } }),
  };
}

function hostsOf(store: EcsStore, cluster: ClusterRecord): Host[] {
  return store.containerInstances
    .values()
    .filter((instance) => instance.cluster === cluster.name && instance.status !== 'INACTIVE')
    .map((instance) => ({ instance, tasks: tasksOn(store, instance.arn) }));
}

function tasksOfToken(store: EcsStore, cluster: ClusterRecord, token: string | undefined): TaskRecord[] {
  if (token === undefined) return [];
  const isOfToken = ({ cluster: name, request, createdAt }: TaskRecord): boolean =>
    name === cluster.name && request?.token === token && Date.now() - createdAt < TOKEN_LIFE_MS;
  return store.tasks.values().filter(isOfToken);
}

function taskTags(
  store: EcsStore,
  { input, cluster, definition }: Wanted,
): { readonly key: string; readonly value: string }[] {
  const own = (input.tags ?? []).map(({ key = '', value = '' }) => ({ key, value }));
  const inherited = input.propagateTags === 'TASK_DEFINITION' ? (store.tags.get(definition.arn) ?? []) : [];
  const managed = input.enableECSManagedTags === true ? [{ key: 'aws:ecs:clusterName', value: cluster.name }] : [];
  const missing = inherited
    .map(({ key = '', value = '' }) => ({ key, value }))
    .filter(({ key }) => !own.some((tag) => tag.key === key));
  return [...own, ...missing, ...managed];
}
