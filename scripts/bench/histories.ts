import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { firstControllerId } from '../../lib/model/node.ts';
import type { NodeTime } from './measurement.ts';

/** One execution and all that its history holds, in order. */
export interface ExecutionHistory {
  readonly name: string;
  readonly events: readonly HistoryEvent[];
}

/** Which states make which phase of a node's restart. */
const phaseOfState: Readonly<Record<string, string>> = {
  'Await turn': 'wait for turn',
  'May stop': 'wait for turn',
  Stop: 'stop',
  'Release registration': 'release',
  Place: 'place',
  'Attach volume': 'volume',
  'Prepare volume': 'volume',
  'Publish name': 'place',
  Start: 'start',
  'Join quorum': 'join quorum',
  'Apply properties': 'in sync',
  'Await in sync': 'in sync',
};

/** What an execution cost. AWS bills a transition for each state that is entered, and for each repetition. */
export interface ExecutionCost {
  readonly transitions: number;
  readonly historyEvents: number;
}

export function executionCost(events: readonly HistoryEvent[]): ExecutionCost {
  const entered = events.filter(({ type = '' }) => type.endsWith('StateEntered'));
  const tasksEntered = entered.filter(({ type }) => type === 'TaskStateEntered').length;
  const scheduled = events.filter(({ type }) => type === 'TaskScheduled').length;
  return { transitions: entered.length + Math.max(0, scheduled - tasksEntered), historyEvents: events.length };
}

/** Seconds that a node's execution spent in each phase, from the time stamps of its history. */
export function phasesOf(events: readonly HistoryEvent[]): NodeTime['phases'] {
  const phases: Record<string, number> = {};
  let since: { readonly name: string; readonly ms: number } | undefined;
  for (const event of events) {
    const entered = event.stateEnteredEventDetails?.name;
    const ms = event.timestamp?.getTime() ?? 0;
    if (entered !== undefined) since = { name: entered, ms };
    const exited = event.stateExitedEventDetails?.name;
    if (exited === undefined || since?.name !== exited) continue;
    const phase = phaseOfState[exited];
    if (phase !== undefined) phases[phase] = (phases[phase] ?? 0) + (ms - since.ms) / 1000;
  }
  return phases;
}

/** Transitions and events of one execution between two moments (epoch milliseconds), for a minute. */
export function costOfAMinute(
  events: readonly HistoryEvent[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): ExecutionCost {
  const inside = eventsWithin([{ name: '', events }], { fromMs, toMs });
  const minutes = (toMs - fromMs) / 60_000;
  const again = inside.filter(({ type }) => type === 'TaskScheduled').length;
  const elsewhere = inside.filter(({ type = '' }) => type.endsWith('StateEntered') && type !== 'TaskStateEntered');
  return { transitions: (again + elsewhere.length) / minutes, historyEvents: inside.length / minutes };
}

/** Node of an execution by its name: `<plan>-<run>-kafka-0` is of broker 0, `…-controller-1` of node 1001. */
export function nodeIdOf(executionName: string): number {
  const [, pod, number] = /-(kafka|controller)-(\d+)$/.exec(executionName) ?? [];
  if (number === undefined) throw new Error(`execution ${executionName} names no node`);
  return Number(number) + (pod === 'controller' ? firstControllerId : 0);
}

/** When an execution left a state for the last time, in epoch milliseconds; undefined when it never did. */
export function leftAt({ events }: Pick<ExecutionHistory, 'events'>, state: string): number | undefined {
  return events
    .findLast(({ stateExitedEventDetails }) => stateExitedEventDetails?.name === state)
    ?.timestamp?.getTime();
}

/** How many events the executions got between two moments (epoch milliseconds). */
export function eventsWithin(
  histories: readonly ExecutionHistory[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): readonly HistoryEvent[] {
  return histories.flatMap(({ events }) =>
    events.filter(({ timestamp }) => {
      const ms = timestamp?.getTime() ?? 0;
      return ms >= fromMs && ms < toMs;
    }),
  );
}

/** When the last of the executions ended, in epoch milliseconds; undefined while one of them goes on. */
export function endedAt(histories: readonly ExecutionHistory[]): number | undefined {
  const ends = histories.map(({ events }) => {
    const last = events.at(-1);
    return last?.type === 'ExecutionSucceeded' ? last.timestamp?.getTime() : undefined;
  });
  return ends.length === 0 || ends.includes(undefined) ? undefined : Math.max(...ends.map((end) => end ?? 0));
}
