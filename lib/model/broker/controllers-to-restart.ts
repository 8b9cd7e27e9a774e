import { isController, type NodeId } from '../node.ts';
import { isSameRun, type StepExecution } from '../plan/execution.ts';
import type { Step } from '../plan/plan.ts';
import { operatorHolds } from '../plan/steering/operator-holds.ts';
import { type PlanWalk, restartsOf, walkOf } from '../plan/steering/walk.ts';
import type { ServiceState } from '../state.ts';

/** An execution that has begun says within this time what it waits for, or takes its node. */
const silenceMs = 120_000;

/** The step of a controller that asks. */
export interface AskingStep extends StepExecution {
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * The controllers that this run of an update still restarts before it stops for an operator again. Those behind a
 * decision point are not among them: the word that lets them begin comes after the steps before it, and the active
 * controller may be one of those. Nor is one that this run has passed and that was asked for again since: the next run
 * takes it. None is, as long as no quorum is formed: all wait for the one that forms it. An install takes its
 * controllers in their order.
 */
export function controllersToRestart(state: ServiceState, planId: string, asks: AskingStep): readonly NodeId[] {
  const plan = state.plans.find(({ id }) => id === planId);
  if (plan?.kind !== 'update' || state.quorumFormed === undefined) return [];
  const walk = walkOf(state, plan);
  const isThrough = (step: Step): boolean => walk.complete.has(step.id) || isPassed(state, { planId, step }, asks);
  return plan.phases
    .flatMap((phase) => phase.steps)
    .filter((step) => isController(state.target, step.nodeId) && restarts(walk, step))
    .filter((step) => !isThrough(step) && operatorHolds(walk, step.id)?.why !== 'decision point')
    .map(({ nodeId }) => nodeId);
}

/**
 * It came to its end in this run; or the run had nothing to do for it, or was told to let go of it, which is stored
 * nowhere: then nothing is heard of it while the one that asks waits.
 */
function isPassed(
  state: ServiceState,
  { planId, step }: { readonly planId: string; readonly step: Step },
  asks: AskingStep,
): boolean {
  const { nodeId } = step;
  const isOfThisRun = (holder: string | undefined) => holder !== undefined && isSameRun({ holder, nodeId }, asks);
  const progress = state.steps.find((of) => of.planId === planId && of.stepId === step.id);
  if (isOfThisRun(progress?.endedBy)) return true;
  const isHeard =
    state.waits.some((wait) => wait.nodeId === nodeId && isOfThisRun(wait.holder)) ||
    state.leases.some((lease) => lease.nodeId === nodeId && !lease.released && isOfThisRun(lease.holder));
  const own = state.waits.find(({ holder }) => holder === asks.holder);
  return !isHeard && own !== undefined && asks.now - own.since > silenceMs;
}

function restarts({ steering }: PlanWalk, { id, change }: Step): boolean {
  return change?.type === 'restart' || restartsOf(steering, id) > 0;
}
