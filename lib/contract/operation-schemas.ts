import * as z from 'zod';
import { connectionSchema, endpointSchema } from './endpoint-schema.ts';
import { namesSchema } from './names-schema.ts';
import { planInBlocksSchema, planSchema } from './plan-schema.ts';
import type { Operation } from './routes.ts';
import {
  descriptionSchema,
  installAnswerSchema,
  installRequestSchema,
  serviceListSchema,
  serviceSchema,
  uninstallAnswerSchema,
  uninstallQuerySchema,
} from './service-schema.ts';

/** What an operation takes and answers. Path parameters follow from the path. */
export interface OperationSchemas {
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** The answers that are no problem documents, by status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Statuses of the problem documents, besides 401, 403 and 500. */
  readonly problems: Readonly<Record<number, string>>;
}

export interface Answer {
  readonly description: string;
  readonly schema: z.ZodType;
  /** Whether the answer has a Location header, with the plan's path. */
  readonly location?: boolean;
}

const noService = { 404: 'There is no such service' };

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
      409: 'The name or a port is taken',
      413: 'The body is larger than 256 KiB',
    },
  },
  getService: { answers: { 200: { description: 'The service', schema: serviceSchema } }, problems: noService },
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
    answers: {
      200: { description: 'The plan is complete', schema: planInBlocksSchema },
      503: { description: 'The plan is not complete', schema: planInBlocksSchema },
    },
    problems: noService,
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
  describeService: { answers: { 200: { description: 'The service', schema: descriptionSchema } }, problems: noService },
  getOpenApi: { answers: { 200: { description: 'The document', schema: z.looseObject({}) } }, problems: {} },
};
