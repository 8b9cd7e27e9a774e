import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { describe, expect, test } from '@jest/globals';
import {
  costOfAMinute,
  endedAt,
  eventsWithin,
  executionCost,
  leftAt,
  nodeIdOf,
  phasesOf,
} from '../../../scripts/bench/histories.ts';

const event = (type: HistoryEvent['type'], ms: number, details: Partial<HistoryEvent> = {}): HistoryEvent => ({
  id: undefined,
  type,
  timestamp: new Date(ms),
  ...details,
});
const entered = (name: string, ms: number) => event('TaskStateEntered', ms, { stateEnteredEventDetails: { name } });
const exited = (name: string, ms: number) => event('TaskStateExited', ms, { stateExitedEventDetails: { name } });

/** A stop of 0.9 s, a release that is tried twice, a start, and an end. */
const events: readonly HistoryEvent[] = [
  event('ExecutionStarted', 1000),
  entered('Await turn', 1000),
  event('TaskScheduled', 1000),
  exited('Await turn', 1100),
  event('ChoiceStateEntered', 1100, { stateEnteredEventDetails: { name: 'Anything to do?' } }),
  event('ChoiceStateExited', 1100, { stateExitedEventDetails: { name: 'Anything to do?' } }),
  entered('May stop', 1100),
  event('TaskScheduled', 1100),
  exited('May stop', 1300),
  entered('Stop', 1300),
  event('TaskScheduled', 1300),
  exited('Stop', 2200),
  entered('Release registration', 2200),
  event('TaskScheduled', 2200),
  event('TaskFailed', 2300),
  event('TaskScheduled', 3300),
  exited('Release registration', 3450),
  event('SucceedStateEntered', 3450, { stateEnteredEventDetails: { name: 'In sync' } }),
  event('SucceedStateExited', 3450, { stateExitedEventDetails: { name: 'In sync' } }),
  event('ExecutionSucceeded', 3460),
];

describe('the history of an execution', () => {
  test('tells its transitions, each repetition one more, and its events', () => {
    expect(executionCost(events)).toEqual({ transitions: 7, historyEvents: 20 });
  });

  test('tells how long each phase took, states of one phase together', () => {
    expect(phasesOf(events)).toEqual({
      'wait for turn': expect.closeTo(0.3, 6),
      stop: expect.closeTo(0.9, 6),
      release: expect.closeTo(1.25, 6),
    });
  });

  test('tells what a minute of it costs', () => {
    const waiting = [
      entered('May stop', 0),
      event('TaskScheduled', 0),
      event('TaskFailed', 60_000),
      event('TaskScheduled', 61_000),
      event('TaskStarted', 61_010),
      event('TaskFailed', 120_000),
      event('TaskScheduled', 121_000),
      event('TaskStarted', 121_010),
      event('TaskFailed', 180_000),
    ];
    expect(costOfAMinute(waiting, { fromMs: 60_000, toMs: 180_000 })).toEqual({ transitions: 1, historyEvents: 3 });
  });
});

describe('several executions of a plan', () => {
  test('say when a state was left for the last time', () => {
    const twice = [exited('Await in sync', 2000), exited('Await in sync', 9000)];
    expect(leftAt({ events: twice }, 'Await in sync')).toBe(9000);
    expect(leftAt({ events }, 'Await in sync')).toBeUndefined();
  });

  test('count together what they got within a time, also those that have ended in it', () => {
    const ended = [event('TaskScheduled', 900), event('TaskFailed', 1500), event('ExecutionSucceeded', 1600)];
    const open = [event('TaskScheduled', 1700), event('TaskFailed', 2000)];
    const histories = [
      { name: 'a', events: ended },
      { name: 'b', events: open },
    ];
    const within = eventsWithin(histories, { fromMs: 1000, toMs: 2000 });
    expect(within.map(({ type }) => type)).toEqual(['TaskFailed', 'ExecutionSucceeded', 'TaskScheduled']);
  });

  test.each([
    ['0b1c-1-kafka-2', 2],
    ['0b1c-1-controller-1', 1001],
  ])('%s is of node %i', (name, nodeId) => {
    expect(nodeIdOf(name)).toBe(nodeId);
  });
});

describe('the end of several executions', () => {
  test('is the end of the last', () => {
    const other = [event('ExecutionStarted', 1), event('ExecutionSucceeded', 9000)];
    expect(
      endedAt([
        { name: 'a', events: other },
        { name: 'b', events },
      ]),
    ).toBe(9000);
  });

  test('is not known while one goes on', () => {
    expect(
      endedAt([
        { name: 'a', events },
        { name: 'b', events: events.slice(0, 5) },
      ]),
    ).toBeUndefined();
  });

  test('is not known of none', () => {
    expect(endedAt([])).toBeUndefined();
  });
});
