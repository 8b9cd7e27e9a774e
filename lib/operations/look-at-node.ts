import { strict as assert } from 'node:assert';
import { isSuperseded } from '../model/plan/superseded.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlanRunner } from '../ports/plan-runner.ts';
import type { Store } from '../ports/store.ts';
import { nodeNeedsRecovery } from './node-needs-recovery.ts';

/** The first look of a recovery: whether the node still is down and in nobody's hands. */
export async function lookAtNode(
  ports: { readonly store: Store; readonly planRunner: PlanRunner; readonly clock: Clock },
  request: { readonly service: string; readonly serviceCreatedAt?: number; readonly nodeId: number },
): Promise<{ readonly down: boolean }> {
  const state = await ports.store.readService(request.service);
  if (state === undefined || isSuperseded(state, { ...request, kind: 'recovery' })) return { down: false };
  const goal = state.goals.find(({ nodeId }) => nodeId === request.nodeId);
  assert(goal !== undefined, 'a recovery is started for a node that ran');
  return { down: await nodeNeedsRecovery(ports, state, goal) };
}
