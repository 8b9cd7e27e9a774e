import { heldBy } from './decision-points.ts';
import type { Watch } from './invariant.ts';
import { inForceSince, storedPlans } from './stored-plans.ts';
import { keyOf, writtenBy } from './written-items.ts';

/** As long as a function may run: what it looked at may be so old. */
const lookedMs = 16_000;

/** A plan that waits for an operator does nothing until the word comes. What has begun is finished. */
export const noStepBeginsAgainstAnOperator: Watch = (world) => {
  const stored = storedPlans(world);
  const broken: string[] = [];
  world.onServed((call) => {
    for (const item of writtenBy(call).put) {
      const [, planId = '', stepId = ''] = /^STEP#([^#]+)#(.+)$/.exec(String(item['sk'])) ?? [];
      const service = stored.of(String(item['pk']).slice('SERVICE#'.length));
      const plan = service.plans.get(planId);
      const before = service.steps.get(stepId);
      const isUnderWay = before !== undefined && before.endedAt === undefined;
      if (plan === undefined || !['update', 'install', 'resume'].includes(plan.kind)) continue;
      // One that ends as it begins had nothing to do, and was not to end either.
      const isOver = item['endedAt'] !== undefined && before !== undefined;
      if (isOver || isUnderWay) continue;
      const from = world.clock.now() - lookedMs;
      const versions = service.steering.get(planId) ?? [];
      const said = inForceSince(versions, from);
      const isOld = versions.length === 0 || (versions[0]?.at ?? 0) > from;
      const holds = [...(isOld ? [undefined] : []), ...said].map((steering) => heldBy(plan, steering, stepId));
      if (holds.every((hold) => hold !== undefined)) broken.push(`${keyOf(item)} began although ${holds.at(-1)}`);
    }
    stored.follow(call);
  });
  return { rule: 'a step that an operator holds back does not begin', afterStep: () => broken[0] };
};
