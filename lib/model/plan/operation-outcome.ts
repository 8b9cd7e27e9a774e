import type { Operation, OperationOutcome } from '../operation.ts';
import type { ServiceState } from '../state.ts';
import type { Plan } from './plan.ts';
import { planAfter } from './plan-after.ts';
import { viewPlan } from './plan-view.ts';
import type { Status } from './status.ts';

/** The outcome of an operation, from the state of its service as it is now: nothing of it is stored. */
export function operationOutcome(operation: Operation, state: ServiceState): OperationOutcome {
  switch (operation.kind) {
    case 'refused update':
      return { type: 'refused', endedAt: operation.requestedAt };
    case 'continue':
    case 'interrupt':
    case 'force complete':
    case 'restart':
    case 'start':
    case 'stop':
    case 'restart node':
    case 'replace node':
    case 'withdraw replacement':
    case 'pause node':
    case 'resume node':
    case 'reactivate node':
    case 'adopt node':
    case 'stop proven':
    case 'fence host':
    case 'keep host':
      return { type: 'done', endedAt: operation.requestedAt };
    case 'install':
    case 'update':
    case 'roll back':
    case 'hibernate':
    case 'resume':
    case 'uninstall': {
      const plan = state.plans.find(({ id }) => id === operation.planId);
      return plan === undefined ? { type: 'unknown' } : planOutcome(state, plan);
    }
  }
}

function planOutcome(state: ServiceState, plan: Plan): OperationOutcome {
  const { ownStatus: status } = viewPlan(state, plan);
  if (status === 'COMPLETE') return { type: 'complete', ...endOf(state, plan) };
  const next = planAfter(state, plan);
  if (next === undefined) return { type: words[status] };
  const type = next.takesBack?.planId === plan.id ? 'rolled back' : 'superseded';
  return { type, endedAt: next.createdAt };
}

const words: Readonly<
  Record<Exclude<Status, 'COMPLETE'>, 'pending' | 'in progress' | 'waiting' | 'delayed' | 'error'>
> = {
  PENDING: 'pending',
  PREPARED: 'in progress',
  STARTING: 'in progress',
  STARTED: 'in progress',
  IN_PROGRESS: 'in progress',
  WAITING: 'waiting',
  DELAYED: 'delayed',
  ERROR: 'error',
};

/** When its last step ended. */
function endOf({ steps }: ServiceState, plan: Plan): { readonly endedAt?: number } {
  const ends = plan.phases
    .flatMap((phase) => phase.steps)
    .map(({ id }) => steps.find((step) => step.planId === plan.id && step.stepId === id)?.endedAt);
  const times = ends.filter((end) => end !== undefined);
  return times.length < ends.length || times.length === 0 ? {} : { endedAt: Math.max(...times) };
}
