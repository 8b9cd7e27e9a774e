import { ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceContext, ResourceDriver } from '../resource-driver.ts';
import { isJsonList, isJsonObject, type JsonObject } from '../template/json.ts';
import { pick, textOf } from './pick.ts';
import { tagChange, tagList } from './tag-change.ts';

const SETTINGS = ['Description', 'EventPattern', 'RoleArn', 'ScheduleExpression', 'State'];

/** AWS::Events::Rule. Putting a rule or target again changes nothing, so a repeated creation needs no care. */
export const eventsRule: ResourceDriver = {
  type: 'AWS::Events::Rule',
  properties: [...SETTINGS, 'EventBusName', 'Name', 'Tags', 'Targets'],
  replaceOn: ['EventBusName', 'Name'],
  nameProperty: 'Name',
  tags: 'list',
  create: async (context, properties) => {
    const Name = textOf(properties, 'Name') ?? context.name(64);
    const tags = tagList(properties);
    const { RuleArn } = await context.call('events', 'PutRule', {
      Name,
      ...pick(properties, [...SETTINGS, 'EventBusName']),
      ...(tags.length === 0 ? {} : { Tags: tags }),
    });
    context.remember(Name);
    await putTargets(context, Name, properties);
    return { physicalId: Name, attributes: { Arn: RuleArn } };
  },
  update: async (context, resource, change) => {
    const Name = resource.physicalId;
    const { before, after } = change;
    await context.call('events', 'PutRule', { Name, ...pick(after, [...SETTINGS, 'EventBusName']) });
    const kept = new Set(targetIds(after));
    await removeTargets(context, Name, { properties: after, ids: targetIds(before).filter((id) => !kept.has(id)) });
    await putTargets(context, Name, after);
    const { set, removed } = tagChange(change);
    const ResourceARN = resource.attributes['Arn'];
    if (set.length > 0) await context.call('events', 'TagResource', { ResourceARN, Tags: set });
    if (removed.length > 0) await context.call('events', 'UntagResource', { ResourceARN, TagKeys: removed });
    return resource;
  },
  delete: async (context, resource, properties) => {
    const Name = resource.physicalId;
    const removal = removeTargets(context, Name, { properties, ids: targetIds(properties) });
    await ignoreGone(removal);
    await ignoreGone(context.call('events', 'DeleteRule', { Name, ...pick(properties, ['EventBusName']) }));
  },
};

function targetsOf(properties: JsonObject): readonly JsonObject[] {
  const targets = properties['Targets'];
  return isJsonList(targets) ? targets.filter(isJsonObject) : [];
}

function targetIds(properties: JsonObject): readonly string[] {
  return targetsOf(properties).map((target) => String(target['Id']));
}

async function putTargets(context: ResourceContext, Rule: string, properties: JsonObject): Promise<void> {
  const Targets = targetsOf(properties);
  if (Targets.length === 0) return;
  const answer = await context.call('events', 'PutTargets', { Rule, ...pick(properties, ['EventBusName']), Targets });
  const [failed] = answer.FailedEntries ?? [];
  if (failed !== undefined)
    throw new Error(`Target ${failed.TargetId} was refused: ${failed.ErrorMessage} (${failed.ErrorCode})`);
}

async function removeTargets(
  context: ResourceContext,
  Rule: string,
  { properties, ids }: { readonly properties: JsonObject; readonly ids: readonly string[] },
): Promise<void> {
  if (ids.length > 0)
    await context.call('events', 'RemoveTargets', { Rule, ...pick(properties, ['EventBusName']), Ids: ids });
}
