import * as z from 'zod';
import type { PodTaskStatus } from '../model/pod-view.ts';
import { namesSchema } from './names-schema.ts';
import {
  noQuerySchema,
  pauseBodySchema,
  pauseQuerySchema,
  replacePodQuerySchema,
  replaceQuerySchema,
  taskNamesSchema,
} from './request-schemas.ts';
import type { Operation } from './route.ts';
import { noService, type OperationSchemas } from './schemas-of-operation.ts';

const statuses = [
  'STAGING',
  'STARTING',
  'RUNNING',
  'KILLING',
  'KILLED',
  'FINISHED',
  'FAILED',
  'LOST',
  'PAUSING',
  'PAUSED',
] as const satisfies readonly PodTaskStatus[];

const taskStatusSchema = z.enum(statuses).meta({
  id: 'TaskStatus',
  description: 'In the words of Mesos. PAUSING: an operator has paused it, and it is not down yet.',
});

const podSchema = z
  .object({
    name: z.string().meta({ example: 'kafka-0' }),
    tasks: z.array(
      z.object({
        id: z.string().optional().meta({ example: 'kafka-0-broker__8f0c1f0d6f0a4c0b9f6d7b1c2d3e4f50' }),
        name: z.string().meta({ example: 'kafka-0-broker' }),
        status: taskStatusSchema.optional().meta({ description: 'Absent until its first start.' }),
      }),
    ),
  })
  .meta({ id: 'Pod' });

/** All pods by type. */
export const podsSchema = z
  .object({ service: z.string(), pods: z.array(z.object({ name: z.string(), instances: z.array(podSchema) })) })
  .meta({ id: 'Pods' });

/** One pod. */
export const podStatusSchema = podSchema;

const text = () => z.string().optional();

/** What is known of the task of a pod. */
export const podInfoSchema = z
  .array(
    z.object({
      info: z.object({
        ...{ name: z.string(), taskId: text(), taskArn: text(), attempt: z.int() },
        ...{ configId: text(), instanceId: text(), address: text(), zone: text(), volumeId: text() },
        pausedBy: text().meta({ description: 'Who has paused it.' }),
        restartAskedBy: text().meta({ description: 'Who asked for a restart that is not done.' }),
        replacementAskedBy: text().meta({ description: 'Who asked for a replacement that is not decided.' }),
        waitsFor: text().meta({
          description: 'What the restart, the replacement or the pause waits for before it stops the task.',
        }),
      }),
      status: z.object({
        ...{ state: taskStatusSchema.optional(), lastStatus: text(), desiredStatus: text() },
        ...{ stopCode: text(), stoppedReason: text(), exitCode: z.int().optional() },
      }),
    }),
  )
  .meta({ id: 'PodInfo' });

/** The answer to a command on a pod. */
export const podCommandAnswerSchema = z
  .object({ pod: z.string(), tasks: z.array(z.string()) })
  .meta({ id: 'PodCommandAnswer', example: { pod: 'kafka-0', tasks: ['kafka-0-broker'] } });

export type PodsAnswer = z.infer<typeof podsSchema>;
export type PodCommandAnswer = z.infer<typeof podCommandAnswerSchema>;

const noPod = { 404: 'There is no such service or pod' };
const cannot = { 409: 'The service is being uninstalled, or the pod was never started' };
const noted = { 200: { description: 'It is noted, or so already', schema: podCommandAnswerSchema } };

/** Schemas of the operations on pods and single brokers. */
export const podSchemas = {
  listPods: { answers: { 200: { description: 'Names of pods', schema: namesSchema } }, problems: noService },
  getPodsStatus: { answers: { 200: { description: 'All pods', schema: podsSchema } }, problems: noService },
  getPodStatus: { answers: { 200: { description: 'The pod', schema: podStatusSchema } }, problems: noPod },
  getPodInfo: { answers: { 200: { description: 'Its task', schema: podInfoSchema } }, problems: noPod },
  restartPod: {
    query: noQuerySchema,
    answers: noted,
    problems: { 400: 'There is a query', ...noPod, ...cannot },
  },
  replacePod: {
    query: replacePodQuerySchema,
    answers: noted,
    problems: {
      400: 'The query is none of a replacement',
      ...noPod,
      409: `${cannot[409]}; or the only controller was to give up its volume`,
    },
  },
  pausePod: {
    query: pauseQuerySchema,
    body: pauseBodySchema,
    answers: noted,
    problems: { 400: 'The body is no list of tasks of the pod, or the deadline is none or past', ...noPod, ...cannot },
  },
  resumePod: {
    query: noQuerySchema,
    body: taskNamesSchema,
    answers: noted,
    problems: { 400: 'The body is no list of tasks of the pod, or there is a query', ...noPod, ...cannot },
  },
  restartBroker: {
    query: replaceQuerySchema,
    answers: {
      200: { description: 'It is noted: ids of the tasks that are restarted or replaced', schema: namesSchema },
    },
    problems: {
      400: 'A query that is not known',
      404: 'There is no such service or broker',
      ...cannot,
    },
  },
} as const satisfies Partial<Record<Operation, OperationSchemas>>;
