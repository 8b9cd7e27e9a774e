import type { ExecutionState, Frame } from './execution-state.ts';

/** What one transition changed: the frames that differ, and all other members. Small even while a Map is wide. */
export interface StateChanges {
  /** null removes the frame. */
  readonly frames: Readonly<Record<string, Frame | null>>;
  readonly rest: Omit<ExecutionState, 'frames'>;
}

/** The changes that lead from one state to a later one. */
export function changesBetween(before: ExecutionState | undefined, after: ExecutionState): StateChanges {
  const { frames, ...rest } = after;
  const old = before?.frames ?? {};
  const changed = Object.entries(frames).filter(([id, frame]) => old[id] !== frame);
  const removed = Object.keys(old).filter((id) => !Object.hasOwn(frames, id));
  return { frames: Object.fromEntries([...changed, ...removed.map((id) => [id, null])]), rest };
}

/** The state after the changes. */
export function applyChanges(before: ExecutionState | undefined, changes: StateChanges): ExecutionState {
  const merged = Object.entries({ ...before?.frames, ...changes.frames });
  const frames: Record<string, Frame> = {};
  for (const [id, frame] of merged) if (frame !== null) frames[id] = frame;
  return { ...changes.rest, frames };
}
