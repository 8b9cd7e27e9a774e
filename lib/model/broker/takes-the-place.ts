import type { NodeId } from '../node.ts';
import type { LeaseKind, ServiceState } from '../state.ts';
import { isDown, isStopping } from './node-run.ts';

/**
 * Whether a step takes the service's one place for a node that is down by our hand. A plan's does, and an operator's
 * restart or pause, for a node that it is to stop, that is being stopped, or that is down already: no other is stopped meanwhile. Of two that are down already
 * the second one does without, for they may wait for each other: a broker comes back after the controllers. A first start
 * takes nothing down.
 */
export function takesThePlace(
  state: ServiceState,
  { kind, nodeId }: { readonly kind: LeaseKind; readonly nodeId: NodeId },
  isToStop: boolean,
): boolean {
  if (isToStop) return true;
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  if (kind === 'recovery' || kind === 'hibernation' || kind === 'uninstall' || goal === undefined) return false;
  if (isStopping(state, goal)) return true;
  const isFree = state.slot === undefined || state.slot.nodeId === nodeId;
  return isFree && isDown(state, nodeId);
}
