import type { Problem } from '../lib/contract/problem-schema.ts';

/** A problem document as text: what is wrong, then each refused field with its reason and what to do. */
export function describeProblem({ detail, errors = [], status, instance }: Problem): string {
  const request = status >= 500 && instance !== undefined ? ` (request ${instance})` : '';
  if (errors.length === 0) return `${detail}${request}`;
  const width = Math.max('Field'.length, ...errors.map(({ pointer }) => pointer.length));
  const rows = errors.map((error) => [
    error.pointer,
    error.hint === undefined ? error.detail : `${error.detail} (${error.hint})`,
  ]);
  const table = [['Field', 'Error'], ...rows].map(([field = '', text]) => `${field.padEnd(width)}  ${text}`);
  return [`${detail}.`, '', ...table].join('\n');
}
