import type { ServiceState } from '../state.ts';
import type { Plan } from './plan.ts';
import { completeSteps, restartsOf, steeringOf } from './steering/walk.ts';

type WalkedState = Pick<ServiceState, 'target' | 'wish' | 'plans' | 'steps' | 'steering'>;

/**
 * The config that an update of the service as it is now would go back to: the newest one that a plan has brought all
 * nodes to. What an update that is not complete leads to is none, perhaps no node has ever run it. Before an install is
 * complete there is no other than the one that it leads to.
 */
export function configToGoBackTo(state: WalkedState): string {
  const plan = state.plans.find(({ id }) => id === state.wish.planId);
  if (plan?.previousConfigId === undefined) return state.target.configId;
  // A hibernation brings no node to any config.
  if (plan.kind !== 'hibernate' && wasComplete(state, plan)) return state.target.configId;
  return plan.previousConfigId;
}

/** A step that an operator had done again was through before. */
function wasComplete(state: WalkedState, plan: Plan): boolean {
  const complete = completeSteps(state, plan);
  const steering = steeringOf(state, plan.id);
  return plan.phases.every(({ steps }) => steps.every(({ id }) => complete.has(id) || restartsOf(steering, id) > 0));
}
