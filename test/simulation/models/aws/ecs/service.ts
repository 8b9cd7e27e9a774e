import type {
  DescribeContainerInstancesCommandInput,
  DescribeTasksCommandInput,
  ListContainerInstancesCommandInput,
  ListTasksCommandInput,
  RunTaskCommandInput,
  StopTaskCommandInput,
} from '@aws-sdk/client-ecs';
import { copyOf } from '../copy.ts';
import { failure, onlyMembers } from '../failure.ts';
import { lastPart } from '../ids.ts';
import type { Operation } from '../modelled-service.ts';
import { pageOf } from './page.ts';
import type { TaskRecord } from './records.ts';
import { type RunTaskPorts, runTask } from './run-task.ts';

/** Stopped tasks are shown so long. Source: ECS developer guide, stopped tasks. */
const showStoppedMs = 60 * 60 * 1000;
const mostDescribed = 100;

/** Amazon ECS on EC2 capacity in the host network, over one cluster. */
export function ecsOperations(ports: RunTaskPorts): Readonly<Record<string, Operation>> {
  const { fleet, definitions, clusterName } = ports;
  const inCluster = (
    operation: string,
    input: { readonly cluster?: string | undefined },
    members: readonly string[],
  ) => {
    onlyMembers(`ecs ${operation}`, input, ['cluster', ...members]);
    requireCluster(clusterName, input.cluster);
  };
  return {
    ...definitions.operations,
    RunTask: (input: RunTaskCommandInput) => {
      requireCluster(clusterName, input.cluster);
      return runTask(ports, copyOf(input));
    },
    StopTask: (input: StopTaskCommandInput) => {
      inCluster('StopTask', input, ['task', 'reason']);
      const task = shownTasks(ports).find(({ arn }) => lastPart(arn) === lastPart(input.task ?? ''));
      if (task === undefined)
        throw failure('InvalidParameterException', `The referenced task was not found: ${input.task}.`);
      return { task: fleet.showTask(fleet.stop(task, input.reason ?? 'Task stopped by user')) };
    },
    DescribeTasks: (input: DescribeTasksCommandInput) => {
      inCluster('DescribeTasks', input, ['tasks', 'include']);
      return describeTasks(ports, input.tasks ?? [], input.include?.includes('TAGS') === true);
    },
    ListTasks: (input: ListTasksCommandInput) => {
      inCluster('ListTasks', input, ['family', 'startedBy', 'desiredStatus', 'maxResults', 'nextToken']);
      const { family, startedBy, desiredStatus = 'RUNNING' } = input;
      const found = shownTasks(ports)
        .filter((task) => task.desiredStatus === desiredStatus)
        .filter((task) => startedBy === undefined || task.startedBy === startedBy)
        .filter((task) => family === undefined || lastPart(task.definitionArn).split(':')[0] === family);
      const { items, ...rest } = pageOf(found, input);
      return { taskArns: items.map(({ arn }) => arn), ...rest };
    },
    ListContainerInstances: (input: ListContainerInstancesCommandInput) => {
      inCluster('ListContainerInstances', input, ['status', 'maxResults', 'nextToken']);
      const found = fleet
        .instances()
        .filter(({ status }) => (input.status === undefined ? status !== 'INACTIVE' : status === input.status));
      const { items, ...rest } = pageOf(found, input);
      return { containerInstanceArns: items.map(({ arn }) => arn), ...rest };
    },
    DescribeContainerInstances: (input: DescribeContainerInstancesCommandInput) => {
      inCluster('DescribeContainerInstances', input, ['containerInstances']);
      return describeInstances(ports, input.containerInstances ?? []);
    },
  };
}

/** @throws ServiceError ClusterNotFoundException */
function requireCluster(known: string, nameOrArn: string | undefined): void {
  if (lastPart(nameOrArn ?? 'default') !== known)
    throw failure('ClusterNotFoundException', `Cluster not found: '${nameOrArn ?? 'default'}'; there is '${known}'.`);
}

function shownTasks({ fleet, clock }: RunTaskPorts): readonly TaskRecord[] {
  return fleet
    .tasks()
    .filter(({ lastStatus, changedAt }) => lastStatus !== 'STOPPED' || clock.now() - changedAt < showStoppedMs);
}

function describeTasks(ports: RunTaskPorts, wanted: readonly string[], hasTags: boolean): object {
  if (wanted.length < 1 || wanted.length > mostDescribed)
    throw failure('InvalidParameterException', `Tasks must be 1 to ${mostDescribed}; got ${wanted.length}.`);
  const shown = new Map(shownTasks(ports).map((task) => [lastPart(task.arn), task]));
  return {
    tasks: wanted.flatMap((name) => {
      const task = shown.get(lastPart(name));
      return task === undefined ? [] : [{ ...ports.fleet.showTask(task), ...(hasTags ? { tags: task.tags } : {}) }];
    }),
    failures: wanted
      .filter((name) => !shown.has(lastPart(name)))
      .map((name) => ({ arn: `${ports.arnPrefix}:task/${ports.clusterName}/${lastPart(name)}`, reason: 'MISSING' })),
  };
}

function describeInstances({ fleet, arnPrefix, clusterName }: RunTaskPorts, wanted: readonly string[]): object {
  if (wanted.length < 1 || wanted.length > mostDescribed)
    throw failure(
      'InvalidParameterException',
      `Container instances must be 1 to ${mostDescribed}; got ${wanted.length}.`,
    );
  const known = new Map(fleet.instances().map((instance) => [lastPart(instance.arn), instance]));
  return {
    containerInstances: wanted.flatMap((name) => {
      const instance = known.get(lastPart(name));
      return instance === undefined ? [] : [fleet.showInstance(instance)];
    }),
    failures: wanted
      .filter((name) => !known.has(lastPart(name)))
      .map((name) => ({ arn: `${arnPrefix}:container-instance/${clusterName}/${lastPart(name)}`, reason: 'MISSING' })),
  };
}
