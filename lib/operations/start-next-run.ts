import type { Machine, PlanRunner } from '../ports/plan-runner.ts';

/** Runs for one reason; each next one begins only when the one before has ended without doing what it was for. */
const maxRuns = 1000;

/** Starts the next run of this name unless one is under way. Idempotent by the name. */
export async function startNextRun(
  ports: { readonly planRunner: PlanRunner },
  machine: Machine,
  { base, input }: { readonly base: string; readonly input: Readonly<Record<string, unknown>> },
): Promise<void> {
  for (let run = 1; run <= maxRuns; run++) {
    const name = `${base}-${run}`;
    const status = await ports.planRunner.status(ports.planRunner.arnOf(machine, name));
    if (status.type === 'running') return;
    if (status.type === 'unknown') {
      await ports.planRunner.start(machine, name, input);
      return;
    }
  }
}
