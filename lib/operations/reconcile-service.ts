import type { NamesPorts } from '../ports/names.ts';
import { followNodeWishes } from './follow-node-wishes.ts';
import { forgetOutdated } from './forget-outdated.ts';
import { freeAbandonedPlace } from './free-abandoned-place.ts';
import { repairNames } from './names/repair-names.ts';
import { noteLastWords } from './note-last-words.ts';
import { type EventPorts, takeUp } from './on-task-changed.ts';
import { resumePlan } from './run-plan.ts';
import { startAdoptions } from './start-adoption.ts';
import { recoverNodes } from './start-recovery.ts';
import { startReplacements } from './start-replacements.ts';
import { wakeWaiters } from './wake-waiters.ts';

/**
 * Repairs whatever no event told: takes up each task as ECS shows it, starts missing recoveries, moves, plan runs and what
 * operators asked for of single nodes, frees a
 * place that its holder left behind, lets every waiting step look again, forgets what is outdated, reads the logs that
 * did not answer, and publishes names that are missing. Idempotent; the only repair path there is.
 */
export async function reconcileService(ports: EventPorts & NamesPorts, service: string): Promise<void> {
  const before = await ports.store.readService(service);
  if (before === undefined) return;
  const taskArns = before.goals.flatMap(({ launch, preparation }) => [launch?.taskArn, preparation?.taskArn]);
  const known = taskArns.filter((arn) => arn !== undefined);
  for (const view of await ports.tasks.describeMany(known)) await takeUp(ports, view);
  const state = await ports.store.readService(service);
  if (state === undefined) return;
  await resumePlan(ports, state);
  await recoverNodes(ports, state);
  await followNodeWishes(ports, state);
  await startReplacements(ports, state);
  await startAdoptions(ports, state);
  await freeAbandonedPlace(ports, state);
  await wakeWaiters(ports, state, { cause: 'reconcile' });
  await forgetOutdated(ports, state);
  // So late, and all at once: logs that do not answer cost their patience once, and only what comes after.
  await Promise.all(state.seen.map((seen) => noteLastWords(ports, state, seen)));
  // Last: nothing else may depend on Route 53.
  await repairNames(ports, service);
}
