import { createOnce, ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceDriver } from '../resource-driver.ts';
import { pick, requiredText } from './pick.ts';
import { tagChange, tagMap } from './tag-change.ts';

const SETTINGS = [
  'AccessLogSettings',
  'AutoDeploy',
  'DefaultRouteSettings',
  'DeploymentId',
  'Description',
  'RouteSettings',
  'StageVariables',
];

/** AWS::ApiGatewayV2::Stage. */
export const apigatewayv2Stage: ResourceDriver = {
  type: 'AWS::ApiGatewayV2::Stage',
  properties: [...SETTINGS, 'ApiId', 'StageName', 'Tags'],
  replaceOn: ['ApiId', 'StageName'],
  tags: 'map',
  create: async (context, properties) => {
    const StageName = requiredText(properties, 'StageName');
    const input = { ...pick(properties, ['ApiId', ...SETTINGS]), StageName, Tags: tagMap(properties) };
    await createOnce(context.isRetry, context.call('apigatewayv2', 'CreateStage', input));
    context.remember(StageName);
    return { physicalId: StageName, attributes: {} };
  },
  update: async (context, resource, change) => {
    const StageName = resource.physicalId;
    const ApiId = requiredText(change.after, 'ApiId');
    if (SETTINGS.some((name) => change.changed.has(name)))
      await context.call('apigatewayv2', 'UpdateStage', { ApiId, StageName, ...pick(change.after, SETTINGS) });
    const { set, removed } = tagChange(change);
    const ResourceArn = `arn:aws:apigateway:${context.region}::/apis/${ApiId}/stages/${StageName}`;
    const Tags = Object.fromEntries(set.map(({ Key, Value }) => [Key, Value]));
    if (set.length > 0) await context.call('apigatewayv2', 'TagResource', { ResourceArn, Tags });
    if (removed.length > 0) await context.call('apigatewayv2', 'UntagResource', { ResourceArn, TagKeys: removed });
    return resource;
  },
  delete: (context, resource, properties) => {
    const target = { ApiId: requiredText(properties, 'ApiId'), StageName: resource.physicalId };
    return ignoreGone(context.call('apigatewayv2', 'DeleteStage', target));
  },
};
