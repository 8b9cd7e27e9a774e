import { findPlan, planNames } from '../../lib/model/plan/find-plan.ts';
import type { PlanView } from '../../lib/model/plan/plan-view.ts';
import type { Store } from '../../lib/ports/store.ts';
import { type ApiResponse, json, problem } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';
import { planDocument } from './plan-document.ts';
import { noSuchService, readStoredService } from './stored-service.ts';

/** GET …/plans */
export function listPlans({ store }: { readonly store: Store }): ApiHandler {
  return async ({ service }) => {
    const stored = await readStoredService(store, service);
    return stored === undefined ? noSuchService(service) : json(200, planNames(stored));
  };
}

/** GET …/plans/{plan}: 200 complete, 202 not complete, 417 with errors. Source: dcos-commons, plans.md. */
export function getPlan({ store }: { readonly store: Store }): ApiHandler {
  return async ({ service, pathParameters }) => {
    const name = pathParameters['plan'] ?? 'deploy';
    return withPlan(store, { service, name }, (plan) => {
      const status = plan.errors.length > 0 ? 417 : plan.status === 'COMPLETE' ? 200 : 202;
      return json(status, planDocument(plan));
    });
  };
}

/** Answers a request about a plan by its name or id. */
export async function withPlan(
  store: Store,
  { service, name }: { readonly service: string; readonly name: string },
  answer: (plan: PlanView) => ApiResponse | Promise<ApiResponse>,
): Promise<ApiResponse> {
  const stored = await readStoredService(store, service);
  if (stored === undefined) return noSuchService(service);
  const plan = findPlan(stored, name);
  return plan === undefined
    ? problem({ kind: 'not-found', status: 404, detail: `Plan ${name} not found` })
    : answer(plan);
}
