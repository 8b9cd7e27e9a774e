import { drainingHost } from '../model/broker/host-drains.ts';
import { hasNoTask } from '../model/broker/node-run.ts';
import { isWantedDown } from '../model/is-wanted-down.ts';
import { payloadVersion, replacementName } from '../model/plan/execution.ts';
import type { NodeGoal, ServiceState } from '../model/state.ts';
import type { PlanRunner } from '../ports/plan-runner.ts';

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

/** Of one try of a node; each next one begins only when the one before has ended and the node still is there. */
const maxRuns = 1000;

async function startReplacement(
  ports: { readonly planRunner: PlanRunner },
  { target: { service, createdAt } }: ServiceState,
  { nodeId, attempt }: NodeGoal,
): Promise<void> {
  const base = replacementName(service, nodeId, attempt, createdAt);
  for (let run = 1; run <= maxRuns; run++) {
    const name = `${base}-${run}`;
    const status = await ports.planRunner.status(ports.planRunner.arnOf('replace', name));
    if (status.type === 'running') return;
    if (status.type === 'unknown') {
      const input = { v: payloadVersion, service, serviceCreatedAt: createdAt, nodeId, kind: 'replacement' };
      await ports.planRunner.start('replace', name, input);
      return;
    }
  }
}
