import type { Operation } from '../../lib/contract/route.ts';
import { hibernateService, resumeService } from '../../lib/operations/hibernate-service.ts';
import type { ApiPorts } from '../../lib/operations/install-service.ts';
import type { DeadLetters } from '../../lib/ports/dead-letters.ts';
import type { Deployment } from '../../lib/ports/deployment.ts';
import { allowDestroy, forbidDestroy } from './admin.ts';
import { commandBlocks, commandBlocksByQuery, getActiveBlocks, getPlanInBlocks } from './blocks.ts';
import { commandPlan, startPlan, stopPlan } from './commands.ts';
import { getConfig, getTargetConfig, getTargetConfigId, listConfigs } from './configurations.ts';
import type { ApiHandler } from './create-api.ts';
import { describeService } from './description.ts';
import { getConnection, getEndpoint, listEndpoints } from './endpoints.ts';
import { getDeploymentHealth, getHealth } from './health.ts';
import { listOperations } from './history.ts';
import { fence, listHosts } from './hosts.ts';
import { install } from './install.ts';
import { getOpenApi } from './openapi.ts';
import { getPlan, listPlans } from './plans.ts';
import {
  getPodInfo,
  getPodStatus,
  getPodsStatus,
  listPods,
  pausePod,
  replacePod,
  restartBroker,
  restartPod,
  resumePod,
} from './pods.ts';
import { getService, listServices, uninstall } from './services.ts';
import { sleepService } from './sleep.ts';
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
import { adoptPod, listOrphans, listOrphansOfService, proveStopOfPod } from './truth.ts';
import { update } from './update.ts';

/** What the operations of group `aws` act with. */
export interface AwsApiPorts extends ApiPorts {
  readonly deadLetters: DeadLetters;
  readonly deployment: Deployment;
}

/** The operations of group `aws`. */
export function awsHandlers(ports: AwsApiPorts): Partial<Record<Operation, ApiHandler>> {
  return {
    ...planHandlers(ports),
    ...podHandlers(ports),
    listServices: listServices(ports),
    installService: install(ports),
    getService: getService(ports),
    updateService: update(ports),
    uninstallService: uninstall(ports),
    hibernateService: sleepService(ports, hibernateService),
    resumeService: sleepService(ports, resumeService),
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
    adoptPod: adoptPod(ports),
    proveStop: proveStopOfPod(ports),
    listOrphans: listOrphans(ports),
    listOrphansOfService: listOrphansOfService(ports),
    listHosts: listHosts(ports),
    fenceHost: fence(ports),
    allowDestroy: allowDestroy(ports),
    forbidDestroy: forbidDestroy(ports),
    getOpenApi: getOpenApi(),
  };
}

function podHandlers(ports: ApiPorts): Partial<Record<Operation, ApiHandler>> {
  return {
    restartBroker: restartBroker(ports),
    listPods: listPods(ports),
    getPodsStatus: getPodsStatus(ports),
    getPodStatus: getPodStatus(ports),
    getPodInfo: getPodInfo(ports),
    restartPod: restartPod(ports),
    replacePod: replacePod(ports),
    pausePod: pausePod(ports),
    resumePod: resumePod(ports),
  };
}

function planHandlers(ports: ApiPorts): Partial<Record<Operation, ApiHandler>> {
  return {
    listPlans: listPlans(ports),
    getPlan: getPlan(ports),
    startPlan: startPlan(ports),
    stopPlan: stopPlan(ports),
    continuePlan: commandPlan(ports, 'continue'),
    interruptPlan: commandPlan(ports, 'interrupt'),
    forceCompletePlan: commandPlan(ports, 'forceComplete'),
    restartPlan: commandPlan(ports, 'restart'),
    getPlanInBlocks: getPlanInBlocks(ports),
    getActiveBlocks: getActiveBlocks(ports),
    commandBlocks: commandBlocksByQuery(ports),
    continueBlocks: commandBlocks(ports, 'continue'),
    interruptBlocks: commandBlocks(ports, 'interrupt'),
    forceCompleteBlocks: commandBlocks(ports, 'forceComplete'),
    restartBlocks: commandBlocks(ports, 'restart'),
  };
}
