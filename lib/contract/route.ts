/**
 * Each group is answered by one function with the rights of its routes. `commands`: what is to be done with plans and
 * single nodes. `deployment`: installs and the stack's own
 * protection, which bar each other. `kafka`: asks Kafka, from inside the VPC. `aws`: all else.
 */
export const routeGroups = ['aws', 'commands', 'deployment', 'kafka'] as const;

export type RouteGroup = (typeof routeGroups)[number];

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a route does; several routes may do the same for different spellings of its path. */
export type Operation =
  | 'listServices'
  | 'installService'
  | 'getService'
  | 'updateService'
  | 'uninstallService'
  | 'hibernateService'
  | 'resumeService'
  | 'listPlans'
  | 'getPlan'
  | 'getPlanInBlocks'
  | 'getActiveBlocks'
  | 'startPlan'
  | 'stopPlan'
  | 'continuePlan'
  | 'interruptPlan'
  | 'forceCompletePlan'
  | 'restartPlan'
  | 'commandBlocks'
  | 'continueBlocks'
  | 'interruptBlocks'
  | 'forceCompleteBlocks'
  | 'restartBlocks'
  | 'listOperations'
  | 'getConnection'
  | 'listEndpoints'
  | 'getEndpoint'
  | 'listBrokers'
  | 'restartBroker'
  | 'listPods'
  | 'getPodsStatus'
  | 'getPodStatus'
  | 'getPodInfo'
  | 'restartPod'
  | 'replacePod'
  | 'pausePod'
  | 'resumePod'
  | 'getDrift'
  | 'describeService'
  | 'listConfigs'
  | 'getTargetConfigId'
  | 'getTargetConfig'
  | 'getConfig'
  | 'getHealth'
  | 'getDeploymentHealth'
  | 'getFrameworkId'
  | 'listStateProperties'
  | 'getStateProperty'
  | 'listTaskZones'
  | 'getTaskZone'
  | 'getAddressZone'
  | 'listStateFiles'
  | 'getStateFile'
  | 'putStateFile'
  | 'refreshState'
  | 'adoptPod'
  | 'proveStop'
  | 'listOrphans'
  | 'listOrphansOfService'
  | 'listHosts'
  | 'fenceHost'
  | 'allowDestroy'
  | 'forbidDestroy'
  | 'getOpenApi';

/** One line of the HTTP API. Functions, the CDK app and the OpenAPI document are all made from these. */
export interface Route {
  readonly method: Method;
  /** In HTTP API syntax: `/service/{name}/v1/plans/{plan}`. */
  readonly path: string;
  readonly group: RouteGroup;
  readonly operation: Operation;
  /** Unique: the operation, or the operation with its spelling. */
  readonly operationId: string;
  /** Whether it answers without a token. */
  readonly public?: boolean;
}

/** A route before its place among the others is known. `operationId` is given where two lines do the same. */
export type Line = Omit<Route, 'operationId'> & Partial<Pick<Route, 'operationId'>>;
