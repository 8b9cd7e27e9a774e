import { pauseNow } from '../../model/broker/pause-now.ts';
import { pausedReason } from '../../model/broker/turn.ts';
import { podName } from '../../model/node.ts';
import { operatorHolds } from '../../model/plan/steering/operator-holds.ts';
import { walkOf } from '../../model/plan/steering/walk.ts';
import type { ServiceState } from '../../model/state.ts';
import type { WaitingReason } from '../../model/waiting-reason.ts';
import { heldLease, type NodeStepRequest } from './node-step.ts';

/** An operator's word that was given since the step had its turn, and before it began. */
export function heldByOperator(state: ServiceState, request: NodeStepRequest, now: number): WaitingReason | undefined {
  const { planId = '', stepId = '', kind, nodeId } = request;
  const isHeld = heldLease(state, request) !== undefined;
  const paused = kind === 'pause' || isHeld ? undefined : pausedReason(state, { nodeId, now });
  if (paused !== undefined) return paused;
  const plan = state.plans.find(({ id }) => id === planId);
  const hold = plan && operatorHolds(walkOf(state, plan), stepId);
  return hold && { type: 'operator', decision: 'continue', ...hold, planId };
}

/** The one place for a node that is down by our hand, while another node has it: one that is paused keeps it. */
export function heldByThePlace(
  state: ServiceState,
  { nodeId }: NodeStepRequest,
  now: number,
): WaitingReason | undefined {
  const { slot } = state;
  if (slot === undefined || slot.nodeId === nodeId) return undefined;
  if (pauseNow(state, slot.nodeId, now) !== undefined) {
    const pod = podName(slot.nodeId);
    return { type: 'turn', heldBy: `${pod} is paused, and one node at a time is down by our hand` };
  }
  return { type: 'turn', heldBy: `${podName(slot.nodeId)} is being restarted, and one node at a time is` };
}
