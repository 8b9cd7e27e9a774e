import type { NodeWait, ServiceState } from '../model/state.ts';
import type { PlanRunner } from '../ports/plan-runner.ts';

/**
 * Makes the waiting steps that match look again, all of them by default. A wake-up too many costs one look; a token that nobody waits with any
 * more is no error.
 */
export async function wakeWaiters(
  ports: { readonly planRunner: PlanRunner },
  state: ServiceState,
  { cause, matches = () => true }: { readonly cause: string; readonly matches?: (wait: NodeWait) => boolean },
): Promise<void> {
  for (const wait of state.waits.filter(matches)) {
    if (wait.token !== undefined) await ports.planRunner.answer(wait.token, { type: 'look again', cause });
  }
}
