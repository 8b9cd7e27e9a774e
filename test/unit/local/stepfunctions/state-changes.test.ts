import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ExecutionState, Frame } from '../../../../local/stepfunctions/interpreter/execution-state.ts';
import { applyChanges, changesBetween } from '../../../../local/stepfunctions/interpreter/state-changes.ts';

function frame(id: string, state: string): Frame {
  return {
    id,
    program: [],
    variables: {},
    previousEventId: 0,
    state,
    input: null,
    enteredAt: 0,
    retryCount: 0,
    retriesUsed: {},
    phase: { type: 'ready', serial: 1 },
  };
}

function stateWith(frames: Readonly<Record<string, Frame>>): ExecutionState {
  return { status: 'RUNNING', lastEventId: 1, lastSerial: 1, frames, unannounced: [], childrenToStop: [] };
}

const frames = fc
  .dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('Stop', 'Start'))
  .map((entries) => Object.fromEntries(Object.entries(entries).map(([id, state]) => [id, frame(id, state)])));

describe('the changes between two states', () => {
  test('lead from the one to the other, also through JSON', () => {
    fc.assert(
      fc.property(frames, frames, (before, after) => {
        const changes = changesBetween(stateWith(before), stateWith(after));
        const read = JSON.parse(JSON.stringify(changes));
        expect(applyChanges(stateWith(before), read)).toEqual(stateWith(after));
      }),
    );
  });

  test('name only the frames that differ', () => {
    const kept = frame('a', 'Stop');
    const { frames: changed } = changesBetween(
      stateWith({ a: kept, b: frame('b', 'Stop') }),
      stateWith({ a: kept, c: frame('c', 'Start') }),
    );
    expect(Object.keys(changed).sort()).toEqual(['b', 'c']);
    expect(changed['b']).toBeNull();
  });
});
