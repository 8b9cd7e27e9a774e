import type { Json, JsonObject } from './json.ts';

/** A value of a field: JSON whose strings may be JSONata expressions between {% and %}. */
export type Template = Json;

/** Names and values of the variables that a state sets when it ends. */
export type Assignments = JsonObject;

/** States with their start: the whole machine, a branch of a Parallel, or the processor of a Map. */
export interface Program {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** A definition that passed parseDefinition; all states speak JSONata. Field names are the language's own. */
export interface Machine extends Program {
  readonly Comment?: string;
  readonly TimeoutSeconds?: number;
}

interface Common {
  readonly Comment?: string;
}

interface Following {
  readonly Next?: string;
  readonly End?: boolean;
  readonly Output?: Template;
  readonly Assign?: Assignments;
}

/** One rule of Retry. */
export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

/** One rule of Catch. */
export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly Output?: Template;
  readonly Assign?: Assignments;
}

interface Guarded {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface TaskState extends Common, Following, Guarded {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Arguments?: Template;
  readonly TimeoutSeconds?: number | string;
  readonly HeartbeatSeconds?: number | string;
}

interface PassState extends Common, Following {
  readonly Type: 'Pass';
}

export interface WaitState extends Common, Following {
  readonly Type: 'Wait';
  readonly Seconds?: number | string;
  readonly Timestamp?: string;
}

/** One rule of a Choice. */
interface ChoiceRule {
  readonly Condition: boolean | string;
  readonly Next: string;
  readonly Output?: Template;
  readonly Assign?: Assignments;
}

export interface ChoiceState extends Common {
  readonly Type: 'Choice';
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
  /** Used when no rule matched and the execution goes to Default. */
  readonly Output?: Template;
  readonly Assign?: Assignments;
}

interface SucceedState extends Common {
  readonly Type: 'Succeed';
  readonly Output?: Template;
}

export interface FailState extends Common {
  readonly Type: 'Fail';
  readonly Error?: string;
  readonly Cause?: string;
}

export interface MapState extends Common, Following, Guarded {
  readonly Type: 'Map';
  readonly Items?: Template;
  readonly ItemSelector?: Template;
  readonly MaxConcurrency?: number | string;
  readonly ItemProcessor: Program;
}

export interface ParallelState extends Common, Following, Guarded {
  readonly Type: 'Parallel';
  readonly Arguments?: Template;
  readonly Branches: readonly Program[];
}

/** Any state of the language. */
export type State =
  | TaskState
  | PassState
  | WaitState
  | ChoiceState
  | SucceedState
  | FailState
  | MapState
  | ParallelState;

/** The retriers of a state; empty for the kinds that cannot have any. */
export function retriersOf(state: State): readonly Retrier[] {
  return 'Retry' in state ? (state.Retry ?? []) : [];
}

/** The catchers of a state; empty for the kinds that cannot have any. */
export function catchersOf(state: State): readonly Catcher[] {
  return 'Catch' in state ? (state.Catch ?? []) : [];
}
