import type { NodeId } from '../node.ts';
import type { ServiceState } from '../state.ts';
import type { Phase, Plan, Step } from './plan.ts';
import { errorsOfSteps, noErrors, type PlanErrors, planErrors, runThatFailed } from './plan-errors.ts';
import { rollUpStatus, type Status } from './status.ts';
import { barredSteps, decisionPoints, isAtDecisionPoint, passedPoints } from './steering/decision-points.ts';
import { type PlanWalk, walkOf } from './steering/walk.ts';
import { type StepCondition, stepCondition, stepMessage } from './step-condition.ts';
import type { Strategy } from './strategy.ts';

/** A plan with its statuses. They are derived each time it is shown and stored nowhere. */
export interface PlanView extends PlanErrors {
  readonly id: string;
  readonly configId: string;
  readonly phases: readonly PhaseView[];
  readonly strategy: Strategy;
  readonly status: Status;
  /** As if no update had been refused. */
  readonly statusWithoutRefusals: Status;
  /** How its own steps are: also without the word that it takes another plan back. */
  readonly ownStatus: Status;
  readonly takesBack?: Plan['takesBack'];
}

export interface PhaseView {
  readonly id: string;
  readonly name: string;
  readonly steps: readonly StepView[];
  readonly strategy: Strategy;
  readonly status: Status;
}

export interface StepView extends StepCondition {
  readonly id: string;
  readonly name: string;
  readonly nodeId: NodeId;
  /** As the 2.x guides show it, with the last words of the node's process below. */
  readonly message: string;
  /** The plan stops before this step until an operator continues. */
  readonly hasDecisionPoint: boolean;
}

/** Shows a plan of a service that lives. */
export function viewPlan(state: ServiceState, plan: Plan): PlanView {
  const walk = walkOf(state, plan);
  const sight = { state, walk, hasDeadRun: runThatFailed(state, plan) !== undefined };
  const phases = plan.phases.map((phase) => viewPhase(walk, phase, (step) => stepCondition(sight, step)));
  const isComplete = phases.every((phase) => phase.status === 'COMPLETE');
  const isExplained = phases.some((phase) => phase.steps.some((step) => step.waiting !== undefined));
  return viewOf(walk, phases, planErrors(state, plan, { isComplete, isExplained, ofSteps: errorsOfSteps(phases) }));
}

/** Shows a plan that is known to be through, without its service. */
export function viewCompletePlan(plan: Plan): PlanView {
  const ids = new Set(plan.phases.flatMap((phase) => phase.steps.map((step) => step.id)));
  const walk = { plan, steering: undefined, complete: ids, isBegun: ids };
  const phases = plan.phases.map((phase) => viewPhase(walk, phase, () => ({ status: 'COMPLETE' })));
  return viewOf(walk, phases, noErrors);
}

function viewOf({ plan, steering }: PlanWalk, phases: readonly PhaseView[], planErrors: PlanErrors): PlanView {
  const { id, configId, strategy, takesBack } = plan;
  const children = phases.map((phase) => phase.status);
  const isInterrupted = steering?.isInterrupted === true;
  const statusWith = (errors: readonly string[]) => rollUpStatus({ strategy, children, errors, isInterrupted });
  const { errors, refusals, hindrances } = planErrors;
  return {
    ...{ id, configId, phases, strategy, ...planErrors },
    status: statusWith(errors),
    statusWithoutRefusals: statusWith(errors.slice(refusals.length)),
    ownStatus: statusWith(hindrances),
    ...(takesBack === undefined ? {} : { takesBack }),
  };
}

function viewPhase(walk: PlanWalk, phase: Phase, conditionOf: (step: Step) => StepCondition): PhaseView {
  const { plan, steering, complete } = walk;
  const { id, name, strategy } = phase;
  const ahead = decisionPoints(phase).slice(passedPoints(walk, phase));
  const steps = phase.steps.map((step) => {
    const condition = conditionOf(step);
    return {
      ...{ id: step.id, name: step.name, nodeId: step.nodeId },
      message: stepMessage(plan, step, condition),
      hasDecisionPoint: ahead.includes(step) && !complete.has(step.id),
      ...condition,
    };
  });
  const status = rollUpStatus({
    ...{ strategy, children: steps.map((step) => step.status), errors: [] },
    isInterrupted: steering?.interruptedPhases.includes(id) === true || isAtDecisionPoint(walk, phase),
    heldBack: barredSteps(walk, phase).length,
  });
  return { id, name, steps, strategy, status };
}
