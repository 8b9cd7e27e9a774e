import type { Assignments, Template } from './definition.ts';
import type { Failure } from './failure.ts';
import type { Json, JsonObject } from './json.ts';

/** Where a state goes when it is done, and what it makes of its data on the way. */
export interface Exit {
  /** The output when there is no Output field. */
  readonly fallback: Json;
  /** What `$states` has beside input and context: `result` or `errorOutput`. */
  readonly parts: JsonObject;
  readonly output: Template | undefined;
  readonly assign: Assignments | undefined;
  /** Absent when the sequence of states ends here. */
  readonly next: string | undefined;
  /** Whether a Catch leads out: a failure on this way is not retried and not caught by the same state. */
  readonly caught: boolean;
}

/** What became of a frame in one piece of a transition; the transition goes on until the frame is parked. */
export type StateResult =
  /** It waits for an input. */
  | { readonly type: 'parked' }
  /** Its state is done and is left next. */
  | { readonly type: 'done'; readonly frameId: string; readonly exit: Exit }
  /** Its state failed: Retry and Catch are asked next. */
  | { readonly type: 'failed'; readonly frameId: string; readonly failure: Failure }
  /** It left its last state. */
  | { readonly type: 'ended'; readonly frameId: string; readonly output: Json }
  /** No Catch took its failure. */
  | { readonly type: 'broken'; readonly frameId: string; readonly failure: Failure };

/** The frame waits. */
export const parked: StateResult = { type: 'parked' };

interface Fields {
  readonly Next?: string;
  readonly Output?: Template;
  readonly Assign?: Assignments;
}

/** The way out by the fields of a state or of a rule, when nothing failed. */
export function exitBy(fields: Fields, fallback: Json, parts: JsonObject = {}): Exit {
  return { fallback, parts, output: fields.Output, assign: fields.Assign, next: fields.Next, caught: false };
}
