import { parseRunName } from '../model/plan/execution.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlanRunner } from '../ports/plan-runner.ts';
import type { Store } from '../ports/store.ts';
import { followNodeWishes } from './follow-node-wishes.ts';
import { resumePlan } from './run-plan.ts';
import { recoverNodes } from './start-recovery.ts';
import { wakeWaiters } from './wake-waiters.ts';

export interface EndedExecution {
  readonly name: string;
  readonly service: string;
  readonly succeeded: boolean;
  readonly error?: string;
  readonly endedAt: number;
}

/**
 * Writes down how a plan's run ended, lets the steps look again that waited for the execution's turn to be over, and
 * recovers the nodes that it left down, and starts what an operator's word still asks for: its own last look may have been before the stop, whose event found the node in
 * its hands. Idempotent.
 */
export async function onExecutionEnded(
  ports: { readonly store: Store; readonly planRunner: PlanRunner; readonly clock: Clock },
  ended: EndedExecution,
): Promise<void> {
  const state = await ports.store.readService(ended.service);
  if (state === undefined) return;
  const run = parseRunName(ended.name);
  if (run !== undefined) {
    await ports.store.putRun(ended.service, {
      ...run,
      outcome: ended.succeeded ? 'succeeded' : 'failed',
      endedAt: ended.endedAt,
      ...(ended.error === undefined ? {} : { error: ended.error }),
    });
  }
  // An operator may have opened a step again that this run had passed; one that failed waits for the sweep.
  if (run !== undefined && ended.succeeded) await resumePlan(ports, state);
  await wakeWaiters(ports, state, { cause: `${ended.name} ended`, matches: ({ awaits }) => awaits === 'turn' });
  await recoverNodes(ports, state);
  await followNodeWishes(ports, state);
}
