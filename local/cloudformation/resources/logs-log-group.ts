import { createOnce, ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceContext, ResourceDriver } from '../resource-driver.ts';
import type { JsonObject } from '../template/json.ts';
import { textOf } from './pick.ts';
import { tagChange, tagMap } from './tag-change.ts';

/** AWS::Logs::LogGroup. */
export const logsLogGroup: ResourceDriver = {
  type: 'AWS::Logs::LogGroup',
  properties: ['KmsKeyId', 'LogGroupClass', 'LogGroupName', 'RetentionInDays', 'Tags'],
  replaceOn: ['KmsKeyId', 'LogGroupClass', 'LogGroupName'],
  nameProperty: 'LogGroupName',
  tags: 'list',
  create: async (context, properties) => {
    const logGroupName = textOf(properties, 'LogGroupName') ?? context.name(512);
    const tags = tagMap(properties);
    await createOnce(
      context.isRetry,
      context.call('logs', 'CreateLogGroup', {
        logGroupName,
        kmsKeyId: textOf(properties, 'KmsKeyId'),
        logGroupClass: textOf(properties, 'LogGroupClass'),
        ...(Object.keys(tags).length === 0 ? {} : { tags }),
      }),
    );
    context.remember(logGroupName);
    await setRetention(context, logGroupName, properties);
    return { physicalId: logGroupName, attributes: { Arn: `${arnOf(context, logGroupName)}:*` } };
  },
  update: async (context, resource, change) => {
    const logGroupName = resource.physicalId;
    if (change.changed.has('RetentionInDays')) {
      if (change.after['RetentionInDays'] === undefined)
        await context.call('logs', 'DeleteRetentionPolicy', { logGroupName });
      else await setRetention(context, logGroupName, change.after);
    }
    const { set, removed } = tagChange(change);
    const resourceArn = arnOf(context, logGroupName);
    const tags = Object.fromEntries(set.map(({ Key, Value }) => [Key, Value]));
    if (set.length > 0) await context.call('logs', 'TagResource', { resourceArn, tags });
    if (removed.length > 0) await context.call('logs', 'UntagResource', { resourceArn, tagKeys: removed });
    return resource;
  },
  delete: (context, resource) =>
    ignoreGone(context.call('logs', 'DeleteLogGroup', { logGroupName: resource.physicalId })),
};

function arnOf({ region, accountId }: ResourceContext, name: string): string {
  return `arn:aws:logs:${region}:${accountId}:log-group:${name}`;
}

async function setRetention(context: ResourceContext, logGroupName: string, properties: JsonObject): Promise<void> {
  const retentionInDays = properties['RetentionInDays'];
  if (retentionInDays !== undefined)
    await context.call('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays });
}
