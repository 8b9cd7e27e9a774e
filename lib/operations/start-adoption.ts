import type { NodeId } from '../model/node.ts';
import { adoptionName, payloadVersion } from '../model/plan/execution.ts';
import type { ServiceState } from '../model/state.ts';
import type { PlanRunner } from '../ports/plan-runner.ts';

/** Runs of one adoption; each next one begins only when the one before has ended without answering it. */
const maxRuns = 1000;

/** The number of the adoption that the node still waits for; undefined: none was asked for, or it was answered. */
export function openAdoption({ nodeWishes, goals }: ServiceState, nodeId: NodeId): number | undefined {
  const wished = nodeWishes.find((wish) => wish.nodeId === nodeId)?.adoption?.times ?? 0;
  const answered = goals.find((goal) => goal.nodeId === nodeId)?.adopted ?? 0;
  return wished > answered ? wished : undefined;
}

/** Starts a run for each adoption that is not answered and has none. Idempotent by the run's name. */
export async function startAdoptions(ports: { readonly planRunner: PlanRunner }, state: ServiceState): Promise<void> {
  if (state.wish.uninstall !== undefined) return;
  for (const { nodeId } of state.nodeWishes) {
    const times = openAdoption(state, nodeId);
    if (times !== undefined) await startAdoption(ports, state, { nodeId, times });
  }
}

async function startAdoption(
  { planRunner }: { readonly planRunner: PlanRunner },
  { target: { service, createdAt } }: ServiceState,
  { nodeId, times }: { readonly nodeId: NodeId; readonly times: number },
): Promise<void> {
  for (let run = 1; run <= maxRuns; run++) {
    const name = adoptionName({ service, nodeId, createdAt, times, run });
    const status = await planRunner.status(planRunner.arnOf('recover', name));
    if (status.type === 'running') return;
    if (status.type === 'unknown') {
      const input = { v: payloadVersion, service, serviceCreatedAt: createdAt, nodeId, adopt: true };
      await planRunner.start('recover', name, input);
      return;
    }
  }
}
