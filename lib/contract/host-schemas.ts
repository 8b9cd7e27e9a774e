import * as z from 'zod';
import { alreadySo, commandAnswerSchema } from './command-schemas.ts';
import { fenceQuerySchema, noQuerySchema } from './request-schemas.ts';
import type { Operation } from './route.ts';
import type { OperationSchemas } from './schemas-of-operation.ts';

const hostedNodeSchema = z
  .object({
    service: z.string(),
    pod: z.string(),
    life: z.enum(['alive', 'dead', 'unknown']).meta({
      description: 'As ECS shows its task; while the agent is out of touch, as Kafka says.',
    }),
  })
  .meta({ id: 'HostedNode' });

const fenceSchema = z
  .object({
    requestedBy: z.string().meta({ description: 'Name of the token; `warden` when nobody asked.' }),
    requestedAt: z.iso.datetime(),
    force: z.boolean(),
    why: z.string(),
    refused: z
      .object({ at: z.iso.datetime(), why: z.string().meta({ description: "In EC2's words." }) })
      .optional()
      .meta({
        description: 'EC2 refused to terminate the host when it was asked last. It is asked again every five minutes.',
      }),
  })
  .meta({ id: 'Fence', description: 'The host is being terminated.' });

const hostSchema = z
  .object({
    instanceId: z.string(),
    zone: z.string(),
    status: z.string().meta({
      description: 'As ECS says it; `stopped` and `terminated` as EC2 does; `unknown` until a sweep has looked.',
    }),
    agent: z.enum(['connected', 'out of touch', 'unknown']),
    since: z.iso.datetime().optional().meta({ description: 'Since when it is out of touch, stopped or terminated.' }),
    nodes: z.array(hostedNodeSchema),
    fence: fenceSchema.optional(),
  })
  .meta({ id: 'Host' });

/** The hosts that nodes of services are on, as the newest sweep saw them. */
export const hostsSchema = z.object({ hosts: z.array(hostSchema) }).meta({ id: 'Hosts' });

export type HostsDocument = z.infer<typeof hostsSchema>;

const saidBefore = { ...alreadySo, description: 'It was said before, or the host has ended: nothing was done' };

/** Schemas of the operations about hosts. */
export const hostSchemas = {
  listHosts: {
    query: noQuerySchema,
    answers: { 200: { description: 'The hosts', schema: hostsSchema } },
    problems: { 400: 'There is a query' },
  },
  fenceHost: {
    query: fenceQuerySchema,
    answers: { 202: { description: 'It is being terminated', schema: commandAnswerSchema }, 208: saidBefore },
    problems: {
      400: 'The query has another value or name',
      404: 'No node of any service is on such a host',
      409: 'Nodes live on it and its agent is in touch; `force=true` ends it all the same',
    },
  },
} as const satisfies Partial<Record<Operation, OperationSchemas>>;
