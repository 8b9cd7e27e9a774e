import type { NodeId } from '../node.ts';
import type { ServiceState } from '../state.ts';
import { type WaitingReason, waitingSentence } from '../waiting-reason.ts';
import { silentHostOf } from './silent-host.ts';

/**
 * The reason of a node that is held up by others of its service. Where the work on one of these waits for its host, which
 * is out of touch, it is that host, its nodes and what to do about it that a person has to know. `now`: epoch milliseconds.
 */
export function orTheirSilentHost(
  state: ServiceState,
  reason: WaitingReason,
  { heldUpBy, now }: { readonly heldUpBy: readonly NodeId[]; readonly now: number },
): WaitingReason {
  const held = state.goals.filter(
    (goal) => heldUpBy.includes(goal.nodeId) && silentHostOf(state, goal, now) !== undefined,
  );
  const theirs = held.flatMap(({ nodeId, host }) =>
    state.waits.flatMap((wait) =>
      wait.nodeId === nodeId && isOfHost(wait.reason, host?.instanceId) ? [wait.reason] : [],
    ),
  )[0];
  return theirs === undefined ? reason : { ...theirs, heldUp: waitingSentence(reason) };
}

/** Its own, and not one that it has from others. */
function isOfHost(
  reason: WaitingReason,
  instanceId: string | undefined,
): reason is Extract<WaitingReason, { type: 'host out of touch' }> {
  return reason.type === 'host out of touch' && reason.heldUp === undefined && reason.instanceId === instanceId;
}
