import type { Filter, Tag } from '@aws-sdk/client-ec2';
import { failure, notModelled } from '../failure.ts';

/** How a kind of resource is found: its values by the names of filters, and its tags. */
export interface Findable {
  readonly values: Readonly<Record<string, readonly (string | undefined)[]>>;
  readonly tags: readonly Tag[];
}

/** The resources that all filters let through. Filters that are not modelled are refused. */
export function filterBy<Resource>(
  resources: readonly Resource[],
  filters: readonly Filter[] | undefined,
  findable: (resource: Resource) => Findable,
): readonly Resource[] {
  return resources.filter((resource) => (filters ?? []).every((filter) => matches(filter, findable(resource))));
}

/** One page; the token is the place of the next one. */
export function pageOf<Item>(
  items: readonly Item[],
  input: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
): { readonly items: readonly Item[]; readonly NextToken?: string } {
  const start = input.NextToken === undefined ? 0 : Number(input.NextToken);
  if (!Number.isInteger(start))
    throw failure('InvalidPaginationToken', `NextToken '${input.NextToken}' is not one that was given out.`);
  const end = input.MaxResults === undefined ? items.length : start + input.MaxResults;
  return { items: items.slice(start, end), ...(end < items.length ? { NextToken: String(end) } : {}) };
}

function matches({ Name = '', Values = [] }: Filter, { values, tags }: Findable): boolean {
  const tagKey = Name.startsWith('tag:') ? Name.slice('tag:'.length) : undefined;
  const found =
    Name === 'tag-key'
      ? tags.map(({ Key }) => Key)
      : tagKey === undefined
        ? values[Name]
        : tags.filter(({ Key }) => Key === tagKey).map(({ Value }) => Value);
  if (found === undefined) throw notModelled(`ec2 filter '${Name}'`, [...Object.keys(values), 'tag:<key>', 'tag-key']);
  const wildcard = Values.find((value) => /[*?]/.test(value));
  if (wildcard !== undefined) throw notModelled(`ec2 filter value '${wildcard}'`, ['values without * and ?']);
  return Values.some((value) => found.includes(value));
}
