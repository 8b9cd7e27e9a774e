import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { Cloud } from '../core/service.ts';
import type { DefinitionStore } from './definition-store.ts';
import type { ExecutionIndex, ExecutionSummary } from './execution-index.ts';
import {
  type AppendText,
  type ExecutionHeader,
  firstLines,
  type JournaledExecution,
  mendJournal,
  nextLine,
  readJournal,
} from './execution-journal.ts';
import { awaitClosedChild, performCall, stopChild } from './integrations/perform-call.ts';
import type { KnownExecution } from './integrations/start-child.ts';
import { beginExecution, type Transition } from './interpreter/advance.ts';
import type { Clock } from './interpreter/clock.ts';
import { type ExecutionPorts, ExecutionRunner } from './interpreter/execution-runner.ts';
import type { ExecutionIdentity, ExecutionState } from './interpreter/execution-state.ts';
import { parseJson } from './interpreter/json.ts';
import type { LogDelivery } from './log-delivery.ts';
import { statusEvent } from './status-event.ts';

/** Names are free again so long after the execution closed. Source: Step Functions quotas. */
const retentionMs = 90 * 24 * 3_600_000;

/** What the executions of a cloud share. */
export interface ExecutionsOptions {
  readonly cloud: Cloud;
  readonly index: ExecutionIndex;
  readonly definitions: DefinitionStore;
  readonly clock: Clock;
  readonly logs: LogDelivery;
  readonly append: AppendText;
}

interface OpenExecution {
  readonly header: ExecutionHeader;
  readonly runner: ExecutionRunner;
}

/** The executions of this cloud: each with its journal, the open ones with a runner. */
export class Executions {
  readonly #options: ExecutionsOptions;
  readonly #open = new Map<string, OpenExecution>();
  readonly #closings = new Map<string, PromiseWithResolvers<void>>();

  constructor(options: ExecutionsOptions) {
    this.#options = options;
  }

  get index(): ExecutionIndex {
    return this.#options.index;
  }

  /** The runner of an open execution. */
  runner(executionArn: string): ExecutionRunner | undefined {
    return this.#open.get(executionArn)?.runner;
  }

  /** What is known of an execution beside its history. */
  find(executionArn: string): Omit<JournaledExecution, 'events'> | undefined {
    const open = this.#open.get(executionArn);
    return open === undefined ? this.read(executionArn) : { header: open.header, state: open.runner.state };
  }

  /** An execution with its history, as its journal tells it. */
  read(executionArn: string): JournaledExecution | undefined {
    return this.index.get(executionArn) === undefined ? undefined : readJournal(this.index.journalFile(executionArn));
  }

  /** Starts an execution whose name is free; it is stored when this returns. */
  start(header: ExecutionHeader): void {
    const { definitions, clock, logs, append } = this.#options;
    const { executionArn, stateMachineArn, name, startedAt } = header;
    const machine = definitions.machine(header.definitionHash);
    const identity = this.#identityOf(header);
    const sources = { nowMs: clock.now(), random: Math.random, uuid: randomUUID };
    const first = beginExecution({ machine, identity, sources });
    // A crash between the two leaves a summary without a journal: nobody was told of the start, and resume drops it.
    this.index.set({ executionArn, stateMachineArn, name, status: 'RUNNING', startedAt, isOpen: true });
    append(this.index.journalFile(executionArn), firstLines(header, first));
    logs.deliver(header, first.events);
    this.#run(header, first.state);
  }

  /** Goes on with all that was under way when this process ended, and forgets what closed long ago. */
  resume(): void {
    for (const summary of this.index.all()) {
      if (summary.isOpen) this.#tryToResume(summary);
      else if ((summary.stoppedAt ?? 0) + retentionMs < this.#options.clock.now()) this.remove(summary.executionArn);
    }
  }

  #tryToResume(summary: ExecutionSummary): void {
    try {
      this.#resumeOne(summary);
    } catch (error) {
      // One journal that cannot be read must not keep the others from going on.
      this.#options.cloud.log(`Step Functions: ${summary.executionArn} cannot go on: ${describe(error)}`);
    }
  }

