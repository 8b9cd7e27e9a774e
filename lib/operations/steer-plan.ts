import type { Operation } from '../model/operation.ts';
import { planOfName } from '../model/plan/plan-of-name.ts';
import { type PlanCommand, steer } from '../model/plan/steering/steer.ts';
import { walkOf } from '../model/plan/steering/walk.ts';
import type { ApiPorts } from './install-service.ts';
import { resumePlan } from './run-plan.ts';
import { wakeWaiters } from './wake-waiters.ts';

export interface SteerRequest {
  readonly service: string;
  /** Name or id, as `planOfName` says. */
  readonly plan: string;
  readonly command: PlanCommand;
  /** Names or ids. */
  readonly phase?: string;
  readonly step?: string;
  /** Name of the token. */
  readonly requestedBy: string;
}

export type SteerResult =
  | { readonly type: 'done'; readonly plan: string; readonly phase?: string; readonly step?: string }
  /** It is so already, or the plan is over. */
  | { readonly type: 'already' }
  | { readonly type: 'no service' }
  | { readonly type: 'no plan' }
  | { readonly type: 'no phase'; readonly phase: string }
  | { readonly type: 'no step'; readonly step: string }
  | { readonly type: 'missing phase' };

/**
 * Lets an operator decide on the walk of a plan: stores the decision, wakes whoever waits for it, and starts a run if
 * steps are open and none is under way. Idempotent; what decides nothing new leaves no line in the history. An uninstall and a hibernation are not steered, nor is a plan that a newer one took over.
 */
export async function steerPlan(ports: ApiPorts, request: SteerRequest): Promise<SteerResult> {
  const state = await ports.store.readService(request.service);
  if (state === undefined) return { type: 'no service' };
  const plan = planOfName(state, request.plan);
  if (plan === undefined) return { type: 'no plan' };
  if (plan.kind === 'uninstall' || plan.kind === 'hibernate' || plan.id !== state.wish.planId)
    return { type: 'already' };
  const steered = steer(request.command, walkOf(state, plan), request);
  switch (steered.type) {
    case 'already':
    case 'missing phase':
    case 'no phase':
    case 'no step':
      return steered;
    case 'nothing new':
      await follow(ports, request.service);
      return { type: 'done', plan: request.plan };
    case 'changed': {
      const { steering, ...part } = steered;
      const operation = operationOf(ports, request, { planId: plan.id, ...part });
      if (!(await ports.store.steer({ steering, operation }))) return steerPlan(ports, request);
      await follow(ports, request.service);
      const { phase, step } = steered;
      return {
        ...{ type: 'done', plan: request.plan },
        ...(phase === undefined ? {} : { phase }),
        ...(step === undefined ? {} : { step }),
      };
    }
  }
}

async function follow(ports: ApiPorts, service: string): Promise<void> {
  const state = await ports.store.readService(service);
  if (state === undefined) return;
  await wakeWaiters(ports, state, { cause: 'an operator decided', matches: ({ awaits }) => awaits === 'turn' });
  await resumePlan(ports, state);
}

const kinds = {
  continue: 'continue',
  interrupt: 'interrupt',
  forceComplete: 'force complete',
  restart: 'restart',
  start: 'start',
  stop: 'stop',
} as const satisfies Readonly<Record<PlanCommand, Operation['kind']>>;

function operationOf(
  ports: ApiPorts,
  { service, command, requestedBy }: SteerRequest,
  { planId, phase, step }: { readonly planId: string; readonly phase?: string; readonly step?: string },
): Operation {
  return {
    ...{ id: ports.newId(), service, kind: kinds[command], requestedBy, requestedAt: ports.clock(), planId },
    ...(phase === undefined ? {} : { phase }),
    ...(step === undefined ? {} : { step }),
  };
}
