import type { ServiceState } from '../state.ts';
import { isSameRun, type StepExecution } from './execution.ts';
import type { Plan, Step } from './plan.ts';

/** An execution that has begun says within this time what it waits for, and goes on doing so until it takes its node. */
const silenceMs = 120_000;

/** A step that waits, and asks for whom. */
export interface AskingStep extends StepExecution {
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Whether the run of the step that asks does nothing more for another step. It came to its end in this run; or the run had
 * nothing to do for it, or was told to let go of it, which is stored nowhere: then nothing is heard of it while the one
 * that asks waits. What an operator asks of it after that is the next run's.
 */
export function isPassedByRun(
  state: Pick<ServiceState, 'steps' | 'waits' | 'leases'>,
  { plan, step }: { readonly plan: Plan; readonly step: Step },
  asks: AskingStep,
): boolean {
  const { nodeId } = step;
  const isOfThisRun = (holder: string | undefined) => holder !== undefined && isSameRun({ holder, nodeId }, asks);
  const progress = state.steps.find(({ planId, stepId }) => planId === plan.id && stepId === step.id);
  if (isOfThisRun(progress?.endedBy)) return true;
  const isHeard =
    state.waits.some((wait) => wait.nodeId === nodeId && isOfThisRun(wait.holder)) ||
    state.leases.some((lease) => lease.nodeId === nodeId && !lease.released && isOfThisRun(lease.holder));
  const own = state.waits.find(({ holder }) => holder === asks.holder);
  return !isHeard && own !== undefined && asks.now - own.since > silenceMs;
}