  #resumeOne(summary: ExecutionSummary): void {
    const journal = this.read(summary.executionArn);
    if (journal === undefined) {
      this.remove(summary.executionArn);
      return;
    }
    mendJournal(this.index.journalFile(summary.executionArn));
    this.#run(journal.header, journal.state);
  }

  /** Ends all timers; what is stored goes on at the next start. */
  halt(): void {
    for (const { runner } of this.#open.values()) runner.halt();
    this.#open.clear();
  }

  /** Forgets a closed execution. */
  remove(executionArn: string): void {
    this.runner(executionArn)?.halt();
    this.#open.delete(executionArn);
    // The summary first: a journal without one is never read.
    this.index.delete(executionArn);
    rmSync(this.index.journalFile(executionArn), { force: true });
    this.#tellClosed(executionArn);
  }

  /** Resolves when an execution has closed; at once when it has, or when there is none of this name. */
  async whenClosed(executionArn: string): Promise<void> {
    if (this.index.get(executionArn)?.status !== 'RUNNING') return;
    const closing = this.#closings.get(executionArn) ?? Promise.withResolvers<void>();
    this.#closings.set(executionArn, closing);
    await closing.promise;
  }

  #run(header: ExecutionHeader, state: ExecutionState): void {
    const machine = this.#options.definitions.machine(header.definitionHash);
    const identity = this.#identityOf(header);
    const runner = new ExecutionRunner({ machine, identity, state }, this.#portsOf(header, identity));
    this.#open.set(header.executionArn, { header, runner });
    if (state.status !== 'RUNNING') this.#noteStatus(header, state);
    runner.start();
  }

  #identityOf(header: ExecutionHeader): ExecutionIdentity {
    const { executionArn, name, stateMachineArn, stateMachineName, roleArn, startedAt } = header;
    const { region } = this.#options.cloud;
    const input = parseJson(header.input);
    return { executionArn, name, stateMachineArn, stateMachineName, roleArn, region, startedAt, input };
  }

  #portsOf(header: ExecutionHeader, identity: ExecutionIdentity): ExecutionPorts {
    const { cloud, clock } = this.#options;
    const { executionArn, roleArn } = header;
    const calls = { cloud, roleArn };
    const findExecution = (arn: string) => this.#findKnown(arn);
    return {
      clock,
      random: Math.random,
      uuid: randomUUID,
      record: (before, transition) => this.#record(header, before, transition),
      call: (call) => performCall({ ...calls, identity, findExecution }, call),
      awaitChild: async (childArn) => {
        await this.whenClosed(childArn);
        return awaitClosedChild(calls, childArn);
      },
      stopChild: (childArn) => stopChild(calls, childArn),
      announce: (status, state) => cloud.emit(statusEvent(header, status, state)),
      finished: () => this.#finish(header),
      defect: (error) => cloud.log(`Step Functions: ${executionArn} is stuck where it was: ${describe(error)}`),
    };
  }

  #record(header: ExecutionHeader, before: ExecutionState, transition: Transition): void {
    this.#options.append(this.index.journalFile(header.executionArn), nextLine(before, transition));
    if (before.status !== transition.state.status) this.#noteStatus(header, transition.state);
    this.#options.logs.deliver(header, transition.events);
  }

  #noteStatus(header: ExecutionHeader, state: ExecutionState): void {
    const { executionArn, stateMachineArn, name, startedAt } = header;
    const { status, stoppedAt } = state;
    const stop = stoppedAt === undefined ? {} : { stoppedAt };
    this.index.set({ executionArn, stateMachineArn, name, status, startedAt, ...stop, isOpen: true });
    if (status !== 'RUNNING') this.#tellClosed(executionArn);
  }

  #tellClosed(executionArn: string): void {
    this.#closings.get(executionArn)?.resolve();
    this.#closings.delete(executionArn);
  }

  #finish({ executionArn }: ExecutionHeader): void {
    this.#open.delete(executionArn);
    const summary = this.index.get(executionArn);
    if (summary?.isOpen === true) this.index.set({ ...summary, isOpen: false });
  }

  #findKnown(executionArn: string): KnownExecution | undefined {
    const header = this.find(executionArn)?.header;
    return header === undefined ? undefined : { input: header.input, startedAt: header.startedAt };
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
