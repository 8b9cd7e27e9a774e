import type { Cloud, Right, ServiceName } from '../../core/service.ts';

/** An operation about to be run, with what the tables of rights need to name its resources. */
export interface RightsCall {
  readonly cloud: Pick<Cloud, 'accountId' | 'region' | 'call'>;
  readonly service: ServiceName;
  readonly operation: string;
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's schemas checked it, member by member
  readonly input: any;
}

/**
 * The rights that an operation needs, all of them. Undefined: the table does not know the operation, and its action of
 * the same name is asked for on every resource.
 */
export type RightsTable = (call: RightsCall) => readonly Right[] | undefined | Promise<readonly Right[] | undefined>;

/** An ARN of this account and region. */
export function arnIn({ cloud }: Pick<RightsCall, 'cloud'>, service: string, resource: string): string {
  return `arn:aws:${service}:${cloud.region}:${cloud.accountId}:${resource}`;
}

/** Whatever follows the last slash. */
export function lastPart(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
}

type AnyTag = { readonly Key?: string; readonly key?: string; readonly Value?: string; readonly value?: string };

/** The condition keys of tags: <prefix>/<key> for each, for example aws:RequestTag. */
export function tagContext(prefix: string, tags: readonly AnyTag[] | undefined): Record<string, string> {
  const entries = (tags ?? []).map((tag) => [
    `${prefix}/${tag.Key ?? tag.key ?? ''}`.toLowerCase(),
    tag.Value ?? tag.value ?? '',
  ]);
  return Object.fromEntries(entries);
}

/** The condition keys of a request that sets tags. */
export function requestTags(tags: readonly AnyTag[] | undefined): Record<string, string | readonly string[]> {
  if (tags === undefined || tags.length === 0) return {};
  return { ...tagContext('aws:requesttag', tags), 'aws:tagkeys': tags.map((tag) => tag.Key ?? tag.key ?? '') };
}
