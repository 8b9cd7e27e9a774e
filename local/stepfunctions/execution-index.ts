import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DurableMap } from '../core/durable-map.ts';
import type { ExecutionStatus } from './interpreter/execution-state.ts';

/** What is known of an execution without reading its journal. Times are epoch milliseconds. */
export interface ExecutionSummary {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly startedAt: number;
  readonly stoppedAt?: number;
  /** Whether something is left to do: it runs, or its end was not yet told everywhere. */
  readonly isOpen: boolean;
}

/** All executions by ARN. Of a closed one nothing else is kept in memory. */
export class ExecutionIndex {
  readonly #folder: string;
  readonly #summaries: DurableMap<ExecutionSummary>;

  constructor(folder: string) {
    this.#folder = folder;
    this.#summaries = new DurableMap(join(folder, 'executions.jsonl'));
  }

  get(executionArn: string): ExecutionSummary | undefined {
    return this.#summaries.get(executionArn);
  }

  set(summary: ExecutionSummary): void {
    this.#summaries.set(summary.executionArn, summary);
  }

  delete(executionArn: string): void {
    this.#summaries.delete(executionArn);
  }

  all(): ExecutionSummary[] {
    return this.#summaries.values();
  }

  /** The executions of a machine, the newest first. */
  ofMachine(stateMachineArn: string): ExecutionSummary[] {
    return this.all()
      .filter((summary) => summary.stateMachineArn === stateMachineArn)
      .reverse()
      .sort((a, b) => b.startedAt - a.startedAt);
  }

  /** Where an execution's journal lies. Names may hold more than a file name can: their hash stands for them. */
  journalFile(executionArn: string): string {
    const hash = createHash('sha256').update(executionArn).digest('hex');
    return join(this.#folder, 'executions', `${hash.slice(0, 40)}.jsonl`);
  }
}
