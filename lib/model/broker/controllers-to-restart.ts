import { isController, type NodeId } from '../node.ts';
import { type AskingStep, isPassedByRun } from '../plan/passed-by-run.ts';
import type { Step } from '../plan/plan.ts';
import { operatorHolds } from '../plan/steering/operator-holds.ts';
import { type PlanWalk, restartsOf, walkOf } from '../plan/steering/walk.ts';
import type { ServiceState } from '../state.ts';

/**
 * The controllers that this run of an update still restarts before it stops for an operator again. Those behind a
 * decision point are not among them: the word that lets them begin comes after the steps before it, and the active
 * controller may be one of those. Nor is one that this run has passed and that was asked for again since: the next run
 * takes it. None is, as long as no quorum is formed: all wait for the one that forms it. An install takes its
 * controllers in their order.
 */
export function controllersToRestart(state: ServiceState, planId: string, asks: AskingStep): readonly NodeId[] {
  const plan = state.plans.find(({ id }) => id === planId);
  if ((plan?.kind !== 'update' && plan?.kind !== 'resume') || state.quorumFormed === undefined) return [];
  const walk = walkOf(state, plan);
  const isThrough = (step: Step): boolean => walk.complete.has(step.id) || isPassedByRun(state, { plan, step }, asks);
  return plan.phases
    .flatMap((phase) => phase.steps)
    .filter((step) => isController(state.target, step.nodeId) && restarts(walk, step))
    .filter((step) => !isThrough(step) && operatorHolds(walk, step.id)?.why !== 'decision point')
    .map(({ nodeId }) => nodeId);
}

function restarts({ steering }: PlanWalk, { id, change }: Step): boolean {
  return change?.type === 'restart' || restartsOf(steering, id) > 0;
}
