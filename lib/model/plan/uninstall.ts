import type { NodeId } from '../node.ts';
import { stepName } from './deploy.ts';
import type { Phase, Plan } from './plan.ts';

export interface UninstallRequest {
  readonly service: string;
  readonly configId: string;
  readonly brokerIds: readonly NodeId[];
  readonly controllerIds: readonly NodeId[];
  readonly createdAt: number;
  readonly requestedBy: string;
}

/** Brokers side by side, then controllers side by side. */
export function planUninstall(request: UninstallRequest, newId: () => string): Plan {
  return {
    id: newId(),
    service: request.service,
    kind: 'uninstall',
    configId: request.configId,
    strategy: 'serial',
    phases: [phase('broker', request.brokerIds, newId), phase('controller', request.controllerIds, newId)],
    createdAt: request.createdAt,
    requestedBy: request.requestedBy,
  };
}

function phase(name: string, nodeIds: readonly NodeId[], newId: () => string): Phase {
  return {
    id: newId(),
    name: `uninstall-${name}`,
    strategy: 'parallel',
    steps: nodeIds.map((nodeId) => ({ id: newId(), name: stepName(nodeId), nodeId })),
  };
}
