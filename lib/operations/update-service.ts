import type { Operation } from '../model/operation.ts';
import type { Plan } from '../model/plan/plan.ts';
import type { Refusal } from '../model/refusal.ts';
import type { ServiceConfig } from '../model/service/config.ts';
import type { ServiceTarget, ServiceWish, UpdateError } from '../model/state.ts';
import { type DraftResult, draftUpdate, type UpdateRequest } from './draft-update.ts';
import type { ApiPorts } from './install-service.ts';
import { startRun } from './run-plan.ts';
import { wakeWaiters } from './wake-waiters.ts';

export type { UpdateRequest } from './draft-update.ts';

export type UpdateResult =
  | { readonly type: 'accepted'; readonly planId: string; readonly configId: string }
  /** The target already is what was asked for. */
  | { readonly type: 'unchanged'; readonly planId: string }
  | { readonly type: 'no service' }
  | { readonly type: 'going away' }
  | { readonly type: 'hibernates' }
  | { readonly type: 'refused'; readonly refusals: readonly Refusal[]; readonly errors: readonly UpdateError[] };

/**
 * Moves the target of a service and starts the plan that brings its nodes there. A newer update takes over: steps of the
 * older plan end before they stop a node, and bring up in the newest config what they have stopped. A refused one changes
 * no config; its errors stand in the plan until the next accepted one. When the process dies before the plan runs,
 * reconcile starts it.
 */
export async function updateService(ports: ApiPorts, request: UpdateRequest): Promise<UpdateResult> {
  const draft = await draftUpdate(ports, request);
  switch (draft.type) {
    case 'no service':
    case 'going away':
    case 'hibernates':
      return draft;
    case 'unchanged':
      await ports.store.forgetRefusedUpdate(request.service);
      return { type: 'unchanged', planId: draft.state.wish.planId };
    case 'refused':
      return refuse(ports, request, draft);
    case 'drafted': {
      const { plan, config, target, state } = draft;
      const accepted = await acceptUpdate(ports, { plan, config, target, previous: state.wish, basedOn: state.target });
      // Somebody else was faster: what is asked for is worked out anew.
      return accepted ? { type: 'accepted', planId: plan.id, configId: config.id } : updateService(ports, request);
    }
  }
}

export interface UpdateAcceptance {
  readonly plan: Plan;
  readonly config: ServiceConfig;
  readonly target: ServiceTarget;
  /** Wish and target that the plan was made under. */
  readonly previous: ServiceWish;
  readonly basedOn: Pick<ServiceTarget, 'configId'>;
  readonly kind?: 'update' | 'roll back';
}

/** Stores the plan and starts it. False when the service is no longer as it was when the plan was made. */
export async function acceptUpdate(
  ports: Pick<ApiPorts, 'store' | 'planRunner' | 'clock' | 'newId'>,
  { plan, config, target, previous, basedOn, kind = 'update' }: UpdateAcceptance,
): Promise<boolean> {
  const { service, requestedBy, changes } = plan;
  const operation: Operation = {
    ...{ id: ports.newId(), service, kind, requestedBy, requestedAt: ports.clock(), planId: plan.id },
    ...(changes === undefined ? {} : { changes }),
  };
  const update = { target, config, previousConfigId: basedOn.configId };
  const wish = { service, planId: plan.id };
  if (!(await ports.store.acceptPlan({ plan, wish, previous, operation, update }))) return false;
  await startRun(ports, plan, 1);
  const state = await ports.store.readService(service);
  // Steps of the older plan that wait look again, and find that a newer one took over.
  if (state !== undefined) {
    await wakeWaiters(ports, state, { cause: 'a newer plan took over' });
  }
  return true;
}

async function refuse(
  ports: ApiPorts,
  { service, requestedBy }: UpdateRequest,
  { refusals, errors }: Extract<DraftResult, { readonly type: 'refused' }>,
): Promise<UpdateResult> {
  const requestedAt = ports.clock();
  await ports.store.refuseUpdate({
    refused: { service, refusedAt: requestedAt, requestedBy, errors },
    operation: {
      ...{ id: ports.newId(), service, kind: 'refused update', requestedBy, requestedAt },
      errors: errors.map(({ inSteps }) => inSteps),
    },
  });
  return { type: 'refused', refusals, errors };
}
