import { validationError } from '../template/validation-error.ts';

const PAGE_SIZE = 100;

/** One page of a list and the token of the next; the token is the key of the page's last item. */
export function page<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  token: string | undefined,
): { readonly items: readonly Item[]; readonly nextToken: { readonly NextToken?: string } } {
  const start = token === undefined ? 0 : items.findIndex((item) => keyOf(item) === token) + 1;
  if (token !== undefined && start === 0) throw validationError(`NextToken ${token} is not one of this list.`);
  const chosen = items.slice(start, start + PAGE_SIZE);
  const last = chosen.at(-1);
  const isLastPage = start + PAGE_SIZE >= items.length || last === undefined;
  return { items: chosen, nextToken: isLastPage ? {} : { NextToken: keyOf(last) } };
}
