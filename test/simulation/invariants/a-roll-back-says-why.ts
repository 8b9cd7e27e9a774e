import type { PlanItem } from '../run/plans.ts';
import type { Watch } from './invariant.ts';
import { type StoredService, storedPlans } from './stored-plans.ts';
import { writtenBy } from './written-items.ts';

/**
 * A roll back that nobody asked for makes the config before the update the target again, once, says which update it takes
 * back and why, and happens only where the service is told to, and when the update was tried. It takes no broker away.
 */
export const aRollBackSaysWhy: Watch = (world) => {
  const stored = storedPlans(world);
  const takenBack = new Set<string>();
  const broken: string[] = [];
  world.onServed((call) => {
    const { put } = writtenBy(call);
    for (const item of put.filter(({ sk }) => String(sk).startsWith('PLAN#'))) {
      const plan = item as object as PlanItem;
      if (plan.takesBack === undefined) continue;
      const { planId, reason } = plan.takesBack;
      const service = stored.of(plan.service);
      const update = service.plans.get(planId);
      const target = put.find(({ sk }) => sk === 'TARGET');
      const told = put.some(({ sk, kind }) => String(sk).startsWith('OPERATION#') && kind === 'roll back');
      const rollback = service.configs.get(update?.configId ?? '')?.options.service['rollback'];
      if (target?.['configId'] !== update?.previousConfigId) broken.push(`${plan.id} leads to ${plan.configId}`);
      if (!/in the new configuration$/.test(reason)) broken.push(`${plan.id} takes back ${planId}: "${reason}"`);
      if (!wasTried(service, update?.configId, reason)) broken.push(`${planId} was taken back untried: "${reason}"`);
      const before = service.targets.at(-1)?.value.brokerIds.length ?? 0;
      const brokers: readonly number[] = Object(target?.['brokerIds']);
      if (brokers.length < before) broken.push(`${plan.id} leaves ${before - brokers.length} brokers out`);
      if (!told) broken.push(`${plan.id} does not stand in the history`);
      if (rollback !== 'automatic') broken.push(`${planId} was taken back although rollback is ${String(rollback)}`);
      if (takenBack.has(planId)) broken.push(`${planId} was taken back twice`);
      takenBack.add(planId);
      world.story.tell(`ROLL BACK of ${planId}: ${reason}`);
    }
    stored.follow(call);
  });
  return {
    rule: 'an update that is taken back leads to the config before it, and says why',
    afterStep: () => broken[0],
  };
};

/** Of stops in the new config: the node was started with it as often as it is said to have ended. */
function wasTried({ launches }: StoredService, configId: string | undefined, reason: string): boolean {
  const [, node, times] = /^kafka-(\d+):\[broker\] ended (\d+) times/.exec(reason) ?? [];
  if (node === undefined) return true;
  const starts = [...launches.values()].filter((each) => each.nodeId === Number(node) && each.configId === configId);
  return starts.length >= Number(times);
}
