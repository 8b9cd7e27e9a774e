import type { Filter, Tag } from '@aws-sdk/client-ec2';
import { AwsError } from '../core/aws-error.ts';

/** What a Describe operation is asked. */
export interface DescribeInput {
  readonly Filters?: readonly Filter[] | undefined;
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/** How a kind of resource is found: its values by the names of filters. */
export type FilterValues = Readonly<Record<string, readonly (string | undefined)[]>>;

/** The resources that all filters let through. Names of filters that the kind does not have are refused. */
export function filterBy<Resource>(
  resources: readonly Resource[],
  filters: readonly Filter[] | undefined,
  valuesOf: (resource: Resource) => { readonly values: FilterValues; readonly tags: readonly Tag[] },
): Resource[] {
  return resources.filter((resource) => {
    const { values, tags } = valuesOf(resource);
    return (filters ?? []).every((filter) => matches(filter, values, tags));
  });
}

/** The resources with the wanted ids. @throws the error that `missing` makes of an unknown id */
export function pickIds<Resource>(
  find: (id: string) => Resource | undefined,
  ids: readonly string[],
  missing: (id: string) => AwsError,
): Resource[] {
  return ids.map((id) => {
    const resource = find(id);
    if (resource === undefined) throw missing(id);
    return resource;
  });
}

/** One page; the token is the place of the next one. */
export function pageOf<Item>(
  items: readonly Item[],
  input: DescribeInput,
): { readonly items: Item[]; readonly NextToken?: string } {
  const start = input.NextToken === undefined ? 0 : Number(input.NextToken);
  if (!Number.isInteger(start))
    throw new AwsError('InvalidPaginationToken', `NextToken '${input.NextToken}' is not one that was given out.`);
  const end = input.MaxResults === undefined ? items.length : start + input.MaxResults;
  return { items: items.slice(start, end), ...(end < items.length && { NextToken: String(end) }) };
}

function matches(filter: Filter, values: FilterValues, tags: readonly Tag[]): boolean {
  const name = filter.Name ?? '';
  const found = valuesFor(name, values, tags);
  return (filter.Values ?? []).some((pattern) => found.some((value) => value !== undefined && fits(value, pattern)));
}

function valuesFor(name: string, values: FilterValues, tags: readonly Tag[]): readonly (string | undefined)[] {
  if (name.startsWith('tag:')) return tags.filter(({ Key }) => Key === name.slice(4)).map(({ Value }) => Value);
  if (name === 'tag-key') return tags.map(({ Key }) => Key);
  const found = values[name];
  if (found !== undefined) return found;
  throw new AwsError(
    'InvalidParameterValue',
    `The filter '${name}' is invalid or not done on the local cloud. Use ${Object.keys(values).join(', ')}, tag:<key> or tag-key.`,
  );
}

/** `*` stands for any text and `?` for one character, as in EC2's filters. */
function fits(value: string, pattern: string): boolean {
  if (!/[*?]/.test(pattern)) return value === pattern;
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(value);
}
