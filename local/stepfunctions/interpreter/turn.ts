import type { Machine, State } from './definition.ts';
import type { ExecutionIdentity, ExecutionState, Frame } from './execution-state.ts';
import type { Scope } from './expression.ts';
import type { ExpressionSources } from './expression-functions.ts';
import type { HistoryEvent } from './history-event.ts';
import type { Json, JsonObject } from './json.ts';
import { stateAt } from './locate-state.ts';

/** All that a transition depends on beside the state and the input. */
export interface Circumstances {
  readonly machine: Machine;
  readonly identity: ExecutionIdentity;
  /** Time and chance of this transition. */
  readonly sources: ExpressionSources;
}

/**
 * The draft of one transition: it collects the changes of the cursor and the new events of the history.
 * Nothing of it is seen outside before the transition is complete.
 */
export class Turn {
  readonly circumstances: Circumstances;
  readonly events: HistoryEvent[] = [];
  #state: ExecutionState;

  constructor(circumstances: Circumstances, state: ExecutionState) {
    this.circumstances = circumstances;
    this.#state = state;
  }

  get state(): ExecutionState {
    return this.#state;
  }

  get nowMs(): number {
    return this.circumstances.sources.nowMs;
  }

  /** The frame as it is now. @throws when it has ended: the caller holds an id that this very turn removed. */
  frame(id: string): Frame {
    const frame = this.#state.frames[id];
    if (frame === undefined) throw new Error(`The frame '${id}' is not part of ${this.circumstances.identity.name}.`);
    return frame;
  }

  put(frame: Frame): Frame {
    this.change({ frames: { ...this.#state.frames, [frame.id]: frame } });
    return frame;
  }

  remove(frameId: string): void {
    const { [frameId]: _removed, ...frames } = this.#state.frames;
    this.change({ frames });
  }

  change(changes: Partial<ExecutionState>): void {
    this.#state = { ...this.#state, ...changes };
  }

  takeSerial(): number {
    const serial = this.#state.lastSerial + 1;
    this.change({ lastSerial: serial });
    return serial;
  }

  /** Adds an event to the history; answers its id. */
  record(type: string, previousEventId: number, details?: HistoryEvent['details']): number {
    const id = this.#state.lastEventId + 1;
    const event = { id, previousEventId, type, timestamp: this.nowMs };
    this.events.push(details === undefined ? event : { ...event, details });
    this.change({ lastEventId: id });
    return id;
  }

  /** Adds an event that follows the frame's last one; answers the frame that goes on from it. */
  recordIn(frame: Frame, type: string, details?: HistoryEvent['details']): Frame {
    const previousEventId = this.record(type, frame.previousEventId, details);
    return this.put({ ...frame, previousEventId });
  }

  /** The frames that run inside a frame's Map or Parallel, directly. */
  childrenOf(frameId: string): readonly Frame[] {
    return Object.values(this.#state.frames).filter((frame) => frame.parent?.frameId === frameId);
  }

  stateOf(frame: Frame): State {
    return stateAt(this.circumstances.machine, frame);
  }

  /** What expressions in a frame's state read; `parts` adds `result` or `errorOutput`, `context` adds to the context. */
  scopeOf(frame: Frame, parts: JsonObject = {}, context: JsonObject = {}): Scope {
    return {
      variables: this.#visibleVariables(frame),
      states: { input: frame.input, context: { ...this.#contextOf(frame), ...context }, ...parts },
      sources: this.circumstances.sources,
    };
  }

  #visibleVariables(frame: Frame): JsonObject {
    if (frame.parent === undefined) return frame.variables;
    return { ...this.#visibleVariables(this.frame(frame.parent.frameId)), ...frame.variables };
  }

  #contextOf(frame: Frame): JsonObject {
    const { identity } = this.circumstances;
    const item = this.#mapItemOf(frame);
    const context: JsonObject = {
      Execution: {
        Id: identity.executionArn,
        Input: identity.input,
        Name: identity.name,
        RoleArn: identity.roleArn,
        StartTime: new Date(identity.startedAt).toISOString(),
        RedriveCount: 0,
      },
      StateMachine: { Id: identity.stateMachineArn, Name: identity.stateMachineName },
      State: { Name: frame.state, EnteredTime: new Date(frame.enteredAt).toISOString(), RetryCount: frame.retryCount },
    };
    return item === undefined ? context : { ...context, Map: { Item: item } };
  }

  /** The item of the innermost Map around a frame. */
  #mapItemOf(frame: Frame): { Index: number; Value: Json } | undefined {
    if (frame.mapItem !== undefined) return { Index: frame.mapItem.index, Value: frame.mapItem.value };
    return frame.parent === undefined ? undefined : this.#mapItemOf(this.frame(frame.parent.frameId));
  }
}
