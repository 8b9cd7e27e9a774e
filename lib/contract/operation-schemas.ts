import * as z from 'zod';
import { activeBlocksSchema } from './active-blocks-schema.ts';
import { protectionSchema } from './admin-schema.ts';
import { commandSchemas } from './command-schemas.ts';
import { configSchema } from './config-schema.ts';
import { driftSchema } from './drift-schema.ts';
import { connectionSchema, endpointSchema } from './endpoint-schema.ts';
import { deploymentHealthSchema, healthSchema, healthStatuses } from './health-schema.ts';
import { historySchema } from './history-schema.ts';
import { hostSchemas } from './host-schemas.ts';
import { namesSchema } from './names-schema.ts';
import { planInBlocksSchema, planSchema } from './plan-schema.ts';
import { podSchemas } from './pod-schemas.ts';
import {
  healthQuerySchema,
  historyQuerySchema,
  installRequestSchema,
  noQuerySchema,
  uninstallQuerySchema,
  updateQuerySchema,
  updateRequestSchema,
} from './request-schemas.ts';
import type { Operation } from './route.ts';
import { noService, type OperationSchemas } from './schemas-of-operation.ts';
import {
  descriptionSchema,
  installAnswerSchema,
  serviceListSchema,
  serviceSchema,
  uninstallAnswerSchema,
} from './service-schema.ts';
import { statePropertySchema, taskZonesSchema, zoneSchema } from './state-schema.ts';
import { truthSchemas } from './truth-schemas.ts';
import { previewSchema, unchangedSchema, updateAnswerSchema } from './update-schema.ts';

const notDone: OperationSchemas = { answers: {}, problems: { ...noService, 501: 'Not done here; `detail` says why' } };

/** The same body under each status that a health has. */
function healthAnswers(schema: z.ZodType): OperationSchemas['answers'] {
  return Object.fromEntries(
    healthStatuses.map((status) => [status, { description: healthWords[status] ?? 'The health', schema }]),
  );
}

const healthWords: Readonly<Record<number, string>> = {
  200: 'Running; also deploy pending (204) and recovery starting (205)',
  202: 'Deploying',
  203: 'Recovery is pending',
  206: 'Degraded',
  207: 'Waiting for the user',
  208: 'Delayed',
  500: 'A plan has errors',
  503: 'Nothing is known',
};

