import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Transition } from './interpreter/advance.ts';
import type { ExecutionState } from './interpreter/execution-state.ts';
import type { HistoryEvent } from './interpreter/history-event.ts';
import { applyChanges, changesBetween, type StateChanges } from './interpreter/state-changes.ts';

/** What an execution was started with; the first line of its journal. */
export interface ExecutionHeader {
  readonly executionArn: string;
  readonly name: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  readonly roleArn: string;
  /** Under which the definition is stored: it stays this execution's when the machine is updated. */
  readonly definitionHash: string;
  readonly revisionId: string;
  readonly machineUpdatedAt: number;
  /** The text that StartExecution got. */
  readonly input: string;
  readonly startedAt: number;
  readonly traceHeader?: string;
}

/** One transition: its events and what it changed. */
interface JournalLine {
  readonly events: readonly HistoryEvent[];
  readonly changes: StateChanges;
}

/** An execution as its journal tells it. */
export interface JournaledExecution {
  readonly header: ExecutionHeader;
  readonly state: ExecutionState;
  readonly events: readonly HistoryEvent[];
}

/** Appends text to a file in one write; the text outlives a kill of the process from then on. */
export type AppendText = (file: string, text: string) => void;

/** Appends by the operating system. It guards against the death of the process, not of the machine, as DurableMap does. */
export const appendText: AppendText = (file, text) => {
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, text);
};

/** The text that begins a journal. In one write an execution has its header and its first transition, or nothing. */
export function firstLines(header: ExecutionHeader, first: Transition): string {
  return `${JSON.stringify(header)}\n${lineOf(undefined, first)}`;
}

/** The text that a transition adds to a journal. */
export function nextLine(before: ExecutionState, transition: Transition): string {
  return lineOf(before, transition);
}

function lineOf(before: ExecutionState | undefined, { state, events }: Transition): string {
  const line: JournalLine = { events, changes: changesBetween(before, state) };
  return `${JSON.stringify(line)}\n`;
}

/** Reads a journal; undefined when the execution was never fully started. A torn last line does not count. */
export function readJournal(file: string): JournaledExecution | undefined {
  if (!existsSync(file)) return undefined;
  const [headerText, ...lineTexts] = wholeLines(readFileSync(file, 'utf8'));
  if (headerText === undefined || lineTexts.length === 0) return undefined;
  const header: ExecutionHeader = JSON.parse(headerText);
  const lines = lineTexts.map((text): JournalLine => JSON.parse(text));
  const state = lines.reduce<ExecutionState | undefined>(
    (before, { changes }) => applyChanges(before, changes),
    undefined,
  );
  return state === undefined ? undefined : { header, state, events: lines.flatMap(({ events }) => events) };
}

/** Cuts off the line that a crash tore, so that the next one begins on its own. */
export function mendJournal(file: string): void {
  const bytes = readFileSync(file);
  truncateSync(file, bytes.lastIndexOf('\n') + 1);
}

function wholeLines(text: string): string[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
}
