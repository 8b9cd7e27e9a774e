import { createOnce, ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceDriver } from '../resource-driver.ts';
import type { JsonObject } from '../template/json.ts';
import { pick, textOf } from './pick.ts';
import { tagChange, tagList } from './tag-change.ts';

const WRITTEN = ['AllowedPattern', 'DataType', 'Description', 'Policies', 'Tier', 'Type', 'Value'];

/** AWS::SSM::Parameter. */
export const ssmParameter: ResourceDriver = {
  type: 'AWS::SSM::Parameter',
  properties: [...WRITTEN, 'Name', 'Tags'],
  replaceOn: ['Name'],
  nameProperty: 'Name',
  tags: 'map',
  create: async (context, properties) => {
    const name = textOf(properties, 'Name') ?? context.name(1011);
    const tags = tagList(properties);
    const input = { Name: name, ...pick(properties, WRITTEN), ...(tags.length === 0 ? {} : { Tags: tags }) };
    await createOnce(context.isRetry, context.call('ssm', 'PutParameter', input));
    context.remember(name);
    return { physicalId: name, attributes: attributesOf(properties) };
  },
  update: async (context, resource, change) => {
    const Name = resource.physicalId;
    await context.call('ssm', 'PutParameter', { Name, ...pick(change.after, WRITTEN), Overwrite: true });
    const { set, removed } = tagChange(change);
    const target = { ResourceType: 'Parameter', ResourceId: Name };
    if (set.length > 0) await context.call('ssm', 'AddTagsToResource', { ...target, Tags: set });
    if (removed.length > 0) await context.call('ssm', 'RemoveTagsFromResource', { ...target, TagKeys: removed });
    return { physicalId: Name, attributes: attributesOf(change.after) };
  },
  delete: (context, resource) => ignoreGone(context.call('ssm', 'DeleteParameter', { Name: resource.physicalId })),
};

function attributesOf(properties: JsonObject): JsonObject {
  return pick(properties, ['Type', 'Value']);
}
