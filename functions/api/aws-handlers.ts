import type { Operation } from '../../lib/contract/routes.ts';
import type { ApiPorts } from '../../lib/operations/install-service.ts';
import type { ApiHandler } from './create-api.ts';
import { describeService } from './description.ts';
import { getConnection, getEndpoint, listEndpoints } from './endpoints.ts';
import { install } from './install.ts';
import { getOpenApi } from './openapi.ts';
import { getPlan, getPlanInBlocks, listPlans } from './plans.ts';
import { getService, listServices, uninstall } from './services.ts';

/** The operations of group `aws`. */
export function awsHandlers(ports: ApiPorts): Partial<Record<Operation, ApiHandler>> {
  return {
    listServices: listServices(ports),
    installService: install(ports),
    getService: getService(ports),
    uninstallService: uninstall(ports),
    listPlans: listPlans(ports),
    getPlan: getPlan(ports),
    getPlanInBlocks: getPlanInBlocks(ports),
    getConnection: getConnection(ports),
    listEndpoints: listEndpoints(ports),
    getEndpoint: getEndpoint(ports),
    describeService: describeService(ports),
    getOpenApi: getOpenApi(),
  };
}
