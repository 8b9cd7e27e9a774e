import type { PlanDocument, PlanInBlocks } from '../../lib/contract/plan-schema.ts';
import { podName, roleOf } from '../../lib/model/node.ts';
import { findPlan, planNames } from '../../lib/model/plan/find-plan.ts';
import type { PlanView, StepView } from '../../lib/model/plan/plan-view.ts';
import { blockStatus } from '../../lib/model/plan/status.ts';
import type { Store } from '../../lib/ports/store.ts';
import { type ApiResponse, json, problem } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';
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
      return json(status, documentOf(plan));
    });
  };
}

/** GET …/plan: the deploy plan as the 1.x guides show it, 503 until it is complete. */
export function getPlanInBlocks({ store }: { readonly store: Store }): ApiHandler {
  return async ({ service }) =>
    withPlan(store, { service, name: 'deploy' }, (plan) =>
      json(plan.status === 'COMPLETE' ? 200 : 503, blocksOf(plan)),
    );
}

async function withPlan(
  store: Store,
  { service, name }: { readonly service: string; readonly name: string },
  answer: (plan: PlanView) => ApiResponse,
): Promise<ApiResponse> {
  const stored = await readStoredService(store, service);
  if (stored === undefined) return noSuchService(service);
  const plan = findPlan(stored, name);
  return plan === undefined
    ? problem({ kind: 'not-found', status: 404, detail: `Plan ${name} not found` })
    : answer(plan);
}

function documentOf({ phases, errors, strategy, status }: PlanView): PlanDocument {
  return {
    phases: phases.map((phase) => ({
      id: phase.id,
      name: phase.name,
      steps: phase.steps.map(stepDocument),
      strategy: phase.strategy,
      status: phase.status,
    })),
    errors: [...errors],
    strategy,
    status,
  };
}

function stepDocument({
  id,
  status,
  name,
  message,
  waiting,
}: StepView): PlanDocument['phases'][number]['steps'][number] {
  if (waiting === undefined) return { id, status, name, message };
  const { reason, sentence, since } = waiting;
  return { id, status, name, message, waiting: { reason, sentence, since: new Date(since).toISOString() } };
}

function blocksOf(plan: PlanView): PlanInBlocks {
  return {
    errors: [...plan.errors],
    phases: plan.phases.map((phase) => ({
      blocks: phase.steps.map(blockOf),
      id: phase.id,
      name: phase.name === 'broker' ? `Update to: ${plan.configId}` : phase.name,
      status: blockStatus(phase.status),
    })),
    status: blockStatus(plan.status),
  };
}

function blockOf({ id, nodeId, status }: StepView): PlanInBlocks['phases'][number]['blocks'][number] {
  const name = roleOf(nodeId) === 'broker' ? `broker-${nodeId}` : podName(nodeId);
  const shown = blockStatus(status);
  const message = `${name.charAt(0).toUpperCase()}${name.slice(1)} is ${shown}`;
  return { has_decision_point: false, id, message, name, status: shown };
}
