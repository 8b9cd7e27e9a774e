import { type ApiResponse, problem } from './api-response.ts';

/** Part of a schema of lib/contract: all that is needed of it here. */
interface QuerySchema<Query> {
  safeParse(query: unknown): { readonly success: true; readonly data: Query } | { readonly success: false };
}

export type QueryReading<Query> =
  | { readonly type: 'read'; readonly query: Query }
  | { readonly type: 'answered'; readonly response: ApiResponse };

const mostCharacters = 200;

/** Reads a query; one with another name or value is answered with what there is. */
export function readQuery<Query>(
  schema: QuerySchema<Query>,
  query: Readonly<Record<string, string>>,
  known: string,
): QueryReading<Query> {
  const parsed = schema.safeParse(query);
  if (parsed.success) return { type: 'read', query: parsed.data };
  const given = String(new URLSearchParams(query)).slice(0, mostCharacters);
  const detail =
    given === '' ? `The query is missing. There is ${known}` : `The query ${given} is not known. There is ${known}`;
  return { type: 'answered', response: problem({ kind: 'bad-request', status: 400, detail }) };
}
