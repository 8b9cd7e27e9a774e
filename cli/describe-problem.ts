import type { Problem } from '../lib/contract/problem-schema.ts';
import { drawTable } from './table.ts';

/** A problem document as text: what is wrong, then each refused field with its reason and what to do. */
export function describeProblem({ detail, errors = [], status, instance }: Problem): string {
  const request = status >= 500 && instance !== undefined ? ` (request ${instance})` : '';
  if (errors.length === 0) return `${detail}${request}`;
  return [`${detail}.`, '', drawTable([['Field', 'Error'], ...errors.map(fieldRow)])].join('\n');
}

/** A refused field, and its reason with what to do. */
export function fieldRow({ pointer, detail, hint }: NonNullable<Problem['errors']>[number]): readonly [string, string] {
  return [pointer, hint === undefined ? detail : `${detail} (${hint})`];
}
