import type { Frame } from './execution-state.ts';
import type { Turn } from './turn.ts';

/** What a new frame begins with. */
export type FrameStart = Pick<Frame, 'program' | 'parent' | 'mapItem' | 'state' | 'input' | 'previousEventId'>;

/** Adds a frame that is about to enter its first state. */
export function startFrame(turn: Turn, start: FrameStart): Frame {
  const serial = turn.takeSerial();
  return turn.put({
    ...start,
    id: `frame-${serial}`,
    variables: {},
    enteredAt: turn.nowMs,
    retryCount: 0,
    retriesUsed: {},
    phase: { type: 'ready', serial },
  });
}
