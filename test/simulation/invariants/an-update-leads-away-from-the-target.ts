import type { PlanItem } from '../run/plans.ts';
import type { Watch } from './invariant.ts';
import { storedPlans } from './stored-plans.ts';
import { writtenBy } from './written-items.ts';

/** A plan is made for the service as it is: one that was previewed before another change is never applied. */
export const anUpdateLeadsAwayFromTheTarget: Watch = (world) => {
  const stored = storedPlans(world);
  const broken: string[] = [];
  world.onServed((call) => {
    for (const item of writtenBy(call).put.filter(({ sk }) => String(sk).startsWith('PLAN#'))) {
      const plan: object = item;
      const { id, service, kind, previousConfigId } = plan as PlanItem;
      const target = stored.of(service).targets.at(-1)?.value.configId;
      if (kind === 'update' && previousConfigId !== target)
        broken.push(`${id} leads away from ${previousConfigId}, and the target of ${service} was ${target}`);
    }
    stored.follow(call);
  });
  return { rule: 'an update leads away from what was the target', afterStep: () => broken[0] };
};