/** Schemas of all operations. */
export const operationSchemas: Readonly<Record<Operation, OperationSchemas>> = {
  listServices: {
    answers: { 200: { description: 'All services by name', schema: serviceListSchema } },
    problems: {},
  },
  installService: {
    body: installRequestSchema,
    answers: { 202: { description: 'The plan is under way', schema: installAnswerSchema, location: true } },
    problems: {
      400: 'The body is not JSON, or options are refused: `errors` lists all of them',
      409: 'The name or a port is taken, or installs are barred',
      413: 'The body is larger than 256 KiB',
    },
  },
  getService: { answers: { 200: { description: 'The service', schema: serviceSchema } }, problems: noService },
  updateService: {
    query: updateQuerySchema,
    body: updateRequestSchema,
    needsBody: true,
    answers: {
      200: { description: 'A preview; or nothing changes', schema: z.union([previewSchema, unchangedSchema]) },
      202: { description: 'The plan is under way', schema: updateAnswerSchema, location: true },
    },
    problems: {
      400: 'The body is not JSON, or options are refused: `errors` lists all of them',
      ...noService,
      409: 'The service is being uninstalled, or hibernates',
      413: 'The body is larger than 256 KiB',
    },
  },
  uninstallService: {
    query: uninstallQuerySchema,
    answers: { 202: { description: 'The plan is under way', schema: uninstallAnswerSchema, location: true } },
    problems: { 400: '`confirm` does not repeat the name', ...noService },
  },
  listPlans: {
    answers: { 200: { description: 'Names of plans', schema: namesSchema } },
    problems: noService,
  },
  getPlan: {
    answers: {
      200: { description: 'The plan is complete', schema: planSchema },
      202: { description: 'The plan is not complete', schema: planSchema },
      417: { description: 'The plan has errors', schema: planSchema },
    },
    problems: { 404: 'There is no such service or plan' },
  },
  getPlanInBlocks: {
    query: noQuerySchema,
    answers: {
      200: { description: 'The plan is complete', schema: planInBlocksSchema },
      503: { description: 'The plan is not complete', schema: planInBlocksSchema },
    },
    problems: { 400: 'There is a query: commands are sent by PUT or POST', ...noService },
  },
  getActiveBlocks: {
    answers: { 200: { description: 'The active block, its phase, and the plan', schema: activeBlocksSchema } },
    problems: noService,
  },
  ...commandSchemas,
  ...podSchemas,
  listOperations: {
    query: historyQuerySchema,
    answers: { 200: { description: 'A page of the history', schema: historySchema } },
    problems: { 400: 'The query has another value or name', ...noService },
  },
  getConnection: { answers: { 200: { description: 'The connection', schema: connectionSchema } }, problems: noService },
  listEndpoints: {
    answers: { 200: { description: 'Names of endpoints', schema: namesSchema } },
    problems: noService,
  },
  getEndpoint: {
    answers: { 200: { description: 'The endpoint', schema: endpointSchema } },
    problems: { 404: 'There is no such service or endpoint' },
  },
  listBrokers: {
    answers: { 200: { description: 'Ids of brokers', schema: namesSchema } },
    problems: { ...noService, 503: 'No broker answers' },
  },
  getDrift: {
    answers: { 200: { description: 'What differs', schema: driftSchema } },
    problems: { ...noService, 503: 'No broker answers' },
  },
  describeService: { answers: { 200: { description: 'The service', schema: descriptionSchema } }, problems: noService },
  listConfigs: { answers: { 200: { description: 'Ids, newest first', schema: namesSchema } }, problems: noService },
  getTargetConfigId: { answers: { 200: { description: 'The id', schema: namesSchema } }, problems: noService },
  getTargetConfig: {
    answers: { 200: { description: 'The configuration', schema: configSchema } },
    problems: noService,
  },
  getConfig: {
    answers: { 200: { description: 'The configuration', schema: configSchema } },
    problems: { 400: 'The id is no UUID', 404: 'There is no such service or configuration' },
  },
  getHealth: {
    query: healthQuerySchema,
    answers: healthAnswers(healthSchema),
    problems: { 400: 'The query has another value or name', ...noService },
  },
  getDeploymentHealth: { answers: healthAnswers(deploymentHealthSchema), problems: {} },
  getFrameworkId: { answers: { 200: { description: 'The id', schema: namesSchema } }, problems: noService },
  listStateProperties: {
    answers: { 200: { description: 'Names of the facts', schema: namesSchema } },
    problems: noService,
  },
  getStateProperty: {
    answers: { 200: { description: 'The fact', schema: statePropertySchema } },
    problems: { 404: 'There is no such service or fact' },
  },
  listTaskZones: { answers: { 200: { description: 'The zones', schema: taskZonesSchema } }, problems: noService },
  getTaskZone: {
    answers: { 200: { description: 'The zone', schema: zoneSchema } },
    problems: { 404: 'There is no such service or placed task' },
  },
  getAddressZone: {
    answers: { 200: { description: 'The zone', schema: zoneSchema } },
    problems: { 404: 'There is no such service, or no such pod at this address' },
  },
  ...truthSchemas,
  ...hostSchemas,
  listStateFiles: notDone,
  getStateFile: notDone,
  putStateFile: notDone,
  refreshState: notDone,
  allowDestroy: {
    answers: { 200: { description: 'cdk destroy is allowed', schema: protectionSchema } },
    problems: { 409: 'Services exist, or it is forbidden at the same moment' },
  },
  forbidDestroy: {
    answers: { 200: { description: 'cdk destroy is refused', schema: protectionSchema } },
    problems: { 409: 'It is allowed again and again at the same moment' },
  },
  getOpenApi: { answers: { 200: { description: 'The document', schema: z.looseObject({}) } }, problems: {} },
};
