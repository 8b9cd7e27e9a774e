import type { DescribeTasksRequest, ListTasksRequest, RunTaskRequest, StopTaskRequest } from '@aws-sdk/client-ecs';
import { AwsError } from '../core/aws-error.ts';
import type { Handlers } from '../core/service.ts';
import { onlyMembers } from '../hosts/only-members.ts';
import { pageOf } from './page.ts';
import type { TaskRecord } from './records.ts';
import { type RunTaskPorts, runTask } from './run-task.ts';
import { showTask } from './show-task.ts';
import { arnOf, type EcsStore, lastPart, requireCluster, SHOW_STOPPED_MS } from './store.ts';

const MOST_DESCRIBED = 100;

/** Tasks. */
export function taskHandlers(ports: RunTaskPorts): Handlers {
  const { cloud, store, fleet } = ports;
  return {
    RunTask: (input: RunTaskRequest) => runTask(ports, input),
    StopTask: (input: StopTaskRequest) => {
      onlyMembers('StopTask', input, ['cluster', 'task', 'reason']);
      const cluster = requireCluster(store, input.cluster);
      const task = shownTasks(store, cluster.name).find(({ arn }) => lastPart(arn) === lastPart(input.task ?? ''));
      if (task === undefined)
        throw new AwsError('InvalidParameterException', `The referenced task was not found: ${input.task}.`);
      return { task: showTask(store, fleet.stop(task, input.reason ?? 'Task stopped by user')) };
    },
    DescribeTasks: (input: DescribeTasksRequest) => {
      onlyMembers('DescribeTasks', input, ['cluster', 'tasks', 'include']);
      const cluster = requireCluster(store, input.cluster);
      const wanted = input.tasks ?? [];
      if (wanted.length === 0 || wanted.length > MOST_DESCRIBED)
        throw new AwsError('InvalidParameterException', `Tasks must be 1 to ${MOST_DESCRIBED}; got ${wanted.length}.`);
      const shown = new Map(shownTasks(store, cluster.name).map((task) => [lastPart(task.arn), task]));
      const hasTags = input.include?.includes('TAGS') === true;
      const show = (task: TaskRecord): object => ({ ...showTask(store, task), ...(!hasTags && { tags: [] }) });
      return {
        tasks: wanted.flatMap((name) => shown.get(lastPart(name)) ?? []).map(show),
        failures: wanted
          .filter((name) => !shown.has(lastPart(name)))
          .map((name) => ({ arn: arnOf(cloud, `task/${cluster.name}/${lastPart(name)}`), reason: 'MISSING' })),
      };
    },
    ListTasks: (input: ListTasksRequest) => {
      onlyMembers('ListTasks', input, [
        'cluster',
        'containerInstance',
        'family',
        'startedBy',
        'desiredStatus',
        'launchType',
        'maxResults',
        'nextToken',
      ]);
      const cluster = requireCluster(store, input.cluster);
      const found = shownTasks(store, cluster.name).filter((task) => isListed(task, input));
      const { items, ...rest } = pageOf(found, input);
      return { taskArns: items.map(({ arn }) => arn), ...rest };
    },
  };
}

function isListed(task: TaskRecord, input: ListTasksRequest): boolean {
  const { containerInstance, family, startedBy, desiredStatus = 'RUNNING', launchType = 'EC2' } = input;
  if (launchType !== 'EC2' || task.desiredStatus !== desiredStatus) return false;
  if (startedBy !== undefined && task.startedBy !== startedBy) return false;
  if (family !== undefined && lastPart(task.definitionArn).split(':')[0] !== family) return false;
  return containerInstance === undefined || lastPart(task.containerInstanceArn) === lastPart(containerInstance);
}

function shownTasks(store: EcsStore, cluster: string): TaskRecord[] {
  const isShown = ({ stoppedAt }: TaskRecord): boolean =>
    stoppedAt === undefined || Date.now() - stoppedAt < SHOW_STOPPED_MS;
  return store.tasks.values().filter((task) => task.cluster === cluster && isShown(task));
}
