import type { Json } from './json.ts';

/** One event of an execution's history, as it is stored. The service answers it with AWS's own member names. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  /** AWS's HistoryEventType. */
  readonly type: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  /** The one `…EventDetails` member that belongs to the type, with its name. */
  readonly details?: { readonly name: string; readonly value: EventDetails };
}

/** Members of a details object. */
export type EventDetails = Readonly<Record<string, Json>>;

/** What AWS says of a payload that it shows in full. */
export const untruncated = { truncated: false };

/** Details whose state's name and payload are shown alike for all kinds of states. */
export function enteredDetails(name: string, input: Json): NonNullable<HistoryEvent['details']> {
  return { name: 'stateEnteredEventDetails', value: { name, input: JSON.stringify(input), inputDetails: untruncated } };
}
