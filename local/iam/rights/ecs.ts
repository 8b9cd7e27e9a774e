import type { Right } from '../../core/service.ts';
import { arnIn, lastPart, type RightsCall, requestTags } from './call.ts';
import { passRole } from './pass-role.ts';

/**
 * Tasks, hosts and clusters on their ARNs with the condition key ecs:cluster; RunTask on the task definition. Tags on
 * creation need ecs:TagResource with ecs:CreateAction, as accounts have it by default since 2023.
 * Source: Service Authorization Reference, Amazon ECS; ECS developer guide, grant permission to tag on creation.
 */
export async function ecsRights(call: RightsCall): Promise<readonly Right[] | undefined> {
  const { operation, input } = call;
  const inCluster = onCluster(call);
  const each = (resource: 'task' | 'container-instance', ids: readonly string[]): Right[] =>
    ids.map((id) => inCluster(partArn(call, resource, id)));
  switch (operation) {
    case 'RunTask':
      return runTaskRights(call);
    case 'RegisterTaskDefinition':
      return registerRights(call);
    case 'StopTask':
      return each('task', [input.task ?? '']);
    case 'DescribeTasks':
      return each('task', input.tasks ?? []);
    case 'DescribeContainerInstances':
    case 'UpdateContainerInstancesState':
      return each('container-instance', input.containerInstances ?? []);
    case 'ListTasks':
      if (input.containerInstance === undefined) return [inCluster('*')];
      return each('container-instance', [input.containerInstance]);
    case 'ListContainerInstances':
    case 'DeregisterContainerInstance':
      return [inCluster(clusterArn(call))];
    case 'DescribeClusters':
      return (input.clusters ?? ['default']).map((cluster: string) => plain(call, clusterArn(call, cluster)));
    case 'DeleteCluster':
      return [plain(call, clusterArn(call))];
    case 'TagResource':
    case 'UntagResource':
    case 'ListTagsForResource':
      return [{ ...plain(call, input.resourceArn ?? ''), context: requestTags(input.tags) }];
    default:
      return undefined;
  }
}

async function runTaskRights(call: RightsCall): Promise<Right[]> {
  const { input } = call;
  const run: Right = {
    action: 'ecs:RunTask',
    resource: await definitionArn(call),
    context: { 'ecs:cluster': clusterArn(call), ...requestTags(input.tags) },
  };
  const { taskRoleArn, executionRoleArn } = input.overrides ?? {};
  const passed = [taskRoleArn, executionRoleArn].filter((arn) => arn !== undefined);
  return [
    run,
    ...tagOnCreate(call, partArn(call, 'task', '*')),
    ...passed.map((arn: string) => passRole(arn, 'ecs-tasks.amazonaws.com')),
  ];
}

function registerRights(call: RightsCall): Right[] {
  const { taskRoleArn, executionRoleArn, tags, family } = call.input;
  const passed = [taskRoleArn, executionRoleArn].filter((arn) => arn !== undefined);
  return [
    { action: 'ecs:RegisterTaskDefinition', resource: '*', context: requestTags(tags) },
    ...tagOnCreate(call, arnIn(call, 'ecs', `task-definition/${family}:*`)),
    ...passed.map((arn: string) => passRole(arn, 'ecs-tasks.amazonaws.com')),
  ];
}

/** What is made has no id yet: AWS asks on its kind. */
function tagOnCreate({ operation, input }: RightsCall, resource: string): Right[] {
  if ((input.tags ?? []).length === 0) return [];
  return [
    { action: 'ecs:TagResource', resource, context: { 'ecs:createaction': operation, ...requestTags(input.tags) } },
  ];
}

/** A family alone stands for its newest revision. */
async function definitionArn(call: RightsCall): Promise<string> {
  const given: string = call.input.taskDefinition ?? '';
  if (given.startsWith('arn:')) return given;
  if (given.includes(':')) return arnIn(call, 'ecs', `task-definition/${given}`);
  try {
    const { taskDefinition } = await call.cloud.call('ecs', 'DescribeTaskDefinition', { taskDefinition: given });
    return taskDefinition.taskDefinitionArn;
  } catch {
    // There is none: RunTask itself will say so to whoever may run the family.
    return arnIn(call, 'ecs', `task-definition/${given}:*`);
  }
}

function onCluster(call: RightsCall): (resource: string) => Right {
  return (resource) => ({ ...plain(call, resource), context: { 'ecs:cluster': clusterArn(call) } });
}

function plain({ operation }: RightsCall, resource: string): Right {
  return { action: `ecs:${operation}`, resource };
}

function clusterArn(call: RightsCall, cluster: string | undefined = call.input.cluster): string {
  return arnIn(call, 'ecs', `cluster/${lastPart(cluster ?? 'default')}`);
}

function partArn(call: RightsCall, resource: 'task' | 'container-instance', idOrArn: string): string {
  if (idOrArn.startsWith('arn:')) return idOrArn;
  return arnIn(call, 'ecs', `${resource}/${lastPart(call.input.cluster ?? 'default')}/${idOrArn}`);
}
