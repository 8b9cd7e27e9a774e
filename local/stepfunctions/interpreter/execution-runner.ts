import { type Activity, activitiesOf, type CallActivity } from './activities.ts';
import { advance, type Transition } from './advance.ts';
import type { Clock } from './clock.ts';
import type { Machine } from './definition.ts';
import type { ExecutionIdentity, ExecutionInput, ExecutionState, ExecutionStatus, Outcome } from './execution-state.ts';

/** The world around an execution. */
export interface ExecutionPorts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly uuid: () => string;
  /** Stores a transition before it returns; nothing that follows from the transition happens earlier. */
  readonly record: (before: ExecutionState, transition: Transition) => void;
  /** Makes a task's call. What goes wrong in the world is an outcome; a rejection is a defect. */
  readonly call: (call: CallActivity) => Promise<Outcome>;
  /** Waits until the child has closed. */
  readonly awaitChild: (childArn: string) => Promise<Outcome>;
  readonly stopChild: (childArn: string) => Promise<void>;
  /** Tells the event bus; durable when it returns. */
  readonly announce: (status: ExecutionStatus, state: ExecutionState) => void;
  /** The execution has closed, and nothing is left to do for it. */
  readonly finished: () => void;
  /** A defect or a failed write: the execution stays as it was last stored. */
  readonly defect: (error: unknown) => void;
}

/** An execution with its definition and its last stored state. */
export interface RunnableExecution {
  readonly machine: Machine;
  readonly identity: ExecutionIdentity;
  readonly state: ExecutionState;
}

/**
 * Runs one execution: takes its inputs one after the other, stores each transition, then sees to it that exactly the
 * activities of the new state are under way. A start after a crash is the same rule, applied to the stored state.
 */
export class ExecutionRunner {
  readonly #execution: RunnableExecution;
  readonly #ports: ExecutionPorts;
  readonly #cancels = new Map<string, () => void>();
  #state: ExecutionState;
  #turn: Promise<unknown> = Promise.resolve();
  #halted = false;

  constructor(execution: RunnableExecution, ports: ExecutionPorts) {
    this.#execution = execution;
    this.#ports = ports;
    this.#state = execution.state;
  }

  get state(): ExecutionState {
    return this.#state;
  }

  /** Starts what the stored state needs. */
  start(): void {
    this.#arrange();
  }

  /** Ends all timers and takes no input any more; what is stored goes on with the next runner. */
  halt(): void {
    this.#halted = true;
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }

  /**
   * Takes an input after those that came before it. The answer comes when the transition is stored; it is false when
   * the input came too late and changed nothing.
   */
  deliver(input: ExecutionInput): Promise<boolean> {
    const taken = this.#turn.then(() => this.#take(input));
    // A failed input is reported to whoever delivered it; the next one has its own turn.
    this.#turn = taken.catch(() => undefined);
    return taken;
  }

  async #take(input: ExecutionInput): Promise<boolean> {
    if (this.#halted) return false;
    const { machine, identity } = this.#execution;
    const { clock, random, uuid } = this.#ports;
    const before = this.#state;
    const sources = { nowMs: clock.now(), random, uuid };
    const transition = await advance({ machine, identity, sources }, before, input);
    if (this.#halted || transition.state === before) return false;
    this.#ports.record(before, transition);
    this.#state = transition.state;
    this.#arrange();
    return true;
  }

  /** Ends what is no longer needed and starts what is missing. */
  #arrange(): void {
    const needed = activitiesOf(this.#execution.machine, this.#state);
    const ids = new Set(needed.map(({ id }) => id));
    for (const [id, cancel] of this.#cancels) {
      if (ids.has(id)) continue;
      this.#cancels.delete(id);
      cancel();
    }
    for (const activity of needed) {
      if (!this.#cancels.has(activity.id)) this.#cancels.set(activity.id, this.#begin(activity));
    }
    if (needed.length === 0 && this.#state.status !== 'RUNNING') this.#ports.finished();
  }

  /** Starts one activity; answers what cancels it. A call cannot be taken back: its answer comes too late instead. */
  #begin(activity: Activity): () => void {
    switch (activity.type) {
      case 'timer':
        return this.#ports.clock.at(activity.dueAt, () => this.#report({ ...activity, type: 'timerFired' }));
      case 'executionTimer':
        return this.#ports.clock.at(activity.dueAt, () => this.#report({ type: 'executionTimedOut' }));
      case 'continue':
        this.#report({ ...activity, type: 'continued' });
        return noCancel;
      default:
        this.#perform(activity).then((input) => this.#report(input), this.#ports.defect);
        return noCancel;
    }
  }

  async #perform(
    activity: Exclude<Activity, { type: 'timer' | 'executionTimer' | 'continue' }>,
  ): Promise<ExecutionInput> {
    switch (activity.type) {
      case 'call':
        return answerInput(activity, await this.#ports.call(activity));
      case 'awaitChild': {
        const { frameId, serial } = activity;
        return { type: 'childClosed', frameId, serial, outcome: await this.#ports.awaitChild(activity.childArn) };
      }
      case 'stopChild':
        await this.#ports.stopChild(activity.childArn);
        return { type: 'childStopped', childArn: activity.childArn };
      case 'announce':
        this.#ports.announce(activity.status, this.#state);
        return { type: 'statusAnnounced', status: activity.status };
    }
  }

  #report(input: ExecutionInput): void {
    this.deliver(input).catch(this.#ports.defect);
  }
}

function answerInput({ frameId, serial }: CallActivity, outcome: Outcome): ExecutionInput {
  return outcome.type === 'succeeded'
    ? { type: 'callAnswered', frameId, serial, output: outcome.output }
    : { type: 'callFailed', frameId, serial, failure: outcome.failure };
}

function noCancel(): void {
  // What was begun ends by itself, and its answer is ignored when nothing waits for it.
}
