import type { Operation, PastOperation } from './operation.ts';
import { operationOutcome } from './plan/operation-outcome.ts';
import type { ServiceState } from './state.ts';

/** Of all lines together, as JSON: a tombstone is one item of the table, which takes 400 KB. */
const mostCharacters = 100_000;

/** What a tombstone keeps of the history, as it is when the service goes: the newest operations that there is room for. */
export function keptHistory(newestFirst: readonly Operation[], state: ServiceState): readonly PastOperation[] {
  const kept: PastOperation[] = [];
  let characters = 0;
  for (const operation of newestFirst) {
    const past = { ...operation, outcome: operationOutcome(operation, state) };
    characters += JSON.stringify(past).length;
    if (characters > mostCharacters) break;
    kept.push(past);
  }
  return kept;
}
