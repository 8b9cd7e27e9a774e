import { ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceContext, ResourceDriver } from '../resource-driver.ts';
import type { JsonObject } from '../template/json.ts';
import { pick, requiredText } from './pick.ts';

/** How a part of an HTTP API is made and told from others. */
export interface ApiPart {
  /** Route, Integration or Authorizer: the last word of its type and of its operations. */
  readonly kind: 'Route' | 'Integration' | 'Authorizer';
  readonly settings: readonly string[];
  readonly replaceOn: readonly string[];
  /** Settings by which a repeated creation knows what the first one made. */
  readonly known: readonly string[];
}

/** The driver of routes, integrations and authorizers, which differ in their settings alone. */
export function apigatewayv2Part(part: ApiPart): ResourceDriver {
  const idMember = `${part.kind}Id`;
  return {
    type: `AWS::ApiGatewayV2::${part.kind}`,
    properties: ['ApiId', ...part.settings],
    replaceOn: ['ApiId', ...part.replaceOn],
    create: async (context, properties) => {
      const ApiId = requiredText(properties, 'ApiId');
      const settings = pick(properties, part.settings);
      const known =
        context.rememberedId ?? (context.isRetry ? await findMade(context, part, { ApiId, settings }) : undefined);
      const id = known ?? (await context.call('apigatewayv2', `Create${part.kind}`, { ApiId, ...settings }))[idMember];
      context.remember(id);
      return { physicalId: id, attributes: { [idMember]: id } };
    },
    update: async (context, resource, { after }) => {
      const settings = pick(after, part.settings);
      const target = { ApiId: after['ApiId'], [idMember]: resource.physicalId };
      await context.call('apigatewayv2', `Update${part.kind}`, { ...target, ...settings });
      return resource;
    },
    delete: (context, resource, properties) => {
      const target = { ApiId: requiredText(properties, 'ApiId'), [idMember]: resource.physicalId };
      return ignoreGone(context.call('apigatewayv2', `Delete${part.kind}`, target));
    },
  };
}

async function findMade(
  context: ResourceContext,
  part: ApiPart,
  wanted: { readonly ApiId: string; readonly settings: JsonObject },
): Promise<string | undefined> {
  const { Items } = await context.call('apigatewayv2', `Get${part.kind}s`, { ApiId: wanted.ApiId });
  for (const item of Items ?? []) {
    const id = item[`${part.kind}Id`];
    const isSame = part.known.every((name) => item[name] === wanted.settings[name]);
    if (isSame && !context.otherIds.includes(id)) return id;
  }
  return undefined;
}
