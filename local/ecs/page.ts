import { AwsError } from '../core/aws-error.ts';

const LARGEST_PAGE = 100;

/** One page of a list; the token is the place of the next one. */
export function pageOf<Item>(
  items: readonly Item[],
  input: { readonly maxResults?: number | undefined; readonly nextToken?: string | undefined },
): { readonly items: Item[]; readonly nextToken?: string } {
  const start = input.nextToken === undefined ? 0 : Number(input.nextToken);
  if (!Number.isInteger(start))
    throw new AwsError('InvalidParameterException', `Invalid token: '${input.nextToken}' was never given out.`);
  const end = start + Math.min(input.maxResults ?? LARGEST_PAGE, LARGEST_PAGE);
  return { items: items.slice(start, end), ...(end < items.length && { nextToken: String(end) }) };
}
