import { createHash } from 'node:crypto';
import {
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  type ListTasksCommandOutput,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  type RunTaskCommandOutput,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import type { TaskDefinitionSpec } from '../model/broker/task-definition.ts';
import type { FoundTasks, RunTaskResult, Tasks, TaskView } from '../ports/tasks.ts';
import { contentTag, registerInput, runInput, taskView } from './ecs-shapes.ts';
import { awsCall, TasksError } from './operating-errors.ts';

/** DescribeTasks takes so many at once. */
const describeBatch = 100;

/** Whatever takes ECS's commands. */
type Client = Pick<ECSClient, 'send'>;

/** The port Tasks on ECS. */
export function createEcsTasks(options: { readonly clusterArn: string; readonly client?: Client }): Tasks {
  const { clusterArn: cluster, client = new ECSClient({}) } = options;
  const call = <Result>(asked: string, run: () => Promise<Result>) => awsCall(run, { asked, as: TasksError });
  const describeMany = (taskArns: readonly string[]) =>
    call(`describe ${taskArns.length} tasks`, () => describeTasks(client, cluster, taskArns));
  return {
    ensureTaskDefinition: (definition) =>
      call(`register the task definition ${definition.family}`, () => ensureDefinition(client, definition)),
    deregisterFamily: (family) => call(`deregister ${family}`, () => deregisterAll(client, family)),
    run: (request) =>
      awsCall(async () => runResult(await client.send(new RunTaskCommand(runInput(request, cluster)))), {
        asked: `run ${request.startedBy}`,
        as: TasksError,
        // The token stands for a task already, whatever else differs: that task is the one that was wanted.
        known: { ConflictException: conflictResult },
      }),
    stop: (taskArn, reason) =>
      call(`stop ${taskArn}`, async () => {
        await client.send(new StopTaskCommand({ cluster, task: taskArn, reason }));
      }),
    describe: async (taskArn) => (await describeMany([taskArn]))[0],
    describeMany,
    listStartedBy: (startedBy) =>
      call(`list tasks of ${startedBy}`, async () => {
        const lists = await Promise.all(
          (['RUNNING', 'STOPPED'] as const).map((desiredStatus) =>
            client.send(new ListTasksCommand({ cluster, startedBy, desiredStatus })),
          ),
        );
        return lists.flatMap(({ taskArns }) => taskArns ?? []);
      }),
    listRunningOf: (family) =>
      call(`list tasks of ${family}`, async () => {
        const answer = await client.send(new ListTasksCommand({ cluster, family, desiredStatus: 'RUNNING' }));
        return answer.taskArns ?? [];
      }),
    listRunning: (most) => call('list the tasks of the cluster', () => listRunning(client, cluster, most)),
  };
}

async function listRunning(client: Client, cluster: string, most: number): Promise<FoundTasks> {
  const taskArns: string[] = [];
  let nextToken: string | undefined;
  do {
    const answer: ListTasksCommandOutput = await client.send(
      new ListTasksCommand({ cluster, desiredStatus: 'RUNNING', ...(nextToken === undefined ? {} : { nextToken }) }),
    );
    taskArns.push(...(answer.taskArns ?? []));
    nextToken = answer.nextToken;
  } while (nextToken !== undefined && taskArns.length < most);
  return { taskArns: taskArns.slice(0, most), hasMore: nextToken !== undefined || taskArns.length > most };
}

async function describeTasks(client: Client, cluster: string, taskArns: readonly string[]): Promise<TaskView[]> {
  const views: TaskView[] = [];
  for (let from = 0; from < taskArns.length; from += describeBatch) {
    const tasks = taskArns.slice(from, from + describeBatch);
    const answer = await client.send(new DescribeTasksCommand({ cluster, tasks, include: ['TAGS'] }));
    views.push(...(answer.tasks ?? []).map(taskView));
  }
  return views;
}

async function ensureDefinition(client: Client, definition: TaskDefinitionSpec): Promise<string> {
  const content = createHash('sha256').update(JSON.stringify(definition)).digest('hex');
  const newest = await newestRevision(client, definition.family);
  if (newest?.content === content) return newest.arn;
  const answer = await client.send(new RegisterTaskDefinitionCommand(registerInput(definition, content)));
  const arn = answer.taskDefinition?.taskDefinitionArn;
  if (arn === undefined) throw new Error('RegisterTaskDefinition answered without an ARN');
  return arn;
}

async function newestRevision(
  client: Client,
  family: string,
): Promise<{ readonly arn: string; readonly content?: string } | undefined> {
  try {
    const answer = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition: family, include: ['TAGS'] }));
    const arn = answer.taskDefinition?.taskDefinitionArn;
    const content = answer.tags?.find(({ key }) => key === contentTag)?.value;
    if (arn === undefined) return undefined;
    return content === undefined ? { arn } : { arn, content };
  } catch (error) {
    // "Unable to describe task definition": the family has no active revision yet.
    if (error instanceof Error && error.name === 'ClientException') return undefined;
    throw error;
  }
}

async function deregisterAll(client: Client, family: string): Promise<void> {
  for (;;) {
    const answer = await client.send(new ListTaskDefinitionsCommand({ familyPrefix: family, status: 'ACTIVE' }));
    // The prefix also finds families whose names go on.
    const own = (answer.taskDefinitionArns ?? []).filter((arn) => arn.split('/').at(-1)?.split(':')[0] === family);
    if (own.length === 0) return;
    for (const taskDefinition of own) await client.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
  }
}

function runResult(answer: RunTaskCommandOutput): RunTaskResult {
  const taskArn = answer.tasks?.[0]?.taskArn;
  if (taskArn !== undefined) return { type: 'started', taskArn };
  const reasons = (answer.failures ?? []).map(({ arn, reason, detail }) =>
    [reason, arn, detail].filter(Boolean).join(' '),
  );
  return { type: 'refused', reasons };
}

function conflictResult(error: Error): RunTaskResult {
  const ids = 'resourceIds' in error && Array.isArray(error.resourceIds) ? error.resourceIds : [];
  const [taskArn] = ids.map(String);
  return taskArn === undefined ? { type: 'refused', reasons: [error.message] } : { type: 'started', taskArn };
}
