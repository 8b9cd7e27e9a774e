import { isAtRest } from '../broker/is-at-rest.ts';
import { isBroker } from '../node.ts';
import type { ServiceState } from '../state.ts';
import type { NodeChange } from './node-change.ts';
import type { Plan, Step } from './plan.ts';
import { isOpenBefore } from './steering/open-before.ts';
import { operatorHolds } from './steering/operator-holds.ts';
import { restartsOf, walkOf } from './steering/walk.ts';

/** A step, and what brings its node to the target config now. */
export interface StepNow {
  readonly plan: Plan;
  readonly step: Step;
  readonly change: NodeChange;
}

/**
 * Whether an open step of an update is through without anything being done: its node is at rest, and the target changes
 * nothing for it. Never that of a broker: only Kafka knows what others have set there, and the step takes it back. Nor one
 * that began, that an operator holds back or has had done again, or whose turn has not come.
 */
export function hasNothingToDo(state: ServiceState, { plan, step, change }: StepNow): boolean {
  const { nodeId } = step;
  if (plan.kind !== 'update' || state.wish.planId !== plan.id || state.quorumFormed === undefined) return false;
  if (change.type !== 'none' || isBroker(state.target, nodeId)) return false;
  const walk = walkOf(state, plan);
  if (walk.complete.has(step.id) || walk.isBegun.has(step.id) || restartsOf(walk.steering, step.id) > 0) return false;
  if (operatorHolds(walk, step.id) !== undefined || isOpenBefore(walk, step.id)) return false;
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  return goal !== undefined && isAtRest(state, goal);
}
