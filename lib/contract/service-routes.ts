import { commandLines } from './command-routes.ts';
import { podLines } from './pod-routes.ts';
import type { Line } from './route.ts';

/** The clients of the guides send commands by POST or PUT. */
const sleepLines: readonly Line[] = [
  { method: 'POST', path: '/hibernate', group: 'commands', operation: 'hibernateService' },
  {
    ...{ method: 'PUT', path: '/hibernate', group: 'commands' },
    ...{ operation: 'hibernateService', operationId: 'hibernateServiceByPut' },
  },
  { method: 'POST', path: '/resume', group: 'commands', operation: 'resumeService' },
  {
    ...{ method: 'PUT', path: '/resume', group: 'commands' },
    ...{ operation: 'resumeService', operationId: 'resumeServiceByPut' },
  },
];

/** Paths below `/service/{name}/v1`; mirrored below `/v1` for the service named `kafka`. */
export const serviceLines: readonly Line[] = [
  { method: 'GET', path: '/plans', group: 'aws', operation: 'listPlans' },
  { method: 'GET', path: '/plans/{plan}', group: 'aws', operation: 'getPlan' },
  { method: 'GET', path: '/plan', group: 'aws', operation: 'getPlanInBlocks' },
  { method: 'GET', path: '/plan/status', group: 'aws', operation: 'getActiveBlocks' },
  ...commandLines,
  ...sleepLines,
  { method: 'GET', path: '/operations', group: 'aws', operation: 'listOperations' },
  { method: 'GET', path: '/connection', group: 'aws', operation: 'getConnection' },
  { method: 'GET', path: '/endpoints', group: 'aws', operation: 'listEndpoints' },
  { method: 'GET', path: '/endpoints/{endpoint}', group: 'aws', operation: 'getEndpoint' },
  { method: 'GET', path: '/brokers', group: 'kafka', operation: 'listBrokers' },
  ...podLines,
  { method: 'GET', path: '/drift', group: 'kafka', operation: 'getDrift' },
  { method: 'GET', path: '/describe', group: 'aws', operation: 'describeService' },
  { method: 'GET', path: '/configurations', group: 'aws', operation: 'listConfigs' },
  { method: 'GET', path: '/configurations/targetId', group: 'aws', operation: 'getTargetConfigId' },
  { method: 'GET', path: '/configurations/target', group: 'aws', operation: 'getTargetConfig' },
  { method: 'GET', path: '/configurations/{id}', group: 'aws', operation: 'getConfig' },
  { method: 'GET', path: '/health', group: 'aws', operation: 'getHealth' },
  { method: 'GET', path: '/state/frameworkId', group: 'aws', operation: 'getFrameworkId' },
  { method: 'GET', path: '/state/properties', group: 'aws', operation: 'listStateProperties' },
  { method: 'GET', path: '/state/properties/{property}', group: 'aws', operation: 'getStateProperty' },
  { method: 'GET', path: '/state/zone/tasks', group: 'aws', operation: 'listTaskZones' },
  { method: 'GET', path: '/state/zone/tasks/{task}', group: 'aws', operation: 'getTaskZone' },
  { method: 'GET', path: '/state/zone/{pod}/{ip}', group: 'aws', operation: 'getAddressZone' },
  { method: 'GET', path: '/state/files', group: 'aws', operation: 'listStateFiles' },
  { method: 'GET', path: '/state/files/{file}', group: 'aws', operation: 'getStateFile' },
  { method: 'PUT', path: '/state/files/{file}', group: 'aws', operation: 'putStateFile' },
  { method: 'PUT', path: '/state/refresh', group: 'aws', operation: 'refreshState' },
];
