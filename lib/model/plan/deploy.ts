import { type NodeId, type NodeRole, podName, roleOf } from '../node.ts';
import type { Phase, Plan } from './plan.ts';

export interface DeployRequest {
  readonly service: string;
  readonly configId: string;
  readonly brokerIds: readonly NodeId[];
  readonly controllerIds: readonly NodeId[];
  readonly createdAt: number;
  readonly requestedBy: string;
}

/** Controllers one by one, then brokers one by one. `newId` gives a fresh UUID for the plan, each phase and each step. */
export function planDeploy(request: DeployRequest, newId: () => string): Plan {
  return {
    id: newId(),
    service: request.service,
    kind: 'install',
    configId: request.configId,
    strategy: 'serial',
    phases: [phase('controller', request.controllerIds, newId), phase('broker', request.brokerIds, newId)],
    createdAt: request.createdAt,
    requestedBy: request.requestedBy,
  };
}

function phase(role: NodeRole, nodeIds: readonly NodeId[], newId: () => string): Phase {
  return {
    id: newId(),
    name: role,
    strategy: 'serial',
    steps: nodeIds.map((nodeId) => ({ id: newId(), name: stepName(nodeId), nodeId })),
  };
}

/** As in the 2.x guides: `kafka-0:[broker]`. */
export function stepName(nodeId: NodeId): string {
  return `${podName(nodeId)}:[${roleOf(nodeId)}]`;
}
