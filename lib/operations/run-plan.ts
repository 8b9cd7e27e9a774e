import { planExecutionInput, runName } from '../model/plan/execution.ts';
import type { Plan } from '../model/plan/plan.ts';
import { completeSteps } from '../model/plan/steering/walk.ts';
import type { ServiceState } from '../model/state.ts';
import type { Machine, PlanRunner } from '../ports/plan-runner.ts';

const maxRuns = 1000;

/** The machine that walks a plan of this kind. */
function machineOf(plan: Plan): Machine {
  switch (plan.kind) {
    case 'install':
      return 'deploy';
    case 'update':
      return 'update';
    case 'hibernate':
      return 'hibernate';
    case 'resume':
      return 'resume';
    case 'uninstall':
      return 'uninstall';
  }
}

/** Starts one run of a plan. Idempotent by its name. */
export async function startRun(ports: { readonly planRunner: PlanRunner }, plan: Plan, run: number): Promise<void> {
  await ports.planRunner.start(machineOf(plan), runName(plan.id, run), { ...planExecutionInput(plan, run) });
}

/**
 * Starts the next run of the service's plan if steps are left and no run is under way: the first one when the API died
 * before it, a further one when a run ended early. It passes over what is complete. Idempotent.
 */
export async function resumePlan(ports: { readonly planRunner: PlanRunner }, state: ServiceState): Promise<void> {
  const plan = state.plans.find(({ id }) => id === state.wish.planId);
  if (plan === undefined || isPlanComplete(state, plan)) return;
  const ended = state.runs.find(({ planId }) => planId === plan.id)?.run ?? 0;
  for (let run = ended + 1; run <= ended + maxRuns; run++) {
    const status = await ports.planRunner.status(ports.planRunner.arnOf(machineOf(plan), runName(plan.id, run)));
    if (status.type === 'running') return;
    if (status.type === 'unknown') return startRun(ports, plan, run);
  }
}

/** An uninstall is complete when its service is gone, so a stored one never is. */
export function isPlanComplete(state: ServiceState, plan: Plan): boolean {
  if (plan.kind === 'uninstall') return false;
  const complete = completeSteps(state, plan);
  return plan.phases.every(({ steps }) => steps.every(({ id }) => complete.has(id)));
}
