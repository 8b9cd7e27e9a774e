import { callFaults, type Fault, invocationFaults } from '../faults/faults.ts';
import { isBehindDecision } from './decision-points.ts';
import type { Watch } from './invariant.ts';
import { planWorkOf, storedPlans } from './stored-plans.ts';
import { writtenBy } from './written-items.ts';

/** Faults by which an answer is old before it is used. */
const blurring: readonly Fault[] = [...callFaults, ...invocationFaults];

/**
 * A plan lets the controller that leads stop only after those that it still restarts without another word of an operator.
 * Looked at when the verdict is stored: the lead may move before the stop. Only while nothing makes answers old.
 */
export const theActiveControllerComesLast: Watch = (world) => {
  const stored = storedPlans(world);
  const broken: string[] = [];
  world.onServed((call) => {
    stored.follow(call);
    const work = planWorkOf(call.invocation);
    const isVerdict = writtenBy(call).put.some(({ sk }) => String(sk).startsWith('VERDICT#'));
    if (work === undefined || !isVerdict || blurring.some((fault) => world.faults.hits.has(fault))) return;
    const service = stored.of(work.service);
    const target = service.targets.at(-1)?.value;
    const plan = service.plans.get(work.planId);
    if (target?.controllerIds.includes(work.nodeId) !== true || plan === undefined) return;
    if (world.kafka.view(target.clusterId).leaderId !== work.nodeId) return;
    const said = service.steering.get(plan.id)?.at(-1)?.value;
    const open = plan.phases.flatMap((phase) =>
      phase.steps.filter(({ id, nodeId, change }) => {
        if (nodeId === work.nodeId || !target.controllerIds.includes(nodeId) || change?.type !== 'restart')
          return false;
        const begun = service.steps.get(id);
        const times = said?.restarts.find(({ stepId }) => stepId === id)?.times ?? 0;
        const isThrough = begun?.endedAt !== undefined && (begun.restart ?? 0) >= times;
        return !isThrough && said?.forced.includes(id) !== true && !isBehindDecision(phase, said, id);
      }),
    );
    const names = open.map(({ name }) => name).join(', ');
    if (open.length > 0) broken.push(`node ${work.nodeId} leads and was let go before ${names}, by plan ${plan.id}`);
  });
  return { rule: 'I16: the active controller is restarted last', afterStep: () => broken[0] };
};
