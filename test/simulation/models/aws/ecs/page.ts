import { failure } from '../failure.ts';

const largestPage = 100;

/** One page of a list; the token is the place of the next one. */
export function pageOf<Item>(
  items: readonly Item[],
  input: { readonly maxResults?: number | undefined; readonly nextToken?: string | undefined },
): { readonly items: readonly Item[]; readonly nextToken?: string } {
  const start = input.nextToken === undefined ? 0 : Number(input.nextToken);
  if (!Number.isInteger(start))
    throw failure('InvalidParameterException', `Invalid token: '${input.nextToken}' was never given out.`);
  const end = start + Math.min(input.maxResults ?? largestPage, largestPage);
  return { items: items.slice(start, end), ...(end < items.length ? { nextToken: String(end) } : {}) };
}
