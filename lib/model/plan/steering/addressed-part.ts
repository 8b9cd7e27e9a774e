import type { Phase, Plan, Step } from '../plan.ts';

/** What a command is for: ids or names; without both it is the plan. */
export interface PlanAddress {
  readonly phase?: string;
  readonly step?: string;
}

export interface AddressedPart {
  readonly type: 'plan' | 'phase' | 'step';
  /** In the order of the plan; of a step: its phase. */
  readonly phases: readonly Phase[];
  readonly steps: readonly Step[];
  /** Names of what was found. */
  readonly phase?: string;
  readonly step?: string;
}

export type NoSuchPart =
  | { readonly type: 'no phase'; readonly phase: string }
  | { readonly type: 'no step'; readonly step: string }
  | { readonly type: 'missing phase' };

/**
 * Finds phases and steps by their id or name; blank is as good as absent. A name may be that of several.
 * Source: dcos-commons, PlansQueries.
 */
export function addressedPart(plan: Plan, address: PlanAddress): AddressedPart | NoSuchPart {
  const phaseName = address.phase?.trim() ?? '';
  const stepName = address.step?.trim() ?? '';
  if (phaseName === '' && stepName !== '') return { type: 'missing phase' };
  if (phaseName === '') return { type: 'plan', phases: plan.phases, steps: stepsOf(plan.phases) };
  const phases = plan.phases.filter((phase) => isCalled(phase, phaseName));
  const [phase] = phases;
  if (phase === undefined) return { type: 'no phase', phase: phaseName };
  if (stepName === '') return { type: 'phase', phases, steps: stepsOf(phases), phase: phase.name };
  const steps = stepsOf(phases).filter((step) => isCalled(step, stepName));
  const [step] = steps;
  if (step === undefined) return { type: 'no step', step: stepName };
  return { type: 'step', phases, steps, phase: phase.name, step: step.name };
}

function isCalled({ id, name }: Phase | Step, given: string): boolean {
  return id === given || name === given;
}

function stepsOf(phases: readonly Phase[]): readonly Step[] {
  return phases.flatMap((phase) => phase.steps);
}
