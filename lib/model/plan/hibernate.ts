import { dedicatedControllerIds } from '../node.ts';
import { newPlan, type PlanRequest } from './new-plan.ts';
import type { Plan } from './plan.ts';

/** What a plan is made for that takes all nodes down, or brings them up again. */
export interface SleepPlanRequest extends PlanRequest {
  /** The config that an update afterwards would go back to. */
  readonly previousConfigId: string;
}

/** Brokers side by side, as they need the controllers to end cleanly, then controllers side by side. */
export function planHibernate(request: SleepPlanRequest, newId: () => string): Plan {
  const phases = [
    { name: 'hibernate-broker', strategy: 'parallel' as const, nodeIds: request.brokerIds },
    { name: 'hibernate-controller', strategy: 'parallel' as const, nodeIds: dedicatedControllerIds(request) },
  ];
  return { ...newPlan(request, { kind: 'hibernate', phases }, newId), previousConfigId: request.previousConfigId };
}

/**
 * All nodes side by side: nothing has to stop for it. A broker waits by itself until a majority of the controllers runs,
 * so that a controller which does not come up keeps no broker down that can do without it.
 */
export function planResume(request: SleepPlanRequest, newId: () => string): Plan {
  const phases = [
    { name: 'controller', strategy: 'parallel' as const, nodeIds: dedicatedControllerIds(request) },
    { name: 'broker', strategy: 'parallel' as const, nodeIds: request.brokerIds },
  ];
  const plan = newPlan(request, { kind: 'resume', phases }, newId);
  return { ...plan, strategy: 'parallel', previousConfigId: request.previousConfigId };
}
