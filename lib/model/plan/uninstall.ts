import { dedicatedControllerIds } from '../node.ts';
import { newPlan, type PlanRequest } from './new-plan.ts';
import type { Plan } from './plan.ts';

/** Brokers side by side, then controllers side by side. */
export function planUninstall(request: PlanRequest, newId: () => string): Plan {
  const phases = [
    { name: 'uninstall-broker', strategy: 'parallel' as const, nodeIds: request.brokerIds },
    { name: 'uninstall-controller', strategy: 'parallel' as const, nodeIds: dedicatedControllerIds(request) },
  ];
  return newPlan(request, { kind: 'uninstall', phases }, newId);
}
