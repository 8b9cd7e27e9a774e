import { drainingHost } from '../model/broker/host-drains.ts';
import { hasNoTask } from '../model/broker/node-run.ts';
import { isWantedDown } from '../model/is-wanted-down.ts';
import { payloadVersion, replacementName } from '../model/plan/execution.ts';
import type { NodeGoal, ServiceState } from '../model/state.ts';
import type { PlanRunner } from '../ports/plan-runner.ts';
import { startNextRun } from './start-next-run.ts';

/**
 * Starts moving each node that runs on a host that drains, unless that is under way. They wait for one another: one node is
 * down by our hand. What is down already is a recovery's. Idempotent: reconcile starts what is missing.
 */
export async function startReplacements(
  ports: { readonly planRunner: PlanRunner },
  state: ServiceState,
): Promise<void> {
  if (isWantedDown(state.wish)) return;
  for (const goal of state.goals) {
    if (drainingHost(state, goal) !== undefined && goal.attempt > 0 && !hasNoTask(state, goal))
      await startReplacement(ports, state, goal);
  }
}

/** Named by the try of the node: the next one is another move. */
async function startReplacement(
  ports: { readonly planRunner: PlanRunner },
  { target: { service, createdAt } }: ServiceState,
  { nodeId, attempt }: NodeGoal,
): Promise<void> {
  const base = replacementName(service, nodeId, attempt, createdAt);
  const input = { v: payloadVersion, service, serviceCreatedAt: createdAt, nodeId, kind: 'replacement' };
  await startNextRun(ports, 'replace', { base, input });
}
