import type { Operation } from '../../lib/contract/route.ts';
import type { ApiPorts } from '../../lib/operations/install-service.ts';
import { getActiveBlocks, getPlanInBlocks } from './blocks.ts';
import { getConfig, getTargetConfig, getTargetConfigId, listConfigs } from './configurations.ts';
import type { ApiHandler } from './create-api.ts';
import { describeService } from './description.ts';
import { getConnection, getEndpoint, listEndpoints } from './endpoints.ts';
import { getDeploymentHealth, getHealth } from './health.ts';
import { listOperations } from './history.ts';
import { listHosts } from './hosts.ts';
import { getOpenApi } from './openapi.ts';
import { getPlan, listPlans } from './plans.ts';
import { getPodInfo, getPodStatus, getPodsStatus, listPods } from './pods.ts';
import { getService, listServices, uninstall } from './services.ts';
import {
  getAddressZone,
  getFrameworkId,
  getStateProperty,
  getTaskZone,
  listStateProperties,
  listTaskZones,
  refuseFiles,
  refuseRefresh,
} from './state.ts';
import { listOrphans, listOrphansOfService } from './truth.ts';
import { update } from './update.ts';

/** The operations of group `aws`. */
export function awsHandlers(ports: ApiPorts): Partial<Record<Operation, ApiHandler>> {
  return {
    listPlans: listPlans(ports),
    getPlan: getPlan(ports),
    getPlanInBlocks: getPlanInBlocks(ports),
    getActiveBlocks: getActiveBlocks(ports),
    listPods: listPods(ports),
    getPodsStatus: getPodsStatus(ports),
    getPodStatus: getPodStatus(ports),
    getPodInfo: getPodInfo(ports),
    listServices: listServices(ports),
    getService: getService(ports),
    updateService: update(ports),
    uninstallService: uninstall(ports),
    listOperations: listOperations(ports),
    getConnection: getConnection(ports),
    listEndpoints: listEndpoints(ports),
    getEndpoint: getEndpoint(ports),
    describeService: describeService(ports),
    listConfigs: listConfigs(ports),
    getTargetConfigId: getTargetConfigId(ports),
    getTargetConfig: getTargetConfig(ports),
    getConfig: getConfig(ports),
    getHealth: getHealth(ports),
    getDeploymentHealth: getDeploymentHealth(ports),
    getFrameworkId: getFrameworkId(ports),
    listStateProperties: listStateProperties(ports),
    getStateProperty: getStateProperty(ports),
    listTaskZones: listTaskZones(ports),
    getTaskZone: getTaskZone(ports),
    getAddressZone: getAddressZone(ports),
    listStateFiles: refuseFiles(ports),
    getStateFile: refuseFiles(ports),
    putStateFile: refuseFiles(ports),
    refreshState: refuseRefresh(ports),
    listOrphans: listOrphans(ports),
    listOrphansOfService: listOrphansOfService(ports),
    listHosts: listHosts(ports),
    getOpenApi: getOpenApi(),
  };
}
