import type { PlanItem } from '../run/plans.ts';
import type { Watch } from './invariant.ts';
import { type StoredService, storedPlans } from './stored-plans.ts';
import { writtenBy } from './written-items.ts';

/** What a plan was made of is read so long before it is stored, at most. */
const staleMs = 60_000;

/**
 * A plan is made for the service as it is: one that was previewed before another change is never applied. What it would go
 * back to is the newest config that a plan has brought all nodes to, never one that was given up on the way.
 */
export const anUpdateCanGoBack: Watch = (world) => {
  const stored = storedPlans(world);
  const broken: string[] = [];
  world.onServed((call) => {
    for (const item of writtenBy(call).put.filter(({ sk }) => String(sk).startsWith('PLAN#'))) {
      const plan: object = item;
      const { id, service, kind, previousConfigId = '' } = plan as PlanItem;
      const lasting = kind === 'update' ? lastingConfigs(stored.of(service), world.clock.now()) : [previousConfigId];
      if (!lasting.includes(previousConfigId))
        broken.push(
          `${id} goes back to ${previousConfigId}, and ${lasting} of ${service} had been brought to its nodes`,
        );
    }
    stored.follow(call);
  });
  return { rule: 'an update goes back to the newest config that all nodes had', afterStep: () => broken[0] };
};

/** The newest config whose plan was complete; the one before it too, while that is news. */
function lastingConfigs(service: StoredService, now: number): readonly (string | undefined)[] {
  const plan = [...service.plans.values()].at(-1);
  const target = service.targets.at(-1)?.value.configId;
  if (plan?.previousConfigId === undefined) return [target];
  const completeAt = completeSince(service, plan);
  if (completeAt === undefined) return [plan.previousConfigId];
  return now - completeAt < staleMs ? [target, plan.previousConfigId] : [target];
}

/** When the last step had ended or was forced. A step that was asked for again had ended, or it goes on by an operator's word. */
function completeSince({ steps, steering }: StoredService, plan: PlanItem): number | undefined {
  const said = steering.get(plan.id) ?? [];
  const times = plan.phases
    .flatMap((phase) => phase.steps)
    .map(({ id }) => {
      const decided = said.find(
        ({ value }) => value.forced.includes(id) || value.restarts.some(({ stepId }) => stepId === id),
      );
      return steps.get(id)?.endedAt ?? decided?.at;
    });
  return times.includes(undefined) ? undefined : Math.max(...times.filter((time) => time !== undefined));
}
