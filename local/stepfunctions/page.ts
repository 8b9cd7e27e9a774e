import { AwsError } from '../core/aws-error.ts';

/** What a listing is asked for. */
export interface PageRequest {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** One page of a listing. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken: string | undefined;
}

const mostResults = 1000;

/** Takes the page that is asked for; 100 items when no number is given. @throws InvalidToken, ValidationException */
export function takePage<Item>(items: readonly Item[], request: PageRequest): Page<Item> {
  const { maxResults = 0, nextToken } = request;
  if (maxResults < 0 || maxResults > mostResults) {
    throw new AwsError('ValidationException', `maxResults ${maxResults}: 0 to ${mostResults} are allowed.`);
  }
  const start = nextToken === undefined ? 0 : readToken(nextToken);
  const end = start + (maxResults || 100);
  return { items: items.slice(start, end), nextToken: end < items.length ? writeToken(end) : undefined };
}

function writeToken(start: number): string {
  return Buffer.from(`from ${start}`).toString('base64url');
}

function readToken(token: string): number {
  const match = /^from (\d+)$/.exec(Buffer.from(token, 'base64url').toString());
  if (match === null)
    throw new AwsError('InvalidToken', `Invalid Token: '${token}'; give the nextToken of the last page.`);
  return Number(match[1]);
}
