import type { GetTagsRequest, TagResourceRequest, UntagResourceRequest } from '@aws-sdk/client-apigatewayv2';
import type { Handlers } from '../core/service.ts';
import { type ApiStore, badRequest, findApi, findPart } from './api-store.ts';

/** The tags of one resource and how they are written back. */
interface Tagged {
  readonly tags: Readonly<Record<string, string>>;
  readonly write: (tags: Readonly<Record<string, string>>) => void;
}

/** The operations on the tags of APIs and stages. */
export function createTagHandlers(store: ApiStore): Handlers {
  return {
    TagResource: (input: TagResourceRequest) => {
      const { tags, write } = findTagged(store, input.ResourceArn ?? '');
      write({ ...tags, ...input.Tags });
      return {};
    },
    UntagResource: (input: UntagResourceRequest) => {
      const { tags, write } = findTagged(store, input.ResourceArn ?? '');
      write(Object.fromEntries(Object.entries(tags).filter(([key]) => !input.TagKeys?.includes(key))));
      return {};
    },
    GetTags: (input: GetTagsRequest) => ({ Tags: { ...findTagged(store, input.ResourceArn ?? '').tags } }),
  };
}

/** `arn:aws:apigateway:<region>::/apis/<id>`, with `/stages/$default` for its stage. */
function findTagged(store: ApiStore, arn: string): Tagged {
  const [, apiId, stageName] = /:\/apis\/(\w+)(?:\/stages\/([^/]+))?$/.exec(arn) ?? [];
  if (apiId === undefined) throw badRequest(`ResourceArn ${arn} is no ARN of an API or of a stage.`);
  const api = findApi(store, apiId);
  if (stageName === undefined) return { tags: api.tags, write: (tags) => store.apis.set(apiId, { ...api, tags }) };
  const stage = findPart(store.stages, apiId, stageName);
  return { tags: stage.tags, write: (tags) => store.stages.set(`${apiId}/${stageName}`, { ...stage, tags }) };
}
