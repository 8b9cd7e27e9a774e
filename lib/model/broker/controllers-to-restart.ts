import { isController, type NodeId } from '../node.ts';
import { operatorHolds } from '../plan/steering/operator-holds.ts';
import { walkOf } from '../plan/steering/walk.ts';
import type { ServiceState } from '../state.ts';

/**
 * The controllers that a plan still restarts before it stops for an operator again. Those behind a decision point are not
 * among them: the word that lets them begin comes after the steps before it, and the active controller may be one of those.
 */
export function controllersToRestart(state: ServiceState, planId: string): readonly NodeId[] {
  const plan = state.plans.find(({ id }) => id === planId);
  if (plan === undefined) return [];
  const walk = walkOf(state, plan);
  return plan.phases
    .flatMap((phase) => phase.steps)
    .filter(({ nodeId, change }) => isController(state.target, nodeId) && change?.type === 'restart')
    .filter(({ id }) => !walk.complete.has(id) && operatorHolds(walk, id)?.why !== 'decision point')
    .map(({ nodeId }) => nodeId);
}
