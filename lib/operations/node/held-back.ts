import { podName } from '../../model/node.ts';
import { operatorHolds } from '../../model/plan/steering/operator-holds.ts';
import { walkOf } from '../../model/plan/steering/walk.ts';
import type { ServiceState } from '../../model/state.ts';
import type { WaitingReason } from '../../model/waiting-reason.ts';
import type { NodeStepRequest } from './node-step.ts';

/** What comes before Kafka is asked: an operator's word, and the one place for a node that is down by our hand. */
export function heldBack(
  state: ServiceState,
  { nodeId, planId = '', stepId = '' }: NodeStepRequest,
): WaitingReason | undefined {
  const plan = state.plans.find(({ id }) => id === planId);
  const hold = plan && operatorHolds(walkOf(state, plan), stepId);
  if (hold !== undefined) return { type: 'operator', decision: 'continue', ...hold, planId };
  const { slot } = state;
  if (slot === undefined || slot.nodeId === nodeId) return undefined;
  return { type: 'turn', heldBy: `${podName(slot.nodeId)} is being restarted, and one node at a time is` };
}
