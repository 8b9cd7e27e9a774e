import { newPlan, type PlanRequest } from './new-plan.ts';
import type { Plan } from './plan.ts';

/** Controllers one by one, then brokers one by one. */
export function planDeploy(request: PlanRequest, newId: () => string): Plan {
  const phases = [
    { name: 'controller', strategy: 'serial' as const, nodeIds: request.controllerIds },
    { name: 'broker', strategy: 'serial' as const, nodeIds: request.brokerIds },
  ];
  return newPlan(request, { kind: 'install', phases }, newId);
}
