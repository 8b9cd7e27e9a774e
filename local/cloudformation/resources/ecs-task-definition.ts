import { ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceContext, ResourceDriver } from '../resource-driver.ts';
import type { JsonObject } from '../template/json.ts';
import { textOf } from './pick.ts';
import { tagChange, tagList } from './tag-change.ts';

const SETTINGS = [
  'ContainerDefinitions',
  'Cpu',
  'EphemeralStorage',
  'ExecutionRoleArn',
  'IpcMode',
  'Memory',
  'NetworkMode',
  'PidMode',
  'PlacementConstraints',
  'RequiresCompatibilities',
  'RuntimePlatform',
  'TaskRoleArn',
  'Volumes',
];

/** AWS::ECS::TaskDefinition. Every change but of tags is a new revision. */
export const ecsTaskDefinition: ResourceDriver = {
  type: 'AWS::ECS::TaskDefinition',
  properties: [...SETTINGS, 'Family', 'Tags'],
  replaceOn: [...SETTINGS, 'Family'],
  tags: 'list',
  create: async (context, properties) => {
    const tags = tagList(properties);
    const known = context.rememberedId;
    const arn = known ?? (await register(context, properties, tags.length === 0 ? {} : { tags }));
    context.remember(arn);
    return { physicalId: arn, attributes: { TaskDefinitionArn: arn } };
  },
  update: async (context, resource, change) => {
    const { set, removed } = tagChange(change);
    const resourceArn = resource.physicalId;
    if (set.length > 0) await context.call('ecs', 'TagResource', { resourceArn, tags: set });
    if (removed.length > 0) await context.call('ecs', 'UntagResource', { resourceArn, tagKeys: removed });
    return resource;
  },
  delete: (context, resource) =>
    ignoreGone(context.call('ecs', 'DeregisterTaskDefinition', { taskDefinition: resource.physicalId })),
};

async function register(context: ResourceContext, properties: JsonObject, tags: object): Promise<string> {
  const { Family: _, Tags: __, ...settings } = properties;
  const family = textOf(properties, 'Family') ?? context.name(255);
  const input = { family, ...settings, ...tags };
  return (await context.call('ecs', 'RegisterTaskDefinition', input)).taskDefinition.taskDefinitionArn;
}
