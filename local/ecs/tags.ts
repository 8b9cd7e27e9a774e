import type { TagResourceRequest, UntagResourceRequest } from '@aws-sdk/client-ecs';
import { AwsError } from '../core/aws-error.ts';
import type { Handlers } from '../core/service.ts';
import type { EcsStore } from './store.ts';

/** Tags of clusters, task definitions, container instances and tasks. */
export function tagHandlers(store: EcsStore): Handlers {
  return {
    TagResource: ({ resourceArn = '', tags = [] }: TagResourceRequest) => {
      requireResource(store, resourceArn);
      const kept = (store.tags.get(resourceArn) ?? []).filter(({ key }) => !tags.some((tag) => tag.key === key));
      store.tags.set(resourceArn, [...kept, ...tags]);
      return {};
    },
    UntagResource: ({ resourceArn = '', tagKeys = [] }: UntagResourceRequest) => {
      requireResource(store, resourceArn);
      const kept = (store.tags.get(resourceArn) ?? []).filter(({ key }) => !tagKeys.includes(key ?? ''));
      store.tags.set(resourceArn, kept);
      return {};
    },
    ListTagsForResource: ({ resourceArn = '' }: { readonly resourceArn?: string }) => {
      requireResource(store, resourceArn);
      return { tags: [...(store.tags.get(resourceArn) ?? [])] };
    },
  };
}

function requireResource(store: EcsStore, arn: string): void {
  const isKnown =
    store.tasks.has(arn) ||
    store.definitions.has(arn) ||
    store.containerInstances.has(arn) ||
    store.clusters.values().some((cluster) => cluster.arn === arn);
  if (!isKnown) throw new AwsError('InvalidParameterException', `The specified resource was not found: ${arn}.`);
}
