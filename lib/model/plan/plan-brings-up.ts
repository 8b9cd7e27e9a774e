import type { NodeId } from '../node.ts';
import type { ServiceState } from '../state.ts';
import { hasNothingToDo } from './has-nothing-to-do.ts';
import type { Plan, Step } from './plan.ts';
import { needsAnotherConfig, recoveryHoldsPlans } from './recovery-holds-plans.ts';
import { operatorHolds } from './steering/operator-holds.ts';
import { walkOf } from './steering/walk.ts';

/**
 * Whether the plan's very next step brings the node to another config than the one it has: then a recovery, which would
 * start it into its own once more, leaves it to the plan. It may be that very config that the node cannot run with. Steps
 * that have nothing to do, as far as was seen when the plan was made, are passed at once.
 * A resume brings up every node whose step never was through: it is down by the hibernation, and nobody's accident.
 */
export function planBringsUp(state: ServiceState, nodeId: NodeId): boolean {
  const plan = state.plans.find(({ id }) => id === state.wish.planId);
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  if (plan?.kind === 'resume') return isYetToBeResumed(state, plan, nodeId);
  if (plan?.kind !== 'update' || goal === undefined || goal.configId === state.target.configId) return false;
  // The plan itself waits for the recovery of another node, which may wait for this one; not with what only it can bring up.
  const isHeldUp =
    !needsAnotherConfig(state, goal) &&
    state.leases.some((lease) => lease.nodeId !== nodeId && recoveryHoldsPlans(state, lease));
  if (isHeldUp) return false;
  const walk = walkOf(state, plan);
  const isPassed = (step: Step): boolean =>
    step.change !== undefined && hasNothingToDo(state, { plan, step, change: step.change });
  const next = plan.phases.flatMap(({ steps }) => steps).find((step) => !walk.complete.has(step.id) && !isPassed(step));
  return next?.nodeId === nodeId && operatorHolds(walk, next.id) === undefined;
}

/** One that was through once, and is asked for again, is recovered like any other meanwhile. */
function isYetToBeResumed(state: ServiceState, plan: Plan, nodeId: NodeId): boolean {
  const step = plan.phases.flatMap(({ steps }) => steps).find((candidate) => candidate.nodeId === nodeId);
  if (step === undefined || walkOf(state, plan).complete.has(step.id)) return false;
  return !state.steps.some(
    ({ planId, stepId, endedAt }) => planId === plan.id && stepId === step.id && endedAt !== undefined,
  );
}
