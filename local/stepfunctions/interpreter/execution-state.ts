import type { Failure } from './failure.ts';
import type { Json, JsonObject } from './json.ts';

/** The states of an execution that this interpreter reaches. */
export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** What never changes while an execution lives. */
export interface ExecutionIdentity {
  readonly executionArn: string;
  readonly name: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  readonly roleArn: string;
  readonly region: string;
  readonly input: Json;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

/** One step of the way from the machine to the program that a frame runs: a Map's processor or a Parallel's branch. */
export interface ProgramStep {
  readonly state: string;
  /** The branch of a Parallel; absent for a Map. */
  readonly branch?: number;
}

/** A place in the definition where the execution is: one per running sequence of states. */
export interface Frame {
  readonly id: string;
  readonly program: readonly ProgramStep[];
  /** The Map or Parallel that waits for this frame; absent for the outermost one. */
  readonly parent?: { readonly frameId: string; readonly index: number };
  /** What `$states.context.Map.Item` gives inside a Map's processor. */
  readonly mapItem?: { readonly index: number; readonly value: Json };
  /** Variables assigned in this scope; those of outer scopes are read through `parent`. */
  readonly variables: JsonObject;
  readonly previousEventId: number;
  /** The state that is entered next or is under way. */
  readonly state: string;
  readonly input: Json;
  /** Epoch milliseconds. */
  readonly enteredAt: number;
  /** Retries of this visit so far, in all and by each retrier's index. */
  readonly retryCount: number;
  readonly retriesUsed: Readonly<Record<number, number>>;
  readonly phase: Phase;
}

/**
 * What a frame waits for. `serial` differs for each wait of an execution: an answer that carries another serial
 * is late and ignored. All times are absolute, in epoch milliseconds, so that a restart goes on to the same moment.
 */
type Phase =
  | { readonly type: 'ready'; readonly serial: number }
  | { readonly type: 'retrying'; readonly serial: number; readonly dueAt: number }
  | { readonly type: 'waiting'; readonly serial: number; readonly dueAt: number }
  | TaskPhase
  | MapPhase
  | { readonly type: 'branching'; readonly serial: number; readonly outputs: Readonly<Record<number, Json>> };

/** A task whose call is under way, or whose token or child is awaited. */
export interface TaskPhase {
  readonly type: 'task';
  readonly serial: number;
  readonly arguments: Json;
  readonly scheduledAt: number;
  /** Whether the call was answered and the task goes on to wait for its token or child. */
  readonly submitted: boolean;
  readonly token?: { readonly text: string; readonly nonce: string };
  /** The execution that a `.sync:2` task started. */
  readonly childArn?: string;
  readonly deadlineAt?: number;
  readonly heartbeat?: { readonly everyMs: number; readonly dueAt: number };
}

/** A Map whose iterations run. */
export interface MapPhase {
  readonly type: 'mapping';
  readonly serial: number;
  readonly items: readonly Json[];
  readonly maxConcurrency: number;
  /** The first item whose iteration has not started. */
  readonly nextIndex: number;
  readonly startedEventId: number;
  readonly outputs: Readonly<Record<number, Json>>;
}

/** The whole cursor of an execution. The next transition is computed from it, the definition and one input alone. */
export interface ExecutionState {
  readonly status: ExecutionStatus;
  readonly lastEventId: number;
  readonly lastSerial: number;
  readonly frames: Readonly<Record<string, Frame>>;
  /** When the machine's TimeoutSeconds runs out. */
  readonly deadlineAt?: number;
  readonly stoppedAt?: number;
  /** JSON text. */
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  /** Statuses that the event bus was not yet told. */
  readonly unannounced: readonly ExecutionStatus[];
  /** Children whose awaiting task was aborted or timed out; each is stopped once. */
  readonly childrenToStop: readonly string[];
}

/** What can happen to an execution. */
export type ExecutionInput =
  | { readonly type: 'continued'; readonly frameId: string; readonly serial: number }
  | {
      readonly type: 'timerFired';
      readonly frameId: string;
      readonly serial: number;
      readonly timer: TimerName;
      readonly dueAt: number;
    }
  | { readonly type: 'executionTimedOut' }
  | { readonly type: 'callAnswered'; readonly frameId: string; readonly serial: number; readonly output: Json }
  | { readonly type: 'callFailed'; readonly frameId: string; readonly serial: number; readonly failure: Failure }
  | { readonly type: 'childClosed'; readonly frameId: string; readonly serial: number; readonly outcome: Outcome }
  | { readonly type: 'tokenSettled'; readonly nonce: string; readonly outcome: Outcome }
  | { readonly type: 'tokenBeaten'; readonly nonce: string }
  | { readonly type: 'stopped'; readonly error?: string; readonly cause?: string }
  | { readonly type: 'statusAnnounced'; readonly status: ExecutionStatus }
  | { readonly type: 'childStopped'; readonly childArn: string };

/** Which of a frame's timers. */
export type TimerName = 'wait' | 'retry' | 'timeout' | 'heartbeat';

/** How something that was awaited ended. */
export type Outcome =
  | { readonly type: 'succeeded'; readonly output: Json }
  | { readonly type: 'failed'; readonly failure: Failure };

/** The frame whose task waits with this token; undefined when the token was used, or its attempt is over. */
export function frameOfToken(state: ExecutionState, nonce: string): Frame | undefined {
  return Object.values(state.frames).find(({ phase }) => phase.type === 'task' && phase.token?.nonce === nonce);
}
