import { podName } from '../../model/node.ts';
import { operatorHolds } from '../../model/plan/steering/operator-holds.ts';
import { walkOf } from '../../model/plan/steering/walk.ts';
import type { ServiceState } from '../../model/state.ts';
import type { WaitingReason } from '../../model/waiting-reason.ts';
import type { NodeStepRequest } from './node-step.ts';

/** An operator's word that was given since the step had its turn, and before it began. */
export function heldByOperator(
  state: ServiceState,
  { planId = '', stepId = '' }: NodeStepRequest,
): WaitingReason | undefined {
  const plan = state.plans.find(({ id }) => id === planId);
  const hold = plan && operatorHolds(walkOf(state, plan), stepId);
  return hold && { type: 'operator', decision: 'continue', ...hold, planId };
}

/** The one place for a node that is down by our hand, while another node has it. */
export function heldByThePlace({ slot }: ServiceState, { nodeId }: NodeStepRequest): WaitingReason | undefined {
  if (slot === undefined || slot.nodeId === nodeId) return undefined;
  return { type: 'turn', heldBy: `${podName(slot.nodeId)} is being restarted, and one node at a time is` };
}
