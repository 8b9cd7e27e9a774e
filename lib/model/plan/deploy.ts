import { dedicatedControllerIds } from '../node.ts';
import { newPlan, type PlanRequest } from './new-plan.ts';
import type { Plan } from './plan.ts';

/**
 * Controllers one by one, then brokers one by one. A combined node is a broker's step. Whatever the deploy strategy is, an
 * install never stops for an operator: 1.x STAGE only concerns updates, and a config keeps one spelling of both guides'.
 */
export function planDeploy(request: PlanRequest, newId: () => string): Plan {
  const phases = [
    { name: 'controller', strategy: 'serial' as const, nodeIds: dedicatedControllerIds(request) },
    { name: 'broker', strategy: 'serial' as const, nodeIds: request.brokerIds },
  ];
  return newPlan(request, { kind: 'install', phases }, newId);
}
