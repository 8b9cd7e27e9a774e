import type { Operation } from '../../lib/contract/route.ts';
import type { ApiPorts } from '../../lib/operations/install-service.ts';
import type { Deployment } from '../../lib/ports/deployment.ts';
import { allowDestroy, forbidDestroy } from './admin.ts';
import type { ApiHandler } from './create-api.ts';
import { install } from './install.ts';

/** What the operations of group `deployment` act with. */
export interface DeploymentApiPorts extends ApiPorts {
  readonly deployment: Deployment;
}

/** The operations of group `deployment`. */
export function deploymentHandlers(ports: DeploymentApiPorts): Partial<Record<Operation, ApiHandler>> {
  return {
    installService: install(ports),
    allowDestroy: allowDestroy(ports),
    forbidDestroy: forbidDestroy(ports),
  };
}
