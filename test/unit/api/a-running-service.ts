import { expect } from '@jest/globals';
import type { ApiResponse } from '../../../functions/api/api-response.ts';
import { problemSchema } from '../../../lib/contract/problem-schema.ts';
import type { NodeGoal } from '../../../lib/model/state.ts';
import { placed } from '../model/plan-status/a-service.ts';
import { type ApiUnderTest, createApiUnderTest } from './api-server.ts';

/** An API whose service `kafka` is installed, with every node at its config and running. */
export async function runningService(options: unknown = {}): Promise<ApiUnderTest> {
  const api = createApiUnderTest();
  expect((await api.ask('POST', '/services', JSON.stringify({ options }))).statusCode).toBe(202);
  await completePlan(api);
  return api;
}

/** Brings every node to the target and ends every step of the plan, as the machine's steps do. */
export async function completePlan(api: ApiUnderTest): Promise<void> {
  const state = await api.store.readService('kafka');
  const plan = state?.plans.find(({ id }) => id === state.wish.planId);
  if (state === undefined || plan === undefined) throw new Error('the service has a plan');
  for (const { id, nodeId } of plan.phases.flatMap(({ steps }) => steps)) {
    const number = (state.leases.find((lease) => lease.nodeId === nodeId)?.number ?? 0) + 1;
    const previous = state.leases.find((lease) => lease.nodeId === nodeId);
    const lease = {
      service: 'kafka',
      nodeId,
      holder: `arn:h:${plan.id}`,
      kind: 'plan',
      number,
      released: false,
    } as const;
    const taking = { lease, withSlot: false, ...(previous === undefined ? {} : { previous }) };
    expect(await api.store.takeLease(taking)).toBe(true);
    const known = state.goals.find((goal) => goal.nodeId === nodeId);
    const goal: NodeGoal = {
      ...(known ?? { service: 'kafka', nodeId, failures: { count: 0, lastAttempt: 0 }, ...placed }),
      configId: plan.configId,
      attempt: 1,
      launch: { attempt: 1, request: '{}', requestedAt: 1, taskArn: `arn:task/${nodeId}`, configId: plan.configId },
    };
    const step = { planId: plan.id, stepId: id, startedAt: 1, endedAt: Date.UTC(2026, 10, 21, 12, 10) };
    expect(await api.store.finishNode({ lease, goal, step })).toBe(true);
  }
  await api.store.formQuorum({ service: 'kafka', formedAt: 1 });
}

export function bodyOf(response: ApiResponse): unknown {
  return JSON.parse(response.body ?? '');
}

/** The problem document of a response, whose status it must have. */
export function problemOf(response: ApiResponse) {
  expect(response.headers?.['content-type']).toBe('application/problem+json');
  const problem = problemSchema.parse(bodyOf(response));
  expect(problem.status).toBe(response.statusCode);
  return problem;
}
