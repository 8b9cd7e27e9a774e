import type { NodeWait } from './state.ts';

/** A wait that goes on for the same kind of reason is as old as it was: what is shown is how long, not when somebody looked. */
export function asItBegan<Wait extends Pick<NodeWait, 'reason' | 'since'>>(
  wait: Wait,
  stored: Pick<NodeWait, 'reason' | 'since'> | undefined,
): Wait {
  return stored?.reason.type === wait.reason.type ? { ...wait, since: stored.since } : wait;
}
