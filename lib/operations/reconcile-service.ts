import { type EventPorts, takeUp } from './on-task-changed.ts';
import { resumePlan } from './run-plan.ts';
import { recoverNodes } from './start-recovery.ts';
import { wakeWaiters } from './wake-waiters.ts';

/**
 * Repairs whatever no event told: takes up each task as ECS shows it, starts missing recoveries and plan runs, and lets
 * every waiting step look again. Idempotent; the only repair path there is.
 */
export async function reconcileService(ports: EventPorts, service: string): Promise<void> {
  const before = await ports.store.readService(service);
  if (before === undefined) return;
  const taskArns = before.goals.flatMap(({ launch, preparation }) => [launch?.taskArn, preparation?.taskArn]);
  const known = taskArns.filter((arn) => arn !== undefined);
  for (const view of await ports.tasks.describeMany(known)) await takeUp(ports, view);
  const state = await ports.store.readService(service);
  if (state === undefined) return;
  await resumePlan(ports, state);
  await recoverNodes(ports, state);
  await wakeWaiters(ports, state, { cause: 'reconcile', matches: ({ token }) => token !== undefined });
}
