import { payloadVersion, recoveryName } from '../model/plan/execution.ts';
import type { NodeGoal, ServiceState } from '../model/state.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlanRunner } from '../ports/plan-runner.ts';
import { nodeNeedsRecovery } from './node-needs-recovery.ts';
import { startNextRun } from './start-next-run.ts';

/** Starts a recovery of each node that needs one and has none. Idempotent. */
export async function recoverNodes(
  ports: { readonly planRunner: PlanRunner; readonly clock: Clock },
  state: ServiceState,
): Promise<void> {
  for (const goal of state.goals) {
    if (await nodeNeedsRecovery(ports, state, goal)) await startRecovery(ports, state, goal);
  }
}

/**
 * Starts the recovery of this try of the node unless one runs. Idempotent by the execution's name, which is made of
 * the service's life, the node and the try.
 */
export async function startRecovery(
  ports: { readonly planRunner: PlanRunner },
  state: ServiceState,
  goal: NodeGoal,
): Promise<void> {
  const { service, createdAt } = state.target;
  const base = recoveryName(service, goal.nodeId, goal.attempt, createdAt);
  const input = { v: payloadVersion, service, serviceCreatedAt: createdAt, nodeId: goal.nodeId };
  await startNextRun(ports, 'recover', { base, input });
}
