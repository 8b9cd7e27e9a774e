import { ignoreGone } from '../engine/call-outcome.ts';
import type { PhysicalResource, ResourceContext, ResourceDriver } from '../resource-driver.ts';
import { isOwned, ownershipTags } from './ownership-tags.ts';
import { pick } from './pick.ts';
import { tagChange, tagMap } from './tag-change.ts';

const SETTINGS = [
  'CorsConfiguration',
  'Description',
  'DisableExecuteApiEndpoint',
  'IpAddressType',
  'Name',
  'RouteSelectionExpression',
  'Version',
];

/** AWS::ApiGatewayV2::Api. */
export const apigatewayv2Api: ResourceDriver = {
  type: 'AWS::ApiGatewayV2::Api',
  properties: [...SETTINGS, 'ProtocolType', 'Tags'],
  replaceOn: ['ProtocolType'],
  tags: 'map',
  create: async (context, properties) => {
    const known = context.rememberedId ?? (context.isRetry ? await findOwned(context) : undefined);
    if (known !== undefined) return describe(context, known);
    const { ApiId } = await context.call('apigatewayv2', 'CreateApi', {
      ...pick(properties, [...SETTINGS, 'ProtocolType']),
      Tags: { ...tagMap(properties), ...ownershipTags(context) },
    });
    context.remember(ApiId);
    return describe(context, ApiId);
  },
  update: async (context, resource, change) => {
    const ApiId = resource.physicalId;
    const { before, after, changed } = change;
    if (SETTINGS.some((name) => changed.has(name)))
      await context.call('apigatewayv2', 'UpdateApi', { ApiId, ...pick(after, SETTINGS) });
    if (before['CorsConfiguration'] !== undefined && after['CorsConfiguration'] === undefined)
      await context.call('apigatewayv2', 'DeleteCorsConfiguration', { ApiId });
    const { set, removed } = tagChange(change);
    const ResourceArn = `arn:aws:apigateway:${context.region}::/apis/${ApiId}`;
    const Tags = Object.fromEntries(set.map(({ Key, Value }) => [Key, Value]));
    if (set.length > 0) await context.call('apigatewayv2', 'TagResource', { ResourceArn, Tags });
    if (removed.length > 0) await context.call('apigatewayv2', 'UntagResource', { ResourceArn, TagKeys: removed });
    return describe(context, ApiId);
  },
  delete: (context, resource) => ignoreGone(context.call('apigatewayv2', 'DeleteApi', { ApiId: resource.physicalId })),
};

async function findOwned(context: ResourceContext): Promise<string | undefined> {
  const { Items } = await context.call('apigatewayv2', 'GetApis', {});
  for (const { ApiId, Tags } of Items ?? [])
    if (isOwned(context, Tags) && !context.otherIds.includes(ApiId)) return ApiId;
  return undefined;
}

async function describe(context: ResourceContext, ApiId: string): Promise<PhysicalResource> {
  context.remember(ApiId);
  const { ApiEndpoint } = await context.call('apigatewayv2', 'GetApi', { ApiId });
  return { physicalId: ApiId, attributes: { ApiEndpoint, ApiId } };
}
