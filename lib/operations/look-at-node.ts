import { strict as assert } from 'node:assert';
import { isSuperseded } from '../model/plan/superseded.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlanRunner } from '../ports/plan-runner.ts';
import type { Store } from '../ports/store.ts';
import { nodeNeedsRecovery } from './node-needs-recovery.ts';
import { openAdoption } from './start-adoption.ts';

/** The first look of a recovery: whether the node still is down and in nobody's hands; of an adoption, whether it is open. */
export async function lookAtNode(
  ports: { readonly store: Store; readonly planRunner: PlanRunner; readonly clock: Clock },
  request: {
    readonly service: string;
    readonly serviceCreatedAt?: number;
    readonly nodeId: number;
    readonly adopt?: boolean;
  },
): Promise<{ readonly down: boolean; readonly adopt: boolean }> {
  const state = await ports.store.readService(request.service);
  if (state === undefined || isSuperseded(state, { ...request, kind: 'recovery' }))
    return { down: false, adopt: false };
  if (request.adopt === true) return { down: false, adopt: openAdoption(state, request.nodeId) !== undefined };
  const goal = state.goals.find(({ nodeId }) => nodeId === request.nodeId);
  assert(goal !== undefined, 'a recovery is started for a node that ran');
  return { down: await nodeNeedsRecovery(ports, state, goal), adopt: false };
}
