import type { Proposal, ServiceState } from '../state.ts';
import { type PlanView, viewPlan } from './plan-view.ts';

/** Shows a proposed plan as it would stand the moment it is accepted. */
export function viewProposal(state: ServiceState, { plan, target }: Proposal): PlanView {
  const { refusedUpdate: _, ...before } = state;
  return viewPlan({ ...before, target, wish: { ...state.wish, planId: plan.id }, plans: [...state.plans, plan] }, plan);
}
