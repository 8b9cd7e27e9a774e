import { dedicatedControllerIds } from '../node.ts';
import { newPlan, type PlanRequest } from './new-plan.ts';
import type { Plan } from './plan.ts';
import type { Strategy } from './strategy.ts';

/**
 * Controllers one by one, then brokers by the strategy, one by one or side by side. A combined node is a broker's step. An
 * install never stops for an operator: 1.x STAGE only concerns updates, and a config keeps one spelling of both guides'.
 */
export function planDeploy(request: PlanRequest, deployStrategy: Strategy, newId: () => string): Plan {
  const isParallel = deployStrategy === 'parallel' || deployStrategy === 'parallel-canary';
  const phases = [
    { name: 'controller', strategy: 'serial' as const, nodeIds: dedicatedControllerIds(request) },
    { name: 'broker', strategy: isParallel ? ('parallel' as const) : ('serial' as const), nodeIds: request.brokerIds },
  ];
  return newPlan(request, { kind: 'install', phases }, newId);
}
