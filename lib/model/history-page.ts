import type { Operation } from './operation.ts';

/** Which part of a history is read: the newest operations, or those before an operation. */
export interface HistoryPage {
  readonly limit: number;
  /** `cursor` of an earlier page. */
  readonly before?: string;
}

/** Where an operation stands in the history; sorts by time. */
export function historyCursor({ requestedAt, id }: Pick<Operation, 'requestedAt' | 'id'>): string {
  return `${String(requestedAt).padStart(15, '0')}#${id}`;
}

/**
 * What of the operations that were found is the page, given one more than it takes: that one tells that another page
 * follows. `operations`: newest first.
 */
export function historyPage<Of extends Operation>(
  operations: readonly Of[],
  limit: number,
): { readonly operations: readonly Of[]; readonly cursor?: string } {
  const shown = operations.slice(0, limit);
  const last = shown.at(-1);
  const isLast = last === undefined || operations.length <= limit;
  return { operations: shown, ...(isLast ? {} : { cursor: historyCursor(last) }) };
}
